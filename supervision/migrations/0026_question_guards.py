"""What the database itself keeps about questions: what was asked and of whom stays, events come in one order, each
question is answered once, goes up the line once, and is answered again by somebody else.
"""

from django.db import migrations

from core.append_only import append_only

GUARDS = """
CREATE FUNCTION guard_question() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE follows text[] := '{state,officer_id,due_at}';
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(OLD) - follows <> to_jsonb(NEW) - follows THEN
    RAISE EXCEPTION 'question % stays as it was asked', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_question BEFORE UPDATE OR DELETE ON supervision_question
  FOR EACH ROW EXECUTE FUNCTION guard_question();
CREATE TRIGGER question_whole BEFORE TRUNCATE ON supervision_question
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION guard_question_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before supervision_questionevent; answered supervision_questionevent;
BEGIN
  SELECT * INTO before FROM supervision_questionevent WHERE question_id = NEW.question_id ORDER BY seq DESC LIMIT 1;
  SELECT * INTO answered FROM supervision_questionevent WHERE question_id = NEW.question_id AND kind = 'answered';
  IF NEW.seq <> COALESCE(before.seq, 0) + 1 OR NEW.at < before.at OR (NEW.kind = 'asked') <> (before.seq IS NULL) THEN
    RAISE EXCEPTION 'question %: events come in one order', NEW.question_id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind IN ('answered', 'unsatisfied', 'answered_again', 'satisfied') AND EXISTS (
       SELECT FROM supervision_questionevent WHERE question_id = NEW.question_id AND kind = NEW.kind)
     OR NEW.kind IN ('unsatisfied', 'satisfied') AND answered.seq IS NULL
     OR NEW.kind = 'passed' AND NEW.text = ''
     OR NEW.kind = 'answered_again' AND (before.kind NOT IN ('unsatisfied', 'passed') OR answered.seq IS NULL
          OR NEW.by_user_id IS NULL OR NEW.by_user_id = answered.by_user_id) THEN
    RAISE EXCEPTION 'question %: answered once, and once more by somebody else', NEW.question_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_question_event BEFORE INSERT ON supervision_questionevent
  FOR EACH ROW EXECUTE FUNCTION guard_question_event();
"""
BACK = """
DROP TRIGGER guard_question_event ON supervision_questionevent; DROP FUNCTION guard_question_event();
DROP TRIGGER question_whole ON supervision_question;
DROP TRIGGER guard_question ON supervision_question; DROP FUNCTION guard_question();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0025_questions")]
    operations = [append_only("supervision_questionevent"), migrations.RunSQL(GUARDS, BACK)]
