"""Department budgets: fiscal years, lines, orders, batches and cards."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import core.money


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
    ]
