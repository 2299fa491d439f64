"""What the database itself keeps about lists: events stay, no term without end, an import is whole or nothing."""

from django.db import migrations

from core.append_only import append_only

KEPT = ("listingevent", "listingfile", "share", "receipt", "jointmeasure", "repairevent", "repairfile")
GUARDS = """
CREATE FUNCTION keep_listing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.number, NEW.subject_id, NEW.case_id, NEW.ground, NEW.authority, NEW.legal_basis,
        NEW.months, NEW.opened_at, NEW.opened_user_id, NEW.opened_org_id, NEW.rules_ref)
       IS DISTINCT FROM (OLD.number, OLD.subject_id, OLD.case_id, OLD.ground, OLD.authority, OLD.legal_basis,
        OLD.months, OLD.opened_at, OLD.opened_user_id, OLD.opened_org_id, OLD.rules_ref)
       OR (OLD.listed_at IS NOT NULL AND NEW.listed_at IS DISTINCT FROM OLD.listed_at) THEN
        RAISE EXCEPTION 'a listing is corrected by a new row, never rewritten' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER listing_kept BEFORE UPDATE OR DELETE ON supervision_listing
FOR EACH ROW EXECUTE FUNCTION keep_listing();

CREATE FUNCTION keep_listing_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before record; DECLARE proposed record;
BEGIN
    SELECT * INTO before FROM supervision_listingevent WHERE listing_id = NEW.listing_id ORDER BY seq DESC LIMIT 1;
    IF NEW.seq <> COALESCE(before.seq, 0) + 1 OR NEW.at < before.at THEN
        RAISE EXCEPTION 'a listing goes forward, step by step' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.kind = 'listed' THEN
        SELECT * INTO proposed FROM supervision_listingevent WHERE listing_id = NEW.listing_id AND seq = 1;
        IF NEW.by_user_id IS NULL OR NEW.by_user_id = proposed.by_user_id THEN
            RAISE EXCEPTION 'who proposed a listing does not approve it' USING ERRCODE = 'restrict_violation';
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM supervision_listingevent noticed WHERE noticed.listing_id = NEW.listing_id
            AND noticed.kind = 'noticed' AND (noticed.until <= NEW.at OR EXISTS (
                SELECT 1 FROM supervision_listingevent heard WHERE heard.listing_id = NEW.listing_id
                AND heard.kind IN ('defended', 'waived') AND heard.seq > noticed.seq))) THEN
            RAISE EXCEPTION 'nobody is listed unheard' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER listing_order BEFORE INSERT ON supervision_listingevent
FOR EACH ROW EXECUTE FUNCTION keep_listing_order();

CREATE FUNCTION keep_imported() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.credit_code, NEW.name, NEW.ground, NEW.authority, NEW.legal_basis, NEW.listed_on,
        NEW.first_seen_id)
       IS DISTINCT FROM (OLD.credit_code, OLD.name, OLD.ground, OLD.authority, OLD.legal_basis, OLD.listed_on,
        OLD.first_seen_id) OR OLD.gone_at IS NOT NULL THEN
        RAISE EXCEPTION 'the authority''s entries are not edited here' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER imported_kept BEFORE UPDATE OR DELETE ON supervision_importedentry
FOR EACH ROW EXECUTE FUNCTION keep_imported();
"""
UNDO = """
DROP TRIGGER listing_kept ON supervision_listing; DROP FUNCTION keep_listing();
DROP TRIGGER listing_order ON supervision_listingevent; DROP FUNCTION keep_listing_order();
DROP TRIGGER imported_kept ON supervision_importedentry; DROP FUNCTION keep_imported();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0007_repairs_and_honours")]
    operations = [
        *(append_only(f"supervision_{table}") for table in KEPT),
        migrations.RunSQL(GUARDS, UNDO),
    ]
