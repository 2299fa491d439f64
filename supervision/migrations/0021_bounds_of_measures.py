"""What the database itself keeps about decisions: bounds of measures, who reviews, and that clocks are not rewritten.

Nothing is proposed or decided heavier than was announced, nothing decided by two heavier than proposed or without a
regulator, no review makes it heavier, nothing is in force longer than what is left of its term. A proposal that was
sent back is none any more. Nobody who belongs or is tied to an agency has a say about listing it, and a review is
somebody else's. Stops and imports stay as written; a step follows its room, but stays the one it was.
"""

from django.db import migrations

MEASURES = """
CREATE FUNCTION measure_weight(measure text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT array_position(ARRAY['reminder', 'warning', 'suspension', 'removal'], measure)
$$;
CREATE FUNCTION measure_within(one jsonb, other jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT COALESCE(measure_weight(one->>'measure') < measure_weight(other->>'measure')
    OR (one->>'measure' = other->>'measure' AND (one->>'days')::int <= (other->>'days')::int), false)
$$;
CREATE FUNCTION guard_case_measure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  notice supervision_caseevent; proposed supervision_caseevent; decided supervision_caseevent; kinds text[];
  served interval;
BEGIN
  SELECT * INTO notice FROM supervision_caseevent
    WHERE case_id = NEW.case_id AND kind = 'noticed' ORDER BY seq DESC LIMIT 1;
  SELECT * INTO proposed FROM supervision_caseevent
    WHERE case_id = NEW.case_id AND kind IN ('proposed', 'sent_back') AND seq > notice.seq ORDER BY seq DESC LIMIT 1;
  SELECT * INTO decided FROM supervision_caseevent WHERE case_id = NEW.case_id
    AND (kind = 'decided' OR kind = 'review_decided' AND data->>'outcome' = 'changed') ORDER BY seq DESC LIMIT 1;
  IF NEW.kind IN ('proposed', 'decided') AND NOT measure_within(NEW.data, notice.data) THEN
    RAISE EXCEPTION 'case %: heavier than was announced', NEW.case_id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind = 'decided' AND NEW.data->>'measure' IN ('suspension', 'removal') THEN
    SELECT array_agg(kind) INTO kinds FROM accounts_organisation WHERE id IN (proposed.by_org_id, NEW.by_org_id);
    IF proposed.kind IS DISTINCT FROM 'proposed' OR NOT measure_within(NEW.data, proposed.data)
       OR NOT COALESCE('regulator' = ANY (kinds), false) THEN
      RAISE EXCEPTION 'case %: two decide, one of a regulator, nothing heavier than proposed', NEW.case_id
        USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF NEW.kind = 'review_decided' AND NEW.data->>'outcome' = 'changed' AND NOT measure_within(NEW.data, decided.data) THEN
    RAISE EXCEPTION 'case %: a review only reduces', NEW.case_id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind = 'enforced' THEN
    SELECT COALESCE(sum(least(e.until, COALESCE((SELECT min(x.at) FROM supervision_caseevent x
        WHERE x.case_id = e.case_id AND x.seq > e.seq AND x.kind IN ('review_asked', 'lifted', 'ended')), NEW.at)) - e.at),
        interval '0') INTO served
      FROM supervision_caseevent e WHERE e.case_id = NEW.case_id AND e.kind = 'enforced';
    IF decided.seq IS NULL OR NEW.until IS NULL
       OR extract(epoch FROM NEW.until - NEW.at) > (decided.data->>'days')::int * 86400 - extract(epoch FROM served) THEN
      RAISE EXCEPTION 'case %: longer than what is left of the term', NEW.case_id USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_case_measure BEFORE INSERT ON supervision_caseevent
  FOR EACH ROW EXECUTE FUNCTION guard_case_measure();
"""
MEASURES_BACK = """
DROP TRIGGER guard_case_measure ON supervision_caseevent; DROP FUNCTION guard_case_measure();
DROP FUNCTION measure_within(jsonb, jsonb); DROP FUNCTION measure_weight(text);
"""
# Who proposed something that was sent back may decide something else alone.
SENT_BACK = """
DO $do$ DECLARE source text := pg_get_functiondef('guard_case_event'::regproc);
  was text := '%s'; now text := '%s';
BEGIN
  IF position(was IN source) = 0 THEN RAISE EXCEPTION 'guard_case_event is another'; END IF;
  EXECUTE replace(source, was, now);
END $do$;
"""
ANY_PROPOSAL = "NEW.kind = ''decided'' AND (proposed.by_user_id = NEW.by_user_id"
STANDING_PROPOSAL = """NEW.kind = ''decided'' AND ((proposed.by_user_id = NEW.by_user_id AND NOT EXISTS (
        SELECT FROM supervision_caseevent WHERE case_id = NEW.case_id AND kind = ''sent_back'' AND seq > proposed.seq))"""
