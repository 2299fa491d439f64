"""The ends of appeals and of regulators' ratings move with the clock; what was said does not, and no hearing is shortened.

A stop that was granted and a calendar that was announced move an end here, so that it is kept in one place.
"""

from django.db import migrations

from core.append_only import append_only

TABLES = ("ratings_appeal", "ratings_approvaluse")
FUNCTION = """
CREATE FUNCTION ratings_ends_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ends text[] := '{heard_by,decide_by,rate_by}'; was jsonb := to_jsonb(OLD); now_ jsonb := to_jsonb(NEW);
BEGIN
  IF was - ends <> now_ - ends OR (now_->>'heard_by')::timestamptz < (was->>'heard_by')::timestamptz THEN
    RAISE EXCEPTION 'table % is append-only but for its ends', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
GUARD = """
DROP TRIGGER {0}_append_only ON {0};
CREATE TRIGGER {0}_append_only BEFORE DELETE OR TRUNCATE ON {0} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {0}_ends_move BEFORE UPDATE ON {0} FOR EACH ROW EXECUTE FUNCTION ratings_ends_move();
"""
BACK = "DROP TRIGGER {0}_ends_move ON {0}; DROP TRIGGER {0}_append_only ON {0};"


class Migration(migrations.Migration):
    dependencies = [("ratings", "0007_quality_guards")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION ratings_ends_move()"),
        *(migrations.RunSQL(GUARD.format(table), [BACK.format(table), *append_only(table).sql]) for table in TABLES),
    ]
