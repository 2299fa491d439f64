"""What the database itself keeps about budgets: a budget is a department's, its money never crosses into anybody else's
accounts, only agencies are paid from it, what was decided or paid stays as it is, and a red card never turns back."""

import django.db.models.expressions
from django.db import migrations, models

from core.append_only import append_only

# Whose budget it is, and who may be paid from it.
PEOPLE = """
CREATE FUNCTION budget_parties() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    party bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
    IF TG_TABLE_NAME = 'payments_account' AND left(to_jsonb(NEW) ->> 'kind', 7) <> 'budget_' THEN
        RETURN NEW;
    END IF;
    IF (SELECT kind FROM accounts_organisation WHERE id = party) IS DISTINCT FROM TG_ARGV[1] THEN
        RAISE EXCEPTION '% of a budget is not of kind %', TG_ARGV[0], TG_ARGV[1] USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budget_parties BEFORE INSERT OR UPDATE OF department_id ON payments_fiscalyear
FOR EACH ROW EXECUTE FUNCTION budget_parties('department_id', 'department');
CREATE TRIGGER ledger_parties BEFORE INSERT ON payments_account
FOR EACH ROW EXECUTE FUNCTION budget_parties('owner_id', 'department');
CREATE TRIGGER budget_parties BEFORE INSERT OR UPDATE OF payee_id ON payments_commitment
FOR EACH ROW EXECUTE FUNCTION budget_parties('payee_id', 'agency');
"""
# A transfer that touches a budget touches nothing but accounts of budgets of the same department.
APART = """
CREATE FUNCTION budget_stays_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM payments_entry e JOIN payments_account a ON a.id = e.account_id
        WHERE e.transfer_id IN (SELECT transfer_id FROM added) GROUP BY e.transfer_id
        HAVING bool_or(left(a.kind, 7) = 'budget_')
           AND (NOT bool_and(left(a.kind, 7) = 'budget_') OR count(DISTINCT a.owner_id) > 1)
    ) THEN
        RAISE EXCEPTION 'the money of a budget stays with its department' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER budget_stays_apart AFTER INSERT ON payments_entry
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION budget_stays_apart();
"""
# What stays: the result of a batch's line, a paid order, the amount an order pays, a red card.
STAYS = """
CREATE FUNCTION budget_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;
    after jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;
    wrong text := CASE
        WHEN TG_OP = 'DELETE' THEN 'is not deleted'
        WHEN TG_TABLE_NAME = 'payments_batchline' AND before ->> 'result' <> '' THEN 'has its result'
        WHEN TG_TABLE_NAME = 'payments_batchline' AND TG_OP = 'UPDATE'
             AND before - '{result,reason,treasury_reference,answered_at}'::text[]
              <> after - '{result,reason,treasury_reference,answered_at}'::text[] THEN 'was sent as it is'
        WHEN TG_TABLE_NAME = 'payments_paymentorder' AND before ->> 'paid_at' IS NOT NULL THEN 'is paid'
        WHEN TG_TABLE_NAME = 'payments_paymentorder' AND NOT EXISTS (
             SELECT 1 FROM payments_payable p WHERE p.id = (after ->> 'payable_id')::bigint
             AND p.amount = (after ->> 'amount')::numeric AND p.department_id = (after ->> 'department_id')::bigint
        ) THEN 'pays another amount than is owed'
        WHEN TG_TABLE_NAME = 'payments_paymentcard' AND before ->> 'red_at' IS NOT NULL
             AND before ->> 'red_at' IS DISTINCT FROM after ->> 'red_at' THEN 'never turns back'
        WHEN TG_TABLE_NAME = 'payments_paymentcard' AND before ->> 'closed_at' IS NOT NULL THEN 'is closed'
    END;
BEGIN
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION '% %', TG_TABLE_NAME, wrong USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER budget_stays BEFORE UPDATE OR DELETE ON payments_batchline
FOR EACH ROW EXECUTE FUNCTION budget_stays();
CREATE TRIGGER budget_stays BEFORE INSERT OR UPDATE OR DELETE ON payments_paymentorder
FOR EACH ROW EXECUTE FUNCTION budget_stays();
CREATE TRIGGER budget_stays BEFORE UPDATE OR DELETE ON payments_paymentcard
FOR EACH ROW EXECUTE FUNCTION budget_stays();
"""
UNDO = """
DROP TRIGGER ledger_parties ON payments_account;
DROP TRIGGER budget_stays_apart ON payments_entry;
DROP FUNCTION budget_parties() CASCADE;
DROP FUNCTION budget_stays_apart() CASCADE;
DROP FUNCTION budget_stays() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_budgets")]

    operations = [
        migrations.AddConstraint(
            model_name="fiscalyear",
            constraint=models.UniqueConstraint(fields=("department", "year"), name="fiscal_year_once"),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.UniqueConstraint(fields=("fiscal_year", "code"), name="budget_line_once"),
        ),
        migrations.AddIndex(
            model_name="payable",
            index=models.Index(
                condition=models.Q(("paid_at", None)), fields=["department", "due_at"], name="payable_open"
            ),
        ),
        migrations.AddIndex(
            model_name="payable",
            index=models.Index(
                condition=models.Q(("paid_at__isnull", False)), fields=["department", "-paid_at"], name="payable_paid"
            ),
        ),
        migrations.AddIndex(
            model_name="paymentcard",
            index=models.Index(fields=["department", "-yellow_at"], name="payment_card_of"),
        ),
        migrations.AddIndex(
            model_name="paymentorder",
            index=models.Index(fields=["department", "-made_at"], name="payment_order_of"),
        ),
        migrations.AddConstraint(
            model_name="paymentorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("checked_by", None), models.Q(("checked_by", models.F("made_by")), _negated=True), _connector="OR"
                ),
                name="payment_order_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paid_at", None), ("waiting", False)),
                    models.Q(("checked_at__isnull", False), ("checked_by__isnull", False)),
                    _connector="OR",
                ),
                name="payment_order_checked_before_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)), fields=("payable",), name="one_standing_order_per_payable"
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("reserved"), "+", models.F("committed")
                                    ),
                                    "+",
                                    models.F("payable"),
                                ),
                                "+",
                                models.F("paid"),
                            ),
                            "+",
                            models.F("released"),
                        ),
                    )
                ),
                name="reservation_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("committed__gte", 0),
                    ("paid__gte", 0),
                    ("payable__gte", 0),
                    ("released__gte", 0),
                    ("reserved__gte", 0),
                ),
                name="reservation_not_overdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="reservation_of_something"),
        ),
        migrations.AddConstraint(
            model_name="batchline",
            constraint=models.UniqueConstraint(fields=("batch", "position"), name="batch_line_position"),
        ),
        migrations.AddConstraint(
            model_name="batchline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("result", "")), fields=("order",), name="order_waits_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="batchline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("result", "paid")), fields=("order",), name="order_paid_once"
            ),
        ),
        append_only("payments_adjustment"),
        migrations.RunSQL([PEOPLE, APART, STAYS], UNDO),
    ]
