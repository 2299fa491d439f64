"""Invoices and receipts. Once issued they stay as they are: the database refuses to change or delete one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.money
from core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("core", "0002_audit_append_only"),
        ("payments", "0005_escrow_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MoneyPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invoice", "请款单"),
                            ("held", "资金托管收据"),
                            ("paid", "放款凭证"),
                            ("refunded", "退款凭证"),
                            ("bank", "银行转账收据"),
                            ("treasury", "国库支付凭证"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reference", models.CharField(help_text='what it is about, such as "milestone:7"', max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("page", models.CharField(help_text="path of the page it is about", max_length=200)),
                ("amount", core.money.MoneyField(decimal_places=2, max_digits=12)),
                (
                    "tax_number",
                    models.CharField(
                        blank=True, help_text="of the tax office's invoice, if there is one", max_length=20
                    ),
                ),
                ("issued_at", models.DateTimeField()),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.paper"
                    ),
                ),
                (
                    "payee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers_earned",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers_paid",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "transfer",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt",
                        to="payments.transfer",
                    ),
                ),
            ],
            options={
                "ordering": ["-issued_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "invoice")), fields=("reference",), name="invoice_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "invoice"), ("transfer", None)),
                            models.Q(models.Q(("kind", "invoice"), _negated=True), ("transfer__isnull", False)),
                            _connector="OR",
                        ),
                        name="receipt_of_a_transfer",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="money_paper_of_something"),
                ],
            },
        ),
        append_only("payments_moneypaper"),
    ]
