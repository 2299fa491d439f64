import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("core", "0003_clock_readings"),
        ("supervision", "0008_list_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Inspector",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                ("badge", models.CharField(max_length=30, verbose_name="执法证号")),
                ("added_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["organisation_id", "badge"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at", None)), fields=("user",), name="inspector_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("left_at", None)), fields=("badge",), name="inspector_badge"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InspectionPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="抽查事项")),
                ("basis", models.CharField(max_length=300, verbose_name="依据")),
                ("scope", models.CharField(max_length=300, verbose_name="抽查范围")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="accounts.region", verbose_name="地区"
                    ),
                ),
                (
                    "items",
                    models.JSONField(default=list, help_text="codes of service items; empty: whatever agencies offer"),
                ),
                ("standard", models.JSONField(help_text="list of points to be checked, each a sentence")),
                ("ratios", models.JSONField(help_text='percent by risk band: {"A": 1, …}')),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("per_year", models.PositiveSmallIntegerField(default=1, verbose_name="每年次数")),
                ("team", models.PositiveSmallIntegerField(default=2, verbose_name="每组检查人员")),
                (
                    "method",
                    models.CharField(
                        choices=[("onsite", "现场检查"), ("online", "线上检查")], max_length=10, verbose_name="检查方式"
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("published_at", models.DateTimeField(null=True)),
                ("rules_ref", models.CharField(max_length=40)),
                (
                    "partners",
                    models.ManyToManyField(
                        help_text="regulators that inspect along", related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["-year", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("per_year__gte", 1), ("team__gte", 2)), name="plan_team_of_two"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Drawing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drawings",
                        to="supervision.inspectionplan",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("pools", models.JSONField(help_text="subjects, inspectors and who avoids whom, as published")),
                ("pools_hash", models.CharField(max_length=64)),
                ("commitment", models.CharField(max_length=64)),
                ("nonce", models.BinaryField()),
                ("sealed", models.BinaryField(help_text="the secret, encrypted until the draw")),
                (
                    "public_number",
                    models.CharField(blank=True, help_text="which number of others will be mixed in", max_length=200),
                ),
                ("committed_at", models.DateTimeField()),
                ("draws_at", models.DateTimeField()),
                (
                    "committed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("key_id", models.CharField(help_text="what signed the commitment", max_length=16)),
                ("signature", models.CharField(max_length=128)),
                ("rules_ref", models.CharField(max_length=40)),
            ],
            options={
                "ordering": ["plan", "round"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "round"), name="drawing_once_a_round"),
                    models.CheckConstraint(
                        condition=models.Q(("draws_at__gt", models.F("committed_at"))), name="drawing_after_commitment"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DrawingWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "drawing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="words", to="supervision.drawing"
                    ),
                ),
                ("seq", models.PositiveIntegerField()),
                ("text", models.CharField(max_length=64)),
                (
                    "by_org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("at", models.DateTimeField()),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["drawing", "seq"],
                "constraints": [
                    models.UniqueConstraint(fields=("drawing", "seq"), name="word_order"),
                    models.UniqueConstraint(fields=("drawing", "by_org"), name="word_once_each"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DrawingResult",
            fields=[
                (
                    "drawing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="result",
                        serialize=False,
                        to="supervision.drawing",
                    ),
                ),
                ("secret", models.CharField(max_length=64)),
                ("head", models.CharField(help_text="hash of the last word thrown in", max_length=64)),
                ("public_value", models.CharField(blank=True, max_length=64)),
                ("seed", models.CharField(max_length=64)),
                ("outcome", models.JSONField(help_text="list of {subject, band, inspectors}")),
                ("drawn_at", models.DateTimeField()),
                (
                    "drawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="supervision.inspectionplan",
                    ),
                ),
                (
                    "drawing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="supervision.drawing",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                ("band", models.CharField(max_length=4)),
                (
                    "follows",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="supervision.inspection",
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("rules_ref", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drawn", "待通知"),
                            ("noticed", "待检查"),
                            ("concluded", "待公布"),
                            ("fixing", "整改中"),
                            ("reported", "待复查"),
                            ("closed", "已结束"),
                        ],
                        default="drawn",
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField(help_text="until when whoever has to act must act", null=True)),
                ("visit_at", models.DateTimeField(null=True)),
                ("check_by", models.DateTimeField(help_text="until when it must be checked")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("ok", "未发现问题"), ("fix", "发现问题，责令整改"), ("case", "发现问题，转入案件")],
                        max_length=6,
                    ),
                ),
                ("summary", models.TextField(blank=True, max_length=2000)),
                ("concluded_at", models.DateTimeField(null=True)),
                ("publish_by", models.DateTimeField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                ("case_number", models.CharField(blank=True, max_length=30)),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
                "indexes": [
                    models.Index(fields=["state", "due_at"], name="inspection_due"),
                    models.Index(fields=["-published_at"], name="inspection_published"),
                    models.Index(fields=["subject", "-opened_at"], name="inspection_of_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("follows", None)),
                        fields=("drawing", "subject"),
                        name="inspection_drawn_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at", None), ("concluded_at__lte", models.F("published_at")), _connector="OR"
                        ),
                        name="inspection_concluded_first",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("concluded_at", None), ("outcome", "")),
                            models.Q(("concluded_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="inspection_has_a_result",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InspectionOfficer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="officers",
                        to="supervision.inspection",
                    ),
                ),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="supervision.inspector"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("recused_at", models.DateTimeField(null=True)),
                ("recusal", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["inspection", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "inspector"), name="officer_once"),
                    models.UniqueConstraint(fields=("inspection", "position"), name="officer_position"),
                ],
            },
        ),
        migrations.CreateModel(
            name="InspectionEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="supervision.inspection"
                    ),
                ),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("text", models.TextField(blank=True, max_length=2000)),
                ("data", models.JSONField(default=dict)),
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
                    "by_org",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
            ],
            options={
                "ordering": ["inspection", "seq"],
                "constraints": [models.UniqueConstraint(fields=("inspection", "seq"), name="inspection_order")],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="supervision.inspection",
                    ),
                ),
                ("point", models.PositiveSmallIntegerField(help_text="place in the plan's standard, from 0")),
                (
                    "verdict",
                    models.CharField(choices=[("pass", "符合"), ("fail", "不符合"), ("none", "不适用")], max_length=6),
                ),
                ("words", models.TextField(blank=True, max_length=1000)),
                ("at", models.DateTimeField()),
                (
                    "by_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["inspection", "point", "-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="InspectionPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="supervision.inspection"
                    ),
                ),
                ("point", models.PositiveSmallIntegerField()),
                (
                    "image",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
                (
                    "thumbnail",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
                ("public", models.BooleanField(default=False, help_text="may be shown with the published result")),
                ("at", models.DateTimeField()),
                (
                    "by_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["inspection", "point", "pk"],
            },
        ),
    ]
