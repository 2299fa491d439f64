"""Ends that move are kept where they are enforced, and rights are told from duties.

A step that is a right earns no card. An end told as somebody's right never comes earlier. Nothing is decided before
the time for a defence is over as it stands, moved ends included. A result that waits to be published may get more time.
"""

from django.db import migrations, models

from core.append_only import append_only

MOVED = """
CREATE FUNCTION moved_end(kind_ text, reference_ text, told timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT until FROM supervision_movedend WHERE kind = kind_ AND reference = reference_
                   ORDER BY id DESC LIMIT 1), told)
$$;
CREATE FUNCTION told_end(kind_ text, reference_ text) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE place text[] := string_to_array(reference_, ':');
BEGIN
  RETURN CASE place[1]
    WHEN 'case' THEN (SELECT until FROM supervision_caseevent
                      WHERE case_id = place[2]::bigint AND seq = place[3]::int)
    WHEN 'listing' THEN (SELECT until FROM supervision_listingevent
                         WHERE listing_id = place[2]::bigint AND seq = place[3]::int)
    WHEN 'complaint' THEN (
      SELECT CASE WHEN kind_ = 'complaint.reply' THEN (data->>'reply_until')::timestamptz ELSE until END
      FROM supervision_complaintevent WHERE complaint_id = place[2]::bigint AND seq = place[3]::int)
  END;
END $$;
CREATE FUNCTION rights_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind ~ '[.](defence|reply|complete|ask_review)$'
     AND NEW.until < moved_end(NEW.kind, NEW.reference, told_end(NEW.kind, NEW.reference)) THEN
    RAISE EXCEPTION 'the time for % is never shortened', NEW.kind USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER rights_stay BEFORE INSERT ON supervision_movedend FOR EACH ROW EXECUTE FUNCTION rights_stay();
CREATE FUNCTION card_for_duty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM supervision_step one WHERE one.id = NEW.step_id AND one."right") THEN
    RAISE EXCEPTION 'a right lapses, it earns no card' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER card_for_duty BEFORE INSERT ON supervision_card FOR EACH ROW EXECUTE FUNCTION card_for_duty();
"""
MOVED_BACK = """
DROP TRIGGER card_for_duty ON supervision_card; DROP FUNCTION card_for_duty();
DROP TRIGGER rights_stay ON supervision_movedend; DROP FUNCTION rights_stay();
DROP FUNCTION told_end(text, text); DROP FUNCTION moved_end(text, text, timestamptz);
"""
# (function, what it says, what it says from now on)
CHANGES = (
    (
        "guard_case_event",
        "NEW.at >= notice.until",
        "NEW.at >= moved_end('case.defence', 'case:' || NEW.case_id || ':' || notice.seq, notice.until)",
    ),
    (
        "keep_listing_order",
        "noticed.until <= NEW.at",
        "moved_end('listing.defence', 'listing:' || NEW.listing_id || ':' || noticed.seq, noticed.until) <= NEW.at",
    ),
    (
        "inspection_stays",
        """(OLD.outcome, OLD.summary, OLD.concluded_at, OLD.publish_by)
       IS DISTINCT FROM (NEW.outcome, NEW.summary, NEW.concluded_at, NEW.publish_by)""",
        """(OLD.outcome, OLD.summary, OLD.concluded_at)
       IS DISTINCT FROM (NEW.outcome, NEW.summary, NEW.concluded_at)""",
    ),
    (
        "inspection_stays",
        "OLD.published_at IS DISTINCT FROM NEW.published_at",
        "(OLD.published_at, OLD.publish_by) IS DISTINCT FROM (NEW.published_at, NEW.publish_by)",
    ),
)


def saying(function: str, was: str, now: str) -> str:
    """A guard with one condition said otherwise; it fails where the guard does not say what it should have said."""
    return f"""
DO $do$ DECLARE source text := pg_get_functiondef('{function}'::regproc);
BEGIN
  IF position($was${was}$was$ IN source) = 0 THEN RAISE EXCEPTION '{function} is another'; END IF;
  EXECUTE replace(source, $was${was}$was$, $now${now}$now$);
END $do$;
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0018_posts_have_a_phone")]
    operations = [
        migrations.AddField(
            "case",
            "limits_ref",
            models.CharField(default="", help_text="its limits; empty: in force when it was opened", max_length=40),
        ),
        migrations.AddField(
            "step",
            "counted_from",
            models.DateTimeField(help_text="what the limit runs from, where that is not the start", null=True),
        ),
        migrations.AddField(
            "step",
            "right",
            models.BooleanField(default=False, help_text="the owner may, but need not: no card, it lapses"),
        ),
        migrations.AddField(
            "step",
            "reminded_at",
            models.DateTimeField(help_text="when the owner of a right was reminded of its end", null=True),
        ),
        migrations.CreateModel(
            name="MovedEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("reference", models.CharField(max_length=80)),
                ("until", models.DateTimeField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["reference", "kind"], name="moved_end_of")],
            },
        ),
        append_only("supervision_movedend"),
        migrations.RunSQL(MOVED, MOVED_BACK),
        *(migrations.RunSQL(saying(name, was, now), saying(name, now, was)) for name, was, now in CHANGES),
    ]
