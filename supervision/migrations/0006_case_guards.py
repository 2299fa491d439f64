"""What the database itself keeps about complaints and cases.

Events come in one order and are never backdated. Nothing is decided before notice was given and the respondent was
heard or the time for it passed; nobody decides who reported, who is of the respondent, or who decided before; nothing
is in force that was not published. What was told stays as it was told.
"""

from django.db import migrations

from core.append_only import append_only

COLUMNS = """
CREATE FUNCTION guard_complaint() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(OLD) - '{state,due_at}'::text[] <> to_jsonb(NEW) - '{state,due_at}'::text[] THEN
    RAISE EXCEPTION 'complaint % stays as it was told', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_complaint BEFORE UPDATE OR DELETE ON supervision_complaint
  FOR EACH ROW EXECUTE FUNCTION guard_complaint();
CREATE FUNCTION guard_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE follows text[] := '{state,due_at,measure,decided_at,published_at}';
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(OLD) - follows <> to_jsonb(NEW) - follows
     OR (OLD.published_at IS NOT NULL AND NEW.published_at IS DISTINCT FROM OLD.published_at) THEN
    RAISE EXCEPTION 'case % stays as it was opened', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_case BEFORE UPDATE OR DELETE ON supervision_case
  FOR EACH ROW EXECUTE FUNCTION guard_case();
"""
COLUMNS_BACK = """
DROP TRIGGER guard_case ON supervision_case; DROP FUNCTION guard_case();
DROP TRIGGER guard_complaint ON supervision_complaint; DROP FUNCTION guard_complaint();
"""
ORDER = """
CREATE FUNCTION guard_complaint_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last supervision_complaintevent; decided supervision_complaintevent; subject bigint;
BEGIN
  SELECT * INTO last FROM supervision_complaintevent WHERE complaint_id = NEW.complaint_id ORDER BY seq DESC LIMIT 1;
  IF NEW.seq <> coalesce(last.seq, 0) + 1 OR NEW.at < last.at OR (NEW.kind = 'filed') <> (NEW.seq = 1) THEN
    RAISE EXCEPTION 'complaint %: out of order', NEW.complaint_id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind IN ('accepted', 'rejected', 'transferred', 'decided', 'review_decided', 'malicious') THEN
    SELECT subject_id INTO subject FROM supervision_complaint WHERE id = NEW.complaint_id;
    IF NEW.by_user_id IS NULL OR NEW.by_org_id = subject OR EXISTS (SELECT FROM accounts_membership
        WHERE user_id = NEW.by_user_id AND organisation_id = subject) THEN
      RAISE EXCEPTION 'complaint %: nobody decides their own matter', NEW.complaint_id
        USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  SELECT * INTO decided FROM supervision_complaintevent
    WHERE complaint_id = NEW.complaint_id AND kind IN ('rejected', 'decided') ORDER BY seq DESC LIMIT 1;
  IF NEW.kind = 'review_decided' AND (decided.seq IS NULL OR decided.by_user_id = NEW.by_user_id) THEN
    RAISE EXCEPTION 'complaint %: somebody else reviews', NEW.complaint_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_complaint_event BEFORE INSERT ON supervision_complaintevent
  FOR EACH ROW EXECUTE FUNCTION guard_complaint_event();
CREATE FUNCTION guard_case_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  matter supervision_case; last supervision_caseevent; notice supervision_caseevent; proposed supervision_caseevent;
BEGIN
  SELECT * INTO matter FROM supervision_case WHERE id = NEW.case_id;
  SELECT * INTO last FROM supervision_caseevent WHERE case_id = NEW.case_id ORDER BY seq DESC LIMIT 1;
  IF NEW.seq <> coalesce(last.seq, 0) + 1 OR NEW.at < last.at OR (NEW.kind = 'opened') <> (NEW.seq = 1) THEN
    RAISE EXCEPTION 'case %: out of order', NEW.case_id USING ERRCODE = 'check_violation';
  END IF;
  SELECT * INTO notice FROM supervision_caseevent
    WHERE case_id = NEW.case_id AND kind = 'noticed' ORDER BY seq DESC LIMIT 1;
  SELECT * INTO proposed FROM supervision_caseevent
    WHERE case_id = NEW.case_id AND kind = 'proposed' AND seq > notice.seq ORDER BY seq DESC LIMIT 1;
  IF NEW.kind IN ('dropped', 'proposed', 'sent_back', 'decided', 'review_decided') AND (
      NEW.by_user_id IS NULL OR NEW.by_user_id = matter.opened_user_id OR NEW.by_org_id = matter.subject_id
      OR EXISTS (SELECT FROM accounts_membership
                 WHERE user_id = NEW.by_user_id AND organisation_id = matter.subject_id)
      OR EXISTS (SELECT FROM supervision_relation
                 WHERE user_id = NEW.by_user_id AND organisation_id = matter.subject_id)) THEN
    RAISE EXCEPTION 'case %: nobody decides their own case', NEW.case_id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind IN ('proposed', 'decided') AND (notice.seq IS NULL OR NOT (NEW.at >= notice.until OR EXISTS (
      SELECT FROM supervision_caseevent
      WHERE case_id = NEW.case_id AND kind IN ('defended', 'waived') AND seq > notice.seq))) THEN
    RAISE EXCEPTION 'case %: no decision before notice and defence', NEW.case_id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind = 'decided' AND (proposed.by_user_id = NEW.by_user_id
      OR (NEW.data->>'measure' IN ('suspension', 'removal') AND proposed.seq IS NULL)) THEN
    RAISE EXCEPTION 'case %: a second person decides', NEW.case_id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind = 'review_decided' AND EXISTS (SELECT FROM supervision_caseevent WHERE case_id = NEW.case_id
      AND kind IN ('proposed', 'decided') AND by_user_id = NEW.by_user_id) THEN
    RAISE EXCEPTION 'case %: somebody else reviews', NEW.case_id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind = 'published' AND NOT EXISTS (
      SELECT FROM supervision_caseevent WHERE case_id = NEW.case_id AND kind = 'decided') THEN
    RAISE EXCEPTION 'case %: nothing decided to publish', NEW.case_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_case_event BEFORE INSERT ON supervision_caseevent
  FOR EACH ROW EXECUTE FUNCTION guard_case_event();
CREATE FUNCTION guard_measure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM supervision_caseevent WHERE case_id = NEW.case_id AND kind = 'published')
     OR EXISTS (SELECT FROM supervision_measure one WHERE one.case_id = NEW.case_id
                AND NOT EXISTS (SELECT FROM supervision_measureend WHERE measure_id = one.id)) THEN
    RAISE EXCEPTION 'case %: a measure follows a published decision, one at a time', NEW.case_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_measure BEFORE INSERT ON supervision_measure
  FOR EACH ROW EXECUTE FUNCTION guard_measure();
"""
ORDER_BACK = """
DROP TRIGGER guard_measure ON supervision_measure; DROP FUNCTION guard_measure();
DROP TRIGGER guard_case_event ON supervision_caseevent; DROP FUNCTION guard_case_event();
DROP TRIGGER guard_complaint_event ON supervision_complaintevent; DROP FUNCTION guard_complaint_event();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0005_cases")]
    operations = [
        migrations.RunSQL(COLUMNS, COLUMNS_BACK),
        migrations.RunSQL(ORDER, ORDER_BACK),
        *[
            append_only(f"supervision_{table}")
            for table in (
                "caseevent",
                "casefile",
                "measure",
                "measureend",
                "complaintevent",
                "complaintfile",
                "sealedidentity",
                "relation",
            )
        ],
    ]
