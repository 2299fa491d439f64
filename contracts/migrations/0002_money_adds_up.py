"""The database itself refuses a proposed or signed contract whose milestones do not add up to the award's amount,
and any change to what was signed."""

from django.db import migrations

ADDS_UP = """
CREATE FUNCTION contract_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    deal record;
    total numeric;
BEGIN
    SELECT c.id, c.amount, c.drafted_by, c.signed_at, a.amount AS awarded INTO deal
    FROM contracts_contract c JOIN bidding_award a ON a.id = c.award_id
    WHERE c.id = (changed ->> TG_ARGV[0])::bigint;
    IF NOT FOUND THEN RETURN NULL; END IF;
    IF deal.amount <> deal.awarded THEN
        RAISE EXCEPTION 'contract % must cost what was awarded', deal.id USING ERRCODE = 'check_violation';
    END IF;
    IF deal.drafted_by = '' AND deal.signed_at IS NULL THEN RETURN NULL; END IF;
    SELECT coalesce(sum(amount), 0) INTO total FROM contracts_milestone WHERE contract_id = deal.id;
    IF total <> deal.amount THEN
        RAISE EXCEPTION 'milestones of contract % add up to %, not %', deal.id, total, deal.amount
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER contract_adds_up AFTER INSERT OR UPDATE ON contracts_contract
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION contract_adds_up('id');
CREATE CONSTRAINT TRIGGER milestone_adds_up AFTER INSERT OR UPDATE OR DELETE ON contracts_milestone
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION contract_adds_up('contract_id');
"""
SIGNED = """
CREATE FUNCTION signed_contract_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.signed_at IS NOT NULL AND (NEW.signed_at, NEW.terms, NEW.amount, NEW.award_id, NEW.version)
        IS DISTINCT FROM (OLD.signed_at, OLD.terms, OLD.amount, OLD.award_id, OLD.version) THEN
        RAISE EXCEPTION 'contract % is signed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signed_contract_stays BEFORE UPDATE ON contracts_contract
FOR EACH ROW EXECUTE FUNCTION signed_contract_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            ADDS_UP,
            "DROP TRIGGER contract_adds_up ON contracts_contract; DROP TRIGGER milestone_adds_up ON contracts_milestone;"
            "DROP FUNCTION contract_adds_up()",
        ),
        migrations.RunSQL(
            SIGNED,
            "DROP TRIGGER signed_contract_stays ON contracts_contract; DROP FUNCTION signed_contract_stays()",
        ),
    ]