LISTINGS = """
CREATE FUNCTION listing_uninvolved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE subject bigint;
BEGIN
  SELECT subject_id INTO subject FROM supervision_listing WHERE id = NEW.listing_id;
  IF NEW.by_org_id = subject
     OR EXISTS (SELECT FROM accounts_membership WHERE user_id = NEW.by_user_id AND organisation_id = subject)
     OR EXISTS (SELECT FROM supervision_relation WHERE user_id = NEW.by_user_id AND organisation_id = subject) THEN
    RAISE EXCEPTION 'listing %: nobody decides their own matter', NEW.listing_id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind = 'review_decided' AND (NEW.by_user_id IS NULL OR EXISTS (SELECT FROM supervision_listingevent
      WHERE listing_id = NEW.listing_id AND kind IN ('proposed', 'listed') AND by_user_id = NEW.by_user_id)) THEN
    RAISE EXCEPTION 'listing %: somebody else reviews', NEW.listing_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER listing_uninvolved BEFORE INSERT ON supervision_listingevent FOR EACH ROW
  WHEN (NEW.kind IN ('proposed', 'noticed', 'dropped', 'listed', 'review_decided', 'corrected'))
  EXECUTE FUNCTION listing_uninvolved();
"""
LISTINGS_BACK = "DROP TRIGGER listing_uninvolved ON supervision_listingevent; DROP FUNCTION listing_uninvolved();"
CLOCKS = """
CREATE FUNCTION stop_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE follows text[] := '{confirmed_at,confirmed_by_id,refused_at,refused_reason,ends_at,ended_by_id,moved}';
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(OLD) - follows <> to_jsonb(NEW) - follows
     OR (OLD.confirmed_at IS NOT NULL
         AND (NEW.confirmed_at, NEW.confirmed_by_id) IS DISTINCT FROM (OLD.confirmed_at, OLD.confirmed_by_id))
     OR (OLD.refused_at IS NOT NULL
         AND (NEW.refused_at, NEW.refused_reason) IS DISTINCT FROM (OLD.refused_at, OLD.refused_reason))
     OR (OLD.ends_at IS NOT NULL AND (NEW.ends_at, NEW.ended_by_id) IS DISTINCT FROM (OLD.ends_at, OLD.ended_by_id))
     OR (OLD.moved AND NOT NEW.moved) OR NEW.confirmed_at < NEW.starts_at THEN
    RAISE EXCEPTION 'stop % stays as it was asked for', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stop_stays BEFORE UPDATE OR DELETE ON supervision_clockstop
  FOR EACH ROW EXECUTE FUNCTION stop_stays();
CREATE TRIGGER stop_whole BEFORE TRUNCATE ON supervision_clockstop
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION step_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.source, OLD.kind, OLD.reference, OLD.first_seen_at, OLD.rules_ref)
     IS DISTINCT FROM (NEW.source, NEW.kind, NEW.reference, NEW.first_seen_at, NEW.rules_ref) THEN
    RAISE EXCEPTION 'step % is the one it was', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER step_stays BEFORE UPDATE OR DELETE ON supervision_step FOR EACH ROW EXECUTE FUNCTION step_stays();
CREATE TRIGGER step_whole BEFORE TRUNCATE ON supervision_step
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION stop_not_backdated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.starts_at < (SELECT first_seen_at FROM supervision_step WHERE id = NEW.step_id)
     OR EXISTS (SELECT FROM supervision_clockstop WHERE step_id = NEW.step_id AND refused_at IS NULL
                AND NEW.starts_at < ends_at) THEN
    RAISE EXCEPTION 'a stop of step % begins when it is asked for', NEW.step_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stop_not_backdated BEFORE INSERT ON supervision_clockstop
  FOR EACH ROW EXECUTE FUNCTION stop_not_backdated();
"""
CLOCKS_BACK = """
DROP TRIGGER stop_not_backdated ON supervision_clockstop; DROP FUNCTION stop_not_backdated();
DROP TRIGGER step_whole ON supervision_step;
DROP TRIGGER step_stays ON supervision_step; DROP FUNCTION step_stays();
DROP TRIGGER stop_whole ON supervision_clockstop;
DROP TRIGGER stop_stays ON supervision_clockstop; DROP FUNCTION stop_stays();
"""
IMPORTS = """
CREATE FUNCTION import_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE follows text[] := '{state,rows,added,kept,gone,faults,trouble,settled_at}';
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'preview' OR to_jsonb(OLD) - follows <> to_jsonb(NEW) - follows THEN
    RAISE EXCEPTION 'import % stays as it was settled', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER import_stays BEFORE UPDATE OR DELETE ON supervision_listimport
  FOR EACH ROW EXECUTE FUNCTION import_stays();
CREATE TRIGGER import_whole BEFORE TRUNCATE ON supervision_listimport
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
IMPORTS_BACK = """
DROP TRIGGER import_whole ON supervision_listimport;
DROP TRIGGER import_stays ON supervision_listimport; DROP FUNCTION import_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0020_one_case_per_origin")]
    operations = [
        migrations.RunSQL(MEASURES, MEASURES_BACK),
        migrations.RunSQL(SENT_BACK % (ANY_PROPOSAL, STANDING_PROPOSAL), SENT_BACK % (STANDING_PROPOSAL, ANY_PROPOSAL)),
        migrations.RunSQL(LISTINGS, LISTINGS_BACK),
        migrations.RunSQL(CLOCKS, CLOCKS_BACK),
        migrations.RunSQL(IMPORTS, IMPORTS_BACK),
    ]
