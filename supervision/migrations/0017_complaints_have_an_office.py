"""The regulator that answers for a complaint, and its officer: both follow from the events, like the state."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION guard_complaint() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE follows text[] := '{%s}';
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(OLD) - follows <> to_jsonb(NEW) - follows THEN
    RAISE EXCEPTION 'complaint %% stays as it was told', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0016_stops_end_by_themselves"),
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="office",
            field=models.ForeignKey(
                help_text="the regulator that answers for it",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="officer",
            field=models.ForeignKey(
                help_text="its person there",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(GUARD % "state,due_at,office_id,officer_id", GUARD % "state,due_at"),
    ]
