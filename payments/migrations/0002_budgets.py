"""Department budgets, and what the database itself keeps about them: a budget is a department's, its money never
crosses into anybody else's accounts, only agencies are paid from it, what was decided or paid stays as it is, and a red
card never turns back."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import core.money
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
    dependencies = [
        ("accounts", "0001_initial"),
        ("payments", "0001_ledger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", core.money.MoneyField(decimal_places=2, max_digits=12)),
                ("committed_at", models.DateTimeField()),
                (
                    "payee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="accounts.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FiscalYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="预算年度")),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(help_text="everything left was decided about", null=True)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fiscal_years",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-year"],
            },
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=30, verbose_name="指标编码")),
                ("name", models.CharField(max_length=100, verbose_name="指标名称")),
                ("created_at", models.DateTimeField()),
                (
                    "fiscal_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="payments.fiscalyear"
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Payable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(help_text='such as "milestone:7"', max_length=60, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("page", models.CharField(max_length=200)),
                ("amount", core.money.MoneyField(decimal_places=2, max_digits=12)),
                ("since", models.DateTimeField(help_text="when the result was accepted")),
                ("warn_at", models.DateTimeField(help_text="the yellow card comes")),
                ("due_at", models.DateTimeField(help_text="the red card comes")),
                ("rules_ref", models.CharField(max_length=40)),
                ("paid_at", models.DateTimeField(null=True)),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payables", to="payments.commitment"
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payables", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["due_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PayeeAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("holder", models.CharField(max_length=120, verbose_name="户名")),
                ("bank", models.CharField(max_length=120, verbose_name="开户银行")),
                ("number", models.CharField(max_length=40, verbose_name="账号")),
                ("changed_at", models.DateTimeField()),
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payee_account",
                        to="accounts.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PaymentCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("yellow_at", models.DateTimeField()),
                ("red_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(help_text="paid", null=True)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment_cards",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "payable",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="card", to="payments.payable"
                    ),
                ),
            ],
            options={
                "ordering": ["-yellow_at"],
            },
        ),
        migrations.CreateModel(
            name="PaymentOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                ("amount", core.money.MoneyField(decimal_places=2, max_digits=12, verbose_name="金额")),
                ("holder", models.CharField(max_length=120, verbose_name="收款户名")),
                ("bank", models.CharField(max_length=120, verbose_name="开户银行")),
                ("account_number", models.CharField(max_length=40, verbose_name="收款账号")),
                ("purpose", models.CharField(max_length=120, verbose_name="用途")),
                ("made_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(null=True)),
                ("sent_back_at", models.DateTimeField(null=True)),
                ("waiting", models.BooleanField(default=False, help_text="with the treasury")),
                ("rejected_at", models.DateTimeField(null=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="why it was sent back, rejected or withdrawn", max_length=300
                    ),
                ),
                ("paid_at", models.DateTimeField(null=True)),
                ("treasury_reference", models.CharField(blank=True, max_length=60)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment_orders",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "payable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="payments.payable"
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Reservation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(help_text='such as "need:12"', max_length=60, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("page", models.CharField(help_text="path of the page it is about", max_length=200)),
                ("amount", core.money.MoneyField(decimal_places=2, max_digits=12)),
                ("reserved_at", models.DateTimeField()),
                ("reserved", core.money.MoneyField(decimal_places=2, max_digits=12)),
                ("committed", core.money.MoneyField(decimal_places=2, max_digits=12)),
                ("payable", core.money.MoneyField(decimal_places=2, max_digits=12)),
                ("paid", core.money.MoneyField(decimal_places=2, max_digits=12)),
                ("released", core.money.MoneyField(decimal_places=2, help_text="returned to free", max_digits=12)),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservations",
                        to="payments.budgetline",
                    ),
                ),
            ],
            options={
                "ordering": ["-reserved_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="commitment",
            name="reservation",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="payments.reservation"),
        ),
        migrations.CreateModel(
            name="TreasuryBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                ("made_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
                ("total", core.money.MoneyField(decimal_places=2, max_digits=12)),
                ("answered_at", models.DateTimeField(help_text="the last result came", null=True)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="treasury_batches",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="BatchLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("amount", core.money.MoneyField(decimal_places=2, max_digits=12)),
                ("holder", models.CharField(max_length=120)),
                ("bank", models.CharField(max_length=120)),
                ("account_number", models.CharField(max_length=40)),
                (
                    "result",
                    models.CharField(blank=True, choices=[("paid", "已支付"), ("rejected", "被退回")], max_length=10),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("treasury_reference", models.CharField(blank=True, max_length=60)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batch_lines",
                        to="payments.paymentorder",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="payments.treasurybatch"
                    ),
                ),
            ],
            options={
                "ordering": ["batch", "position"],
            },
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("granted", "年初下达"),
                            ("increased", "追加"),
                            ("decreased", "调减"),
                            ("carried_in", "上年结转转入"),
                            ("carried_out", "结转下年"),
                            ("lapsed", "结余收回"),
                        ],
                        max_length=12,
                        verbose_name="类型",
                    ),
                ),
                ("amount", core.money.MoneyField(decimal_places=2, max_digits=12, verbose_name="金额")),
                ("document", models.CharField(max_length=80, verbose_name="文号")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="事由")),
                ("at", models.DateTimeField()),
                (
                    "by_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustments",
                        to="payments.budgetline",
                    ),
                ),
                (
                    "other_line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.budgetline",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="adjustment_moves_something"),
                    models.CheckConstraint(
                        condition=models.Q(("document", ""), _negated=True), name="adjustment_has_a_document"
                    ),
                ],
            },
        ),
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
