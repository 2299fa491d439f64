"""A winner that was restricted before it was bound is passed over; the database itself lets no restricted one confirm."""

from django.db import migrations, models

GUARD = """
CREATE FUNCTION winner_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM agencies_restriction r WHERE r.agency_id = NEW.agency_id
        AND r.kind IN ('suspended', 'restricted', 'removed')
        AND r.starts_at <= NEW.outcome_at AND r.ends_at > NEW.outcome_at
        AND (r.lifted_at IS NULL OR r.lifted_at > NEW.outcome_at)
    ) THEN
        RAISE EXCEPTION 'the winner of award % is restricted', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER winner_is_free BEFORE UPDATE OF outcome ON bidding_award FOR EACH ROW
WHEN (NEW.outcome = 'confirmed' AND OLD.outcome <> 'confirmed') EXECUTE FUNCTION winner_is_free();
"""


class Migration(migrations.Migration):
    dependencies = [("bidding", "0005_signing_key"), ("agencies", "0003_restrictions_kept")]

    operations = [
        migrations.RemoveConstraint(model_name="award", name="one_standing_award_per_need"),
        migrations.AlterField(
            model_name="award",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("pending", "待确认"),
                    ("confirmed", "已确认"),
                    ("declined", "已放弃"),
                    ("barred", "因受限未能承接"),
                ],
                default="pending",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome__in", ["declined", "barred"]), _negated=True),
                fields=("need",),
                name="one_standing_award_per_need",
            ),
        ),
        migrations.RunSQL(GUARD, "DROP TRIGGER winner_is_free ON bidding_award; DROP FUNCTION winner_is_free()"),
    ]
