import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("agencies", "0001_initial"),
        ("contracts", "0002_money_adds_up"),
        ("core", "0001_initial"),
        ("ratings", "0003_market_scale"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                ("grounds", models.TextField(max_length=2000)),
                ("filed_at", models.DateTimeField()),
                (
                    "heard_by",
                    models.DateTimeField(
                        help_text="until then the other side may answer; no decision before, unless it did"
                    ),
                ),
                ("decide_by", models.DateTimeField()),
                ("rules_ref", models.CharField(max_length=40)),
            ],
            options={
                "ordering": ["decide_by", "pk"],
            },
        ),
        migrations.CreateModel(
            name="AppealDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("upheld", models.BooleanField()),
                ("reasons", models.TextField(max_length=2000)),
                ("decided_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="AppealStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=2000)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ApprovalUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("approval_number", models.CharField(max_length=80, verbose_name="审批文号")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("accepted", "审批采用"), ("rejected", "因质量退回")],
                        max_length=10,
                        verbose_name="使用结果",
                    ),
                ),
                ("reasons", models.TextField(blank=True, max_length=1000, verbose_name="情况说明")),
                ("legal_basis", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                ("used_at", models.DateTimeField()),
                ("rate_by", models.DateTimeField(help_text="until then a regulator rates the result")),
                ("rules_ref", models.CharField(max_length=40)),
            ],
            options={
                "ordering": ["-used_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="RegulatorRating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "quality",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="成果质量",
                    ),
                ),
                (
                    "compliance",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="程序合规",
                    ),
                ),
                ("text", models.TextField(max_length=1000, verbose_name="评价内容")),
                ("rated_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "agency",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="agencies.agency",
                    ),
                ),
                ("as_of", models.DateTimeField()),
                ("last_event", models.BigIntegerField(help_text="rows up to this number are in")),
                ("deducted", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "added",
                    models.JSONField(help_text="calendar year: additions of that year that still count, as text"),
                ),
                ("proving", models.IntegerField(help_text="rows that end being new")),
                ("next_expiry", models.DateTimeField(db_index=True, null=True)),
                ("rules_ref", models.CharField(max_length=40)),
            ],
        ),
        migrations.AddField(
            model_name="creditevent",
            name="legal_basis",
            field=models.CharField(blank=True, help_text="empty: the platform's own rule set", max_length=300),
        ),
        migrations.AddField(
            model_name="creditevent",
            name="published_at",
            field=models.DateTimeField(help_text="empty on rows older than this column: as they happened", null=True),
        ),
        migrations.AddField(
            model_name="creditevent",
            name="told_by",
            field=models.ForeignKey(
                help_text="empty: the system itself",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="creditevent",
            name="corrects",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="ratings.creditevent",
            ),
        ),
        migrations.AddIndex(
            model_name="creditevent",
            index=models.Index(fields=["agency", "id"], name="credit_in_order"),
        ),
        migrations.AddIndex(
            model_name="creditevent",
            index=models.Index(
                condition=models.Q(("points", 0), _negated=True), fields=["agency", "expires_at"], name="credit_expiry"
            ),
        ),
        migrations.AddConstraint(
            model_name="creditevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_at", None), ("published_at__gte", models.F("happened_at")), _connector="OR"
                ),
                name="published_after_it_happened",
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="by_org",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="by_user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="event",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="objection",
                to="ratings.creditevent",
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="evidence",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="rating",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="appeal", to="ratings.rating"
            ),
        ),
        migrations.AddField(
            model_name="appealdecision",
            name="appeal",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="ratings.appeal"
            ),
        ),
        migrations.AddField(
            model_name="appealdecision",
            name="by_org",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="appealdecision",
            name="by_user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="appealdecision",
            name="correction",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ratings.creditevent"
            ),
        ),
        migrations.AddField(
            model_name="appealstatement",
            name="appeal",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="statement", to="ratings.appeal"
            ),
        ),
        migrations.AddField(
            model_name="appealstatement",
            name="by_org",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="appealstatement",
            name="by_user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="approvaluse",
            name="by_org",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="approvaluse",
            name="by_user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="approvaluse",
            name="contract",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="approval_uses", to="contracts.contract"
            ),
        ),
        migrations.AddField(
            model_name="regulatorrating",
            name="by_org",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="regulatorrating",
            name="by_user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="regulatorrating",
            name="use",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="rating", to="ratings.approvaluse"
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("event__isnull", False), ("rating", None)),
                    models.Q(("event", None), ("rating__isnull", False)),
                    _connector="OR",
                ),
                name="appeal_against_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.CheckConstraint(
                condition=models.Q(("decide_by__gte", models.F("heard_by")), ("heard_by__gte", models.F("filed_at"))),
                name="appeal_heard_before_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="approvaluse",
            constraint=models.UniqueConstraint(fields=("contract", "approval_number"), name="use_written_once"),
        ),
        migrations.AddConstraint(
            model_name="approvaluse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", "accepted"),
                    models.Q(models.Q(("reasons", ""), _negated=True), models.Q(("legal_basis", ""), _negated=True)),
                    _connector="OR",
                ),
                name="rejection_has_grounds",
            ),
        ),
        migrations.AddConstraint(
            model_name="regulatorrating",
            constraint=models.CheckConstraint(condition=models.Q(("quality__range", (1, 5))), name="regulator_quality"),
        ),
        migrations.AddConstraint(
            model_name="regulatorrating",
            constraint=models.CheckConstraint(
                condition=models.Q(("compliance__range", (1, 5))), name="regulator_compliance"
            ),
        ),
    ]
