"""Two laws the database itself keeps about needs.

A need says truly what kind of organisation its buyer is, so that "a department never designates" cannot be walked
around by calling the department an enterprise; and what was published stays as it was published.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION guard_need() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.buyer_kind IS DISTINCT FROM (SELECT kind FROM accounts_organisation WHERE id = NEW.buyer_id) THEN
    RAISE EXCEPTION 'need % misstates the kind of its buyer', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.published_at IS NOT NULL AND
     (OLD.number, OLD.buyer_id, OLD.item_id, OLD.title, OLD.scope, OLD.region_id, OLD.place, OLD.ceiling,
      OLD.budget_reference, OLD.method, OLD.auction_minutes, OLD.delivery_days, OLD.rules_ref, OLD.published_at)
     IS DISTINCT FROM
     (NEW.number, NEW.buyer_id, NEW.item_id, NEW.title, NEW.scope, NEW.region_id, NEW.place, NEW.ceiling,
      NEW.budget_reference, NEW.method, NEW.auction_minutes, NEW.delivery_days, NEW.rules_ref, NEW.published_at)
  THEN
    RAISE EXCEPTION 'need % is published; its terms stay as they are', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_need BEFORE INSERT OR UPDATE ON marketplace_need FOR EACH ROW EXECUTE FUNCTION guard_need();
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0001_initial"), ("accounts", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, "DROP TRIGGER guard_need ON marketplace_need; DROP FUNCTION guard_need()")]
