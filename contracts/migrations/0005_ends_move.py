"""The time to answer a proposed change or end of a contract moves with the clock; what was proposed stays.

For an end it never gets shorter: there silence is an answer.
"""

from django.db import migrations

from core.append_only import append_only

TABLES = ("contracts_amendment", "contracts_termination")
FUNCTION = """
CREATE FUNCTION contracts_ends_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(OLD) - 'answer_by' <> to_jsonb(NEW) - 'answer_by'
     OR (TG_TABLE_NAME = 'contracts_termination' AND NEW.answer_by < OLD.answer_by) THEN
    RAISE EXCEPTION 'table % is append-only but for its end', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
GUARD = """
DROP TRIGGER {0}_append_only ON {0};
CREATE TRIGGER {0}_append_only BEFORE DELETE OR TRUNCATE ON {0} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {0}_ends_move BEFORE UPDATE ON {0} FOR EACH ROW EXECUTE FUNCTION contracts_ends_move();
"""
BACK = "DROP TRIGGER {0}_ends_move ON {0}; DROP TRIGGER {0}_append_only ON {0};"


class Migration(migrations.Migration):
    dependencies = [("contracts", "0004_endings")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION contracts_ends_move()"),
        *(migrations.RunSQL(GUARD.format(table), [BACK.format(table), *append_only(table).sql]) for table in TABLES),
    ]
