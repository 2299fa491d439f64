"""A department's need names a budget line of its own, and is published only together with a reservation of its ceiling.

What was published before there were budget lines keeps the words it was published with.
"""

import django.db.models.deletion
from django.db import migrations, models

# The guard of 0002, with a further look and a further column that stays.
GUARD = """
CREATE OR REPLACE FUNCTION guard_need() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.buyer_kind IS DISTINCT FROM (SELECT kind FROM accounts_organisation WHERE id = NEW.buyer_id) THEN
    RAISE EXCEPTION 'need % misstates the kind of its buyer', NEW.id USING ERRCODE = 'check_violation';
  END IF;{look}
  IF TG_OP = 'UPDATE' AND OLD.published_at IS NOT NULL AND
     ({old}OLD.number, OLD.buyer_id, OLD.item_id, OLD.title, OLD.scope, OLD.region_id, OLD.place, OLD.ceiling,
      OLD.budget_reference, OLD.method, OLD.auction_minutes, OLD.delivery_days, OLD.rules_ref, OLD.published_at)
     IS DISTINCT FROM
     ({new}NEW.number, NEW.buyer_id, NEW.item_id, NEW.title, NEW.scope, NEW.region_id, NEW.place, NEW.ceiling,
      NEW.budget_reference, NEW.method, NEW.auction_minutes, NEW.delivery_days, NEW.rules_ref, NEW.published_at)
  THEN
    RAISE EXCEPTION 'need % is published; its terms stay as they are', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
LOOK = """
  IF NEW.budget_line_id IS NOT NULL AND (NEW.buyer_kind <> 'department' OR NEW.buyer_id IS DISTINCT FROM (
      SELECT y.department_id FROM payments_budgetline l JOIN payments_fiscalyear y ON y.id = l.fiscal_year_id
      WHERE l.id = NEW.budget_line_id)) THEN
    RAISE EXCEPTION 'need % takes a budget that is not its buyer''s', NEW.id USING ERRCODE = 'check_violation';
  END IF;"""
WITH_LINE = GUARD.format(look=LOOK, old="OLD.budget_line_id, ", new="NEW.budget_line_id, ")
WITHOUT = GUARD.format(look="", old="", new="")
# Looked at when the transaction ends, so that it does not matter which of the two is written first.
MONEY = """
CREATE FUNCTION need_has_its_money() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.published_at IS NOT NULL THEN
    RETURN NULL;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM payments_reservation WHERE reference = 'need:' || NEW.id
                 AND line_id = NEW.budget_line_id AND amount = NEW.ceiling) THEN
    RAISE EXCEPTION 'need % is published without its money', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER need_has_its_money AFTER INSERT OR UPDATE OF published_at ON marketplace_need
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.buyer_kind = 'department' AND NEW.published_at IS NOT NULL)
EXECUTE FUNCTION need_has_its_money();
"""
FORGET = "DROP TRIGGER need_has_its_money ON marketplace_need; DROP FUNCTION need_has_its_money();"


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0002_needs_keep_their_word"), ("payments", "0003_budget_guards")]

    operations = [
        migrations.AddField(
            model_name="need",
            name="budget_line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.budgetline",
                verbose_name="预算指标",
            ),
        ),
        migrations.AlterField(
            model_name="need",
            name="budget_reference",
            field=models.CharField(
                blank=True,
                help_text="the line in words, as it was called at publication",
                max_length=160,
                verbose_name="预算指标",
            ),
        ),
        migrations.RunSQL(WITH_LINE, WITHOUT),
        migrations.RunSQL(MONEY, FORGET),
    ]
