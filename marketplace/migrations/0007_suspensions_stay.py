"""That a need was held, by what, and until when at the latest stays as it was ordered; it is lifted once."""

from django.db import migrations

GUARD = """
CREATE FUNCTION suspension_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(OLD) - 'lifted_at' <> to_jsonb(NEW) - 'lifted_at'
     OR (OLD.lifted_at IS NOT NULL AND NEW.lifted_at IS DISTINCT FROM OLD.lifted_at)
     OR NEW.lifted_at < NEW.starts_at THEN
    RAISE EXCEPTION 'suspension % stays as it was ordered', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER suspension_stays BEFORE UPDATE OR DELETE ON marketplace_suspension
  FOR EACH ROW EXECUTE FUNCTION suspension_stays();
CREATE TRIGGER suspension_whole BEFORE TRUNCATE ON marketplace_suspension
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
BACK = """
DROP TRIGGER suspension_whole ON marketplace_suspension;
DROP TRIGGER suspension_stays ON marketplace_suspension; DROP FUNCTION suspension_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0006_answers_by_another_end")]
    operations = [migrations.RunSQL(GUARD, BACK)]
