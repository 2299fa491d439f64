"""Scores and decisions name the version of the rules they used, so no version is edited; and what was issued stays.

A paper gets its PDF when somebody first asks for it, once; until then its page may become more exact, as that of a row
which has no number before its paper has. Everything else about it is as it was issued.
"""

from django.db import migrations

from core.append_only import append_only

PAPER = """
CREATE FUNCTION paper_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(OLD) - '{pdf_id,page}'::text[] <> to_jsonb(NEW) - '{pdf_id,page}'::text[]
     OR (OLD.pdf_id IS NOT NULL AND (NEW.pdf_id IS DISTINCT FROM OLD.pdf_id OR NEW.page <> OLD.page))
     OR NOT starts_with(NEW.page, OLD.page) THEN
    RAISE EXCEPTION 'paper % stays as it was issued', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER paper_stays BEFORE UPDATE OR DELETE ON core_paper FOR EACH ROW EXECUTE FUNCTION paper_stays();
CREATE TRIGGER paper_whole BEFORE TRUNCATE ON core_paper FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
PAPER_BACK = """
DROP TRIGGER paper_whole ON core_paper; DROP TRIGGER paper_stays ON core_paper; DROP FUNCTION paper_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_clock_readings")]
    operations = [append_only("core_ruleset"), migrations.RunSQL(PAPER, PAPER_BACK)]
