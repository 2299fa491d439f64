"""A listing keeps the ground, measure, severity and points it stands on; the database checks them against the scale.

Nothing becomes a candidate but a published case whose ground and measure its own version of the scale marks, for a
term within the bounds; nothing is listed after that ceased to hold, nor by somebody who is not the regulator's head.
"""

from django.db import migrations, models

PERMITTED = """
CREATE FUNCTION listing_permitted(matter supervision_case) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE ground jsonb;
BEGIN
    SELECT parameters->'grounds'->matter.ground INTO ground FROM core_ruleset
        WHERE name || '@' || version = matter.rules_ref;
    RETURN matter.published_at IS NOT NULL AND matter.state NOT IN ('dropped', 'stayed', 'revoked')
        AND COALESCE((ground->>'listing')::boolean, false)
        AND COALESCE(ground->'listing_measures', '["suspension", "removal"]') @> to_jsonb(matter.measure::text);
END $$;

CREATE FUNCTION guard_listing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE matter supervision_case; bounds jsonb; severity text;
BEGIN
    SELECT * INTO matter FROM supervision_case WHERE id = NEW.case_id;
    SELECT parameters->'grounds'->matter.ground->>'severity' INTO severity FROM core_ruleset
        WHERE name || '@' || version = matter.rules_ref;
    IF NOT listing_permitted(matter) OR NEW.subject_id <> matter.subject_id OR NEW.ground_code <> matter.ground
       OR NEW.measure <> matter.measure OR NEW.severity <> severity THEN
        RAISE EXCEPTION 'case % carries no such listing', NEW.case_id USING ERRCODE = 'check_violation';
    END IF;
    SELECT parameters->'terms'->NEW.severity->'months' INTO bounds FROM core_ruleset
        WHERE name || '@' || version = NEW.rules_ref;
    IF NOT COALESCE(NEW.months BETWEEN (bounds->>0)::int AND (bounds->>1)::int, true) THEN
        RAISE EXCEPTION '% months are out of bounds', NEW.months USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER listing_grounded BEFORE INSERT ON supervision_listing
FOR EACH ROW EXECUTE FUNCTION guard_listing();

CREATE FUNCTION guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE listing supervision_listing; matter supervision_case;
BEGIN
    IF NEW.kind <> 'listed' THEN RETURN NEW; END IF;
    SELECT * INTO listing FROM supervision_listing WHERE id = NEW.listing_id;
    SELECT * INTO matter FROM supervision_case WHERE id = listing.case_id;
    IF NOT listing_permitted(matter) THEN
        RAISE EXCEPTION 'case % carries no listing', listing.case_id USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM supervision_post WHERE organisation_id = listing.opened_org_id
               AND level IN ('head', 'leader'))
       AND NOT (NEW.by_org_id = listing.opened_org_id AND EXISTS (SELECT FROM supervision_post
            WHERE organisation_id = listing.opened_org_id AND level IN ('head', 'leader')
            AND user_id = NEW.by_user_id)) THEN
        RAISE EXCEPTION 'the head of the regulator approves a listing' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER listing_approved BEFORE INSERT ON supervision_listingevent
FOR EACH ROW EXECUTE FUNCTION guard_approval();

CREATE OR REPLACE FUNCTION keep_listing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE follows text[] := '{state,due_at,listed_at,ends_at,ended_at,restriction}';
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - follows <> to_jsonb(OLD) - follows
       OR (OLD.listed_at IS NOT NULL AND NEW.listed_at IS DISTINCT FROM OLD.listed_at) THEN
        RAISE EXCEPTION 'a listing is corrected by a new row, never rewritten' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
UNDO = """
DROP TRIGGER listing_approved ON supervision_listingevent; DROP FUNCTION guard_approval();
DROP TRIGGER listing_grounded ON supervision_listing; DROP FUNCTION guard_listing();
DROP FUNCTION listing_permitted(supervision_case);
CREATE OR REPLACE FUNCTION keep_listing() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0010_inspection_guards")]
    operations = [
        migrations.AddField(
            "listing",
            "ground_code",
            models.CharField(blank=True, default="", help_text="of the published scale", max_length=40),
        ),
        migrations.AddField(
            "listing",
            "measure",
            models.CharField(blank=True, default="", help_text="decided in the case, carries it", max_length=12),
        ),
        migrations.AddField(
            "listing",
            "severity",
            models.CharField(default="serious", help_text="general or serious, by the scale", max_length=8),
        ),
        migrations.AddField(
            "listing",
            "points",
            models.DecimalField(decimal_places=2, help_text="by the rule set, signed", max_digits=6, null=True),
        ),
        migrations.RunSQL(PERMITTED, UNDO),
    ]
