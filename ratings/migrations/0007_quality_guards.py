"""What the database itself keeps about results sent back for their quality.

Reported by an approving department that is no side of the contract, answered by the agency in time, decided by a
regulator without a part in it after the hearing, and in the file only once confirmed, once for a contract.
"""

from django.db import migrations

from core.append_only import append_only

BELONGS = """
CREATE FUNCTION ratings_belongs(person bigint, bodies bigint[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM accounts_membership m WHERE m.user_id = person AND m.organisation_id = ANY (bodies))
$$;
"""
REPORT = """
CREATE FUNCTION ratings_quality_report() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE matter record; sides bigint[];
BEGIN
  SELECT c.buyer_id, c.supplier_id INTO matter FROM contracts_contract c WHERE c.id = NEW.contract_id;
  sides := ARRAY[matter.buyer_id, matter.supplier_id];
  IF NEW.by_org_id = ANY (sides) OR ratings_belongs(NEW.by_user_id, sides)
     OR NOT EXISTS (SELECT 1 FROM accounts_organisation o WHERE o.id = NEW.by_org_id AND o.kind = 'department') THEN
    RAISE EXCEPTION 'contract %: only an uninvolved department sends a result back', NEW.contract_id
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.heard_by IS NULL OR NEW.heard_by <= NEW.used_at OR NEW.decide_by IS NULL OR NEW.decide_by < NEW.heard_by THEN
    RAISE EXCEPTION 'contract %: the agency is heard first', NEW.contract_id USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM ratings_approvaluse u LEFT JOIN ratings_qualityverdict v ON v.use_id = u.id
             WHERE u.contract_id = NEW.contract_id AND u.outcome = 'rejected'
             AND (v.id IS NULL OR v.confirmed)) THEN
    RAISE EXCEPTION 'contract %: its quality was reported already', NEW.contract_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ratings_quality_report BEFORE INSERT ON ratings_approvaluse
  FOR EACH ROW WHEN (NEW.outcome = 'rejected') EXECUTE FUNCTION ratings_quality_report();
"""
ANSWER = """
CREATE FUNCTION ratings_quality_answer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE matter record;
BEGIN
  SELECT c.supplier_id, u.used_at, u.heard_by INTO matter FROM ratings_approvaluse u
    JOIN contracts_contract c ON c.id = u.contract_id WHERE u.id = NEW.use_id;
  IF NEW.by_org_id <> matter.supplier_id OR matter.heard_by IS NULL OR NEW.at < matter.used_at
     OR NEW.at >= matter.heard_by
     OR EXISTS (SELECT 1 FROM ratings_qualityverdict v WHERE v.use_id = NEW.use_id) THEN
    RAISE EXCEPTION 'use %: the agency answers, in time', NEW.use_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ratings_quality_answer BEFORE INSERT ON ratings_qualityanswer
  FOR EACH ROW EXECUTE FUNCTION ratings_quality_answer();
"""
VERDICT = """
CREATE FUNCTION ratings_quality_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE matter record; parties bigint[];
BEGIN
  SELECT c.buyer_id, c.supplier_id, u.by_org_id, u.by_user_id, u.contract_id, u.used_at, u.heard_by,
         EXISTS (SELECT 1 FROM ratings_qualityanswer a WHERE a.use_id = u.id) AS heard
    INTO matter FROM ratings_approvaluse u JOIN contracts_contract c ON c.id = u.contract_id WHERE u.id = NEW.use_id;
  parties := ARRAY[matter.buyer_id, matter.supplier_id, matter.by_org_id];
  IF NEW.by_user_id = matter.by_user_id OR NEW.by_org_id = ANY (parties) OR ratings_belongs(NEW.by_user_id, parties)
     OR NOT EXISTS (SELECT 1 FROM accounts_organisation o WHERE o.id = NEW.by_org_id AND o.kind = 'regulator') THEN
    RAISE EXCEPTION 'use % is decided by somebody involved', NEW.use_id USING ERRCODE = 'check_violation';
  END IF;
  IF matter.heard_by IS NULL OR NEW.contract_id <> matter.contract_id OR NEW.decided_at < matter.used_at
     OR (NEW.decided_at < matter.heard_by AND NOT matter.heard) OR length(trim(NEW.reasons)) = 0 THEN
    RAISE EXCEPTION 'use % is decided before the agency was heard', NEW.use_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ratings_quality_verdict BEFORE INSERT ON ratings_qualityverdict
  FOR EACH ROW EXECUTE FUNCTION ratings_quality_verdict();
"""
BOOKED = """
CREATE FUNCTION ratings_quality_booked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM ratings_qualityverdict v JOIN contracts_contract c ON c.id = v.contract_id
                 WHERE v.confirmed AND c.supplier_id = NEW.agency_id
                 AND NEW.source_key = 'quality_rejected:contract:' || c.id) THEN
    RAISE EXCEPTION 'a quality row stands in the file of agency % only once confirmed', NEW.agency_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ratings_quality_booked BEFORE INSERT ON ratings_creditevent
  FOR EACH ROW WHEN (NEW.kind = 'quality_rejected') EXECUTE FUNCTION ratings_quality_booked();
"""
# As before, and now who belongs to a side does not rate either, nor is a reported result rated besides.
RATER = """
CREATE OR REPLACE FUNCTION ratings_regulator() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE matter record;
BEGIN
  SELECT c.buyer_id, c.supplier_id, u.by_user_id, u.heard_by INTO matter FROM ratings_approvaluse u
    JOIN contracts_contract c ON c.id = u.contract_id WHERE u.id = NEW.use_id;
  IF NEW.by_org_id IN (matter.buyer_id, matter.supplier_id) OR NEW.by_user_id = matter.by_user_id
     OR ratings_belongs(NEW.by_user_id, ARRAY[matter.buyer_id, matter.supplier_id])
     OR NOT EXISTS (SELECT 1 FROM accounts_organisation o WHERE o.id = NEW.by_org_id AND o.kind = 'regulator') THEN
    RAISE EXCEPTION 'use % is rated by somebody involved', NEW.use_id USING ERRCODE = 'check_violation';
  END IF;
  IF matter.heard_by IS NOT NULL THEN
    RAISE EXCEPTION 'use % is decided, not rated', NEW.use_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""
RATER_BEFORE = """
CREATE OR REPLACE FUNCTION ratings_regulator() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE matter record;
BEGIN
  SELECT c.buyer_id, c.supplier_id, u.by_user_id INTO matter FROM ratings_approvaluse u
    JOIN contracts_contract c ON c.id = u.contract_id WHERE u.id = NEW.use_id;
  IF NEW.by_org_id IN (matter.buyer_id, matter.supplier_id) OR NEW.by_user_id = matter.by_user_id
     OR NOT EXISTS (SELECT 1 FROM accounts_organisation o WHERE o.id = NEW.by_org_id AND o.kind = 'regulator') THEN
    RAISE EXCEPTION 'use % is rated by somebody involved', NEW.use_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""
DROP = "DROP TRIGGER {0} ON {1}; DROP FUNCTION {0}()"


class Migration(migrations.Migration):
    dependencies = [("ratings", "0006_quality_reports")]
    operations = [
        append_only("ratings_qualityanswer"),
        append_only("ratings_qualityverdict"),
        migrations.RunSQL(BELONGS, "DROP FUNCTION ratings_belongs(bigint, bigint[])"),
        migrations.RunSQL(REPORT, DROP.format("ratings_quality_report", "ratings_approvaluse")),
        migrations.RunSQL(ANSWER, DROP.format("ratings_quality_answer", "ratings_qualityanswer")),
        migrations.RunSQL(VERDICT, DROP.format("ratings_quality_verdict", "ratings_qualityverdict")),
        migrations.RunSQL(BOOKED, DROP.format("ratings_quality_booked", "ratings_creditevent")),
        migrations.RunSQL(RATER, RATER_BEFORE),
    ]
