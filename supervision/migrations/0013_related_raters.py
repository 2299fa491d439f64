"""Whoever declared a tie to a side neither reports bad quality, rates, nor decides: the database says so as well.

The ties are kept in this room, so its migration guards the rows of the room below.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION supervision_unrelated() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE parties bigint[];
BEGIN
  IF TG_TABLE_NAME = 'ratings_approvaluse' THEN
    SELECT ARRAY[c.buyer_id, c.supplier_id] INTO parties FROM contracts_contract c WHERE c.id = NEW.contract_id;
  ELSIF TG_TABLE_NAME = 'ratings_appealdecision' THEN
    SELECT array_remove(ARRAY[a.by_org_id, r.rater_id, r.ratee_id, e.agency_id, e.told_by_id], NULL) INTO parties
      FROM ratings_appeal a LEFT JOIN ratings_rating r ON r.id = a.rating_id
      LEFT JOIN ratings_creditevent e ON e.id = a.event_id WHERE a.id = NEW.appeal_id;
  ELSE
    SELECT CASE WHEN u.heard_by IS NULL THEN ARRAY[c.buyer_id, c.supplier_id]
                ELSE ARRAY[c.buyer_id, c.supplier_id, u.by_org_id] END INTO parties
      FROM ratings_approvaluse u JOIN contracts_contract c ON c.id = u.contract_id WHERE u.id = NEW.use_id;
  END IF;
  IF EXISTS (SELECT 1 FROM supervision_relation one
             WHERE one.user_id = NEW.by_user_id AND one.organisation_id = ANY (parties)) THEN
    RAISE EXCEPTION '%: somebody related decides nothing here', TG_TABLE_NAME USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER supervision_unrelated BEFORE INSERT ON ratings_approvaluse
  FOR EACH ROW WHEN (NEW.outcome = 'rejected') EXECUTE FUNCTION supervision_unrelated();
CREATE TRIGGER supervision_unrelated BEFORE INSERT ON ratings_qualityverdict
  FOR EACH ROW EXECUTE FUNCTION supervision_unrelated();
CREATE TRIGGER supervision_unrelated BEFORE INSERT ON ratings_regulatorrating
  FOR EACH ROW EXECUTE FUNCTION supervision_unrelated();
CREATE TRIGGER supervision_unrelated BEFORE INSERT ON ratings_appealdecision
  FOR EACH ROW EXECUTE FUNCTION supervision_unrelated();
"""
BACK = """
DROP TRIGGER supervision_unrelated ON ratings_appealdecision;
DROP TRIGGER supervision_unrelated ON ratings_regulatorrating;
DROP TRIGGER supervision_unrelated ON ratings_qualityverdict;
DROP TRIGGER supervision_unrelated ON ratings_approvaluse;
DROP FUNCTION supervision_unrelated();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0012_flag_rounds"), ("ratings", "0007_quality_guards")]
    operations = [migrations.RunSQL(GUARD, BACK)]
