"""What the database itself keeps about consultations, whoever writes.

None is shorter than the rules it names say, none is changed or made shorter; nothing is adopted before its end, by its
drafter, for the past, or while an opinion has no answer; nothing is said to a draft that is closed; opinions and
answers stay as they are.
"""

from django.db import migrations

from core.append_only import append_only

DRAFTS = """
CREATE FUNCTION consultation_long_enough() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE least int := (SELECT (parameters->>'least_days')::int FROM core_ruleset
  WHERE name = split_part(NEW.rules_ref, '@', 1) AND version = split_part(NEW.rules_ref, '@', 2)::int);
BEGIN
  IF least IS NULL OR NEW.closes_at < NEW.opened_at + least * interval '24 hours'
     OR NEW.adopted_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL THEN
    RAISE EXCEPTION 'consultation %: at least % days', NEW.number, least USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER consultation_long_enough BEFORE INSERT ON supervision_consultation
  FOR EACH ROW EXECUTE FUNCTION consultation_long_enough();
CREATE FUNCTION guard_consultation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  follows text[] := '{adopted_at,adopted_by_id,starts_at,adopted_version,withdrawn_at,withdrawn_by_id,withdrawal}';
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(OLD) - follows <> to_jsonb(NEW) - follows
     OR OLD.adopted_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL THEN
    RAISE EXCEPTION 'consultation % stays as it was put out', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.withdrawn_at IS NOT NULL AND (NEW.adopted_at IS NOT NULL OR NEW.withdrawn_by_id IS NULL
     OR NEW.withdrawal = '' OR NEW.withdrawn_at < NEW.opened_at) THEN
    RAISE EXCEPTION 'consultation %: somebody withdraws it, with reasons', NEW.number USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.adopted_at IS NOT NULL AND (
       NEW.adopted_at < NEW.closes_at OR NEW.adopted_by_id IS NULL OR NEW.adopted_by_id = NEW.drafted_by_id
       OR NEW.starts_at IS NULL OR NEW.starts_at < NEW.adopted_at
       OR (NEW.kind = 'parameters') <> (NEW.adopted_version IS NOT NULL)
       OR EXISTS (SELECT FROM supervision_opinion o WHERE o.consultation_id = NEW.id
                  AND NOT EXISTS (SELECT FROM supervision_opinionanswer a WHERE a.opinion_id = o.id))) THEN
    RAISE EXCEPTION 'consultation %: adopted after its end, by somebody else, once everything is answered', NEW.number
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_consultation BEFORE UPDATE OR DELETE ON supervision_consultation
  FOR EACH ROW EXECUTE FUNCTION guard_consultation();
CREATE TRIGGER consultation_whole BEFORE TRUNCATE ON supervision_consultation
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
DRAFTS_BACK = """
DROP TRIGGER consultation_whole ON supervision_consultation;
DROP TRIGGER guard_consultation ON supervision_consultation; DROP FUNCTION guard_consultation();
DROP TRIGGER consultation_long_enough ON supervision_consultation; DROP FUNCTION consultation_long_enough();
"""
OPINIONS = """
CREATE FUNCTION opinion_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM supervision_consultation WHERE id = NEW.consultation_id AND adopted_at IS NULL
                 AND withdrawn_at IS NULL AND NEW.at >= opened_at AND NEW.at < closes_at) THEN
    RAISE EXCEPTION 'consultation % is closed', NEW.consultation_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER opinion_in_time BEFORE INSERT ON supervision_opinion
  FOR EACH ROW EXECUTE FUNCTION opinion_in_time();
"""
OPINIONS_BACK = "DROP TRIGGER opinion_in_time ON supervision_opinion; DROP FUNCTION opinion_in_time();"


class Migration(migrations.Migration):
    dependencies = [("supervision", "0022_consultations")]
    operations = [
        append_only("supervision_opinion"),
        append_only("supervision_opinionanswer"),
        migrations.RunSQL(DRAFTS, DRAFTS_BACK),
        migrations.RunSQL(OPINIONS, OPINIONS_BACK),
    ]
