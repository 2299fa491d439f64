"""Escrow and bank payments, dealings with the provider, the demo's own Stripe."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.money
import payments.models.escrow


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("core", "0002_audit_append_only"),
        ("payments", "0003_budget_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DoubleRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("data", models.JSONField()),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "id"], name="double_kind")],
            },
        ),
        migrations.CreateModel(
            name="Escrow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                ("group", models.CharField(help_text='what the parts belong to, such as "contract:5"', max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("page", models.CharField(help_text="path of the page it belongs to", max_length=200)),
                ("amount", core.money.MoneyField(decimal_places=2, max_digits=12)),
                (
                    "fee_share",
                    models.DecimalField(
                        decimal_places=4, help_text="of what is released, by the rule set", max_digits=5
                    ),
                ),
                ("rules_ref", models.CharField(max_length=40)),
                ("created_at", models.DateTimeField()),
                ("funded_at", models.DateTimeField(null=True)),
                ("charge_id", models.CharField(blank=True, max_length=80)),
                (
                    "disputed_at",
                    models.DateTimeField(help_text="a party asked to stop; empty again once settled", null=True),
                ),
                (
                    "disputed_by",
                    models.CharField(
                        blank=True, choices=[("buyer", "委托方"), ("supplier", "服务机构")], max_length=10
                    ),
                ),
                ("dispute_reason", models.CharField(blank=True, max_length=500)),
                ("cancelled_at", models.DateTimeField(help_text="given up before it was paid", null=True)),
                (
                    "buyer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escrows_paid",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escrows_earned",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ChargeDispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("dispute_id", models.CharField(max_length=80, unique=True)),
                ("amount", core.money.MoneyField(decimal_places=2, max_digits=12)),
                ("reason", models.CharField(blank=True, max_length=80)),
                ("status", models.CharField(max_length=40)),
                ("opened_at", models.DateTimeField()),
                ("answer_by", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("won", models.BooleanField(null=True)),
                (
                    "escrow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charge_disputes",
                        to="payments.escrow",
                    ),
                ),
            ],
            options={
                "ordering": ["opened_at"],
            },
        ),
        migrations.CreateModel(
            name="EscrowPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("reference", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=120)),
                ("amount", core.money.MoneyField(decimal_places=2, max_digits=12)),
                (
                    "released",
                    core.money.MoneyField(
                        decimal_places=2,
                        default=payments.models.escrow.nothing,
                        help_text="decided to go to the supplier, fee included",
                        max_digits=12,
                    ),
                ),
                ("accepted_at", models.DateTimeField(null=True)),
                ("active", models.BooleanField(default=True, help_text="false once the escrow was given up unpaid")),
                (
                    "escrow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="payments.escrow"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Funding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", core.money.MoneyField(decimal_places=2, max_digits=12)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("opening", "正在打开支付页"),
                            ("open", "等待付款"),
                            ("paid", "已付款"),
                            ("surplus", "重复付款，退回中"),
                            ("expired", "支付页已过期"),
                            ("failed", "支付页无法打开"),
                        ],
                        default="opening",
                        max_length=10,
                    ),
                ),
                ("session_id", models.CharField(max_length=120, null=True, unique=True)),
                ("intent_id", models.CharField(blank=True, max_length=80)),
                ("charge_id", models.CharField(blank=True, max_length=80)),
                ("url", models.CharField(blank=True, max_length=1000)),
                ("method", models.CharField(blank=True, max_length=20)),
                (
                    "failure",
                    models.CharField(blank=True, help_text="the provider's code of the last decline", max_length=80),
                ),
                ("opened_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("paid_at", models.DateTimeField(null=True)),
                ("fee_known", models.BooleanField(default=False, help_text="the provider's fee is in the books")),
                (
                    "escrow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="fundings", to="payments.escrow"
                    ),
                ),
            ],
            options={
                "ordering": ["opened_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PayoutAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.CharField(blank=True, db_index=True, max_length=80)),
                ("submitted", models.BooleanField(default=False)),
                ("ready", models.BooleanField(default=False, help_text="the provider lets money be transferred to it")),
                (
                    "missing",
                    models.JSONField(default=list, help_text="what the provider still asks for, in its own names"),
                ),
                ("opened_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(help_text="when the provider last told its state", null=True)),
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payout_account",
                        to="accounts.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProviderCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("checkout", "打开支付页"),
                            ("expire", "关闭支付页"),
                            ("transfer", "放款给服务机构"),
                            ("refund", "退款给委托方"),
                            ("account", "开立收款账户"),
                        ],
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(max_length=80, unique=True)),
                ("params", models.JSONField()),
                ("amount", core.money.MoneyField(decimal_places=2, max_digits=12, null=True)),
                ("fee", core.money.MoneyField(decimal_places=2, max_digits=12, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待处理"),
                            ("blocked", "等待服务机构开通收款"),
                            ("done", "已完成"),
                            ("refused", "支付平台拒绝"),
                            ("stuck", "多次失败，等待运营处理"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "generation",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="a new key, after making sure nothing was done"
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("trouble", models.CharField(blank=True, help_text="code of the last failure", max_length=80)),
                ("message", models.CharField(blank=True, help_text="what the provider said", max_length=300)),
                ("provider_id", models.CharField(blank=True, max_length=120)),
                ("created_at", models.DateTimeField()),
                ("tried_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "escrow",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="payments.escrow",
                    ),
                ),
                (
                    "funding",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="payments.funding",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ProviderEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.CharField(max_length=80, unique=True)),
                ("kind", models.CharField(max_length=80)),
                ("object_id", models.CharField(blank=True, max_length=120)),
                ("payload", models.JSONField()),
                ("happened_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("deliveries", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待处理"),
                            ("done", "已处理"),
                            ("ignored", "无需处理"),
                            ("stuck", "多次失败，等待运营处理"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("handled_at", models.DateTimeField(null=True)),
                ("trouble", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["-received_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["next_at"], name="provider_event_due"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("ran_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("agrees", "一致"), ("differs", "有差异"), ("failed", "未能完成")], max_length=10
                    ),
                ),
                ("movements", models.PositiveIntegerField(default=0, help_text="balance transactions compared")),
                ("provider_total", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("books_total", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("provider_balance", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("books_balance", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("trouble", models.CharField(blank=True, max_length=300)),
                (
                    "ran_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-ran_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Difference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("not_in_books", "支付平台有，账上没有"),
                            ("not_at_provider", "账上有，支付平台没有"),
                            ("amount", "金额不同"),
                            ("currency", "币种不同"),
                        ],
                        max_length=16,
                    ),
                ),
                ("source", models.CharField(help_text="the provider's object", max_length=120)),
                ("what", models.CharField(help_text="the provider's category", max_length=60)),
                ("provider_amount", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("books_amount", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                (
                    "reconciliation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="differences",
                        to="payments.reconciliation",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "proposed_by",
                    models.CharField(
                        blank=True,
                        choices=[("buyer", "委托方"), ("supplier", "服务机构")],
                        help_text="empty: a regulator decided",
                        max_length=10,
                    ),
                ),
                ("to_supplier", core.money.MoneyField(decimal_places=2, max_digits=12)),
                ("to_buyer", core.money.MoneyField(decimal_places=2, max_digits=12)),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("accepted", models.BooleanField(null=True)),
                (
                    "escrow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="settlements", to="payments.escrow"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="BankPayment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("group", models.CharField(db_index=True, max_length=60)),
                ("reference", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("page", models.CharField(max_length=200)),
                ("amount", core.money.MoneyField(decimal_places=2, max_digits=12)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("sent_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                ("refusal", models.CharField(blank=True, max_length=300)),
                (
                    "buyer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "slip",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["-sent_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("refused_at", None)), fields=("reference",), name="bank_payment_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confirmed_at", None), ("refused_at", None), _connector="OR"),
                        name="bank_payment_answered_once",
                    ),
                ],
            },
        ),
    ]
