from django.db import migrations

from core.append_only import append_only

# Nobody decides their own matter: not the organisation that appeals, not the one it is about, nobody of either.
DECIDER = """
CREATE FUNCTION ratings_uninvolved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE matter record; parties bigint[];
BEGIN
  SELECT a.by_org_id, a.by_user_id, a.filed_at, a.heard_by, r.rater_id, r.ratee_id, e.agency_id, e.told_by_id,
         EXISTS (SELECT 1 FROM ratings_appealstatement s WHERE s.appeal_id = a.id) AS heard
    INTO matter FROM ratings_appeal a
    LEFT JOIN ratings_rating r ON r.id = a.rating_id LEFT JOIN ratings_creditevent e ON e.id = a.event_id
    WHERE a.id = NEW.appeal_id;
  parties := array_remove(ARRAY[matter.by_org_id, matter.rater_id, matter.ratee_id, matter.agency_id,
                                matter.told_by_id], NULL);
  IF NEW.by_org_id = ANY (parties) OR NEW.by_user_id = matter.by_user_id
     OR EXISTS (SELECT 1 FROM accounts_membership m WHERE m.user_id = NEW.by_user_id
                AND m.organisation_id = ANY (parties)) THEN
    RAISE EXCEPTION 'appeal % is decided by somebody involved', NEW.appeal_id USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM accounts_organisation o WHERE o.id = NEW.by_org_id
                 AND o.kind IN ('regulator', 'operator')) THEN
    RAISE EXCEPTION 'appeal % is decided by supervisors only', NEW.appeal_id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.decided_at < matter.filed_at OR (NEW.decided_at < matter.heard_by AND NOT matter.heard) THEN
    RAISE EXCEPTION 'appeal % is decided before the other side was heard', NEW.appeal_id
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ratings_uninvolved BEFORE INSERT ON ratings_appealdecision
  FOR EACH ROW EXECUTE FUNCTION ratings_uninvolved();
"""
# A regulator rates a result it neither commissioned, delivered nor wrote into the approval as the same person.
RATER = """
CREATE FUNCTION ratings_regulator() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER ratings_regulator BEFORE INSERT ON ratings_regulatorrating
  FOR EACH ROW EXECUTE FUNCTION ratings_regulator();
"""
# What corrects a row stands in the same file, and a correction itself is final.
CORRECTION = """
CREATE FUNCTION ratings_corrects() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
  SELECT agency_id, kind INTO wrong FROM ratings_creditevent WHERE id = NEW.corrects_id;
  IF wrong.agency_id <> NEW.agency_id OR wrong.kind = 'correction' THEN
    RAISE EXCEPTION 'row % cannot be corrected here', NEW.corrects_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ratings_corrects BEFORE INSERT ON ratings_creditevent
  FOR EACH ROW WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION ratings_corrects();
"""
DROP = "DROP TRIGGER {0} ON {1}; DROP FUNCTION {0}()"


class Migration(migrations.Migration):
    dependencies = [("ratings", "0004_appeals")]
    operations = [
        append_only("ratings_appeal"),
        append_only("ratings_appealstatement"),
        append_only("ratings_appealdecision"),
        append_only("ratings_approvaluse"),
        append_only("ratings_regulatorrating"),
        migrations.RunSQL(DECIDER, DROP.format("ratings_uninvolved", "ratings_appealdecision")),
        migrations.RunSQL(RATER, DROP.format("ratings_regulator", "ratings_regulatorrating")),
        migrations.RunSQL(CORRECTION, DROP.format("ratings_corrects", "ratings_creditevent")),
    ]
