import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0004_clock_guards"),
        ("accounts", "0001_initial"),
        ("core", "0001_initial"),
        ("marketplace", "0003_needs_reserve_their_money"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                ("secret_hash", models.CharField(help_text="SHA-256 of what opens the follow-up page", max_length=64)),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("need", "采购需求"),
                            ("competition", "竞价或抽取过程"),
                            ("agency", "中介服务机构"),
                            ("official", "部门或工作人员"),
                            ("clause", "采购条款"),
                            ("rating", "评价"),
                            ("contract", "合同履行"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reference", models.CharField(help_text='such as "need:5"; empty for an official', max_length=40)),
                ("title", models.CharField(help_text="of what it is about", max_length=200)),
                ("path", models.CharField(blank=True, help_text="of what it is about", max_length=200)),
                ("official", models.CharField(blank=True, help_text="name or post of an official", max_length=60)),
                ("statement", models.TextField(max_length=4000)),
                ("hidden", models.BooleanField(help_text="the complainant asked not to be named to anybody")),
                ("filed_at", models.DateTimeField()),
                ("rules_ref", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("filed", "filed"),
                            ("incomplete", "incomplete"),
                            ("rejected", "rejected"),
                            ("transferred", "transferred"),
                            ("accepted", "accepted"),
                            ("investigating", "investigating"),
                            ("paused", "paused"),
                            ("decided", "decided"),
                            ("review", "review"),
                            ("closed", "closed"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="filed",
                        max_length=16,
                    ),
                ),
                ("due_at", models.DateTimeField(help_text="until when whoever has to act must act", null=True)),
                (
                    "need",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="marketplace.need"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        help_text="whom it is about",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-filed_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reminder", "提醒"),
                            ("warning", "警告"),
                            ("suspension", "暂停参与"),
                            ("removal", "清退"),
                        ],
                        max_length=12,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("restriction", models.BigIntegerField(help_text="the agency's restriction it is felt by", null=True)),
            ],
            options={
                "ordering": ["starts_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                ("ground", models.CharField(help_text="code of the published scale", max_length=40)),
                (
                    "origin_kind",
                    models.CharField(
                        choices=[
                            ("complaint", "投诉"),
                            ("card", "红黄牌"),
                            ("flag", "红旗线索"),
                            ("inspection", "双随机抽查"),
                            ("rating", "评价"),
                            ("report", "日常监管"),
                        ],
                        max_length=12,
                    ),
                ),
                ("origin_reference", models.CharField(help_text='such as "complaint:5"', max_length=40)),
                ("origin_title", models.CharField(max_length=200)),
                ("origin_path", models.CharField(blank=True, max_length=200)),
                ("facts", models.TextField(max_length=4000)),
                ("opened_at", models.DateTimeField()),
                ("rules_ref", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待告知"),
                            ("noticed", "等待陈述申辩"),
                            ("heard", "已陈述申辩，待决定"),
                            ("proposed", "待第二人决定"),
                            ("decided", "已决定，待公布"),
                            ("in_force", "执行中"),
                            ("stayed", "复核中，暂停执行"),
                            ("lifted", "已修复，提前解除"),
                            ("ended", "期满结束"),
                            ("dropped", "不予处理"),
                            ("revoked", "复核撤销"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("due_at", models.DateTimeField(help_text="until when whoever has to act must act", null=True)),
                (
                    "measure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reminder", "提醒"),
                            ("warning", "警告"),
                            ("suspension", "暂停参与"),
                            ("removal", "清退"),
                        ],
                        help_text="as proposed or decided so far",
                        max_length=12,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "opened_org",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "opened_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        help_text="the respondent",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(help_text="the limit this event starts", null=True)),
                ("text", models.TextField(blank=True, max_length=4000)),
                ("data", models.JSONField(default=dict)),
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
                    "by_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="supervision.case"
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.paper"
                    ),
                ),
            ],
            options={
                "ordering": ["case", "seq"],
            },
        ),
        migrations.CreateModel(
            name="CaseFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="supervision.caseevent"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SealedIdentity",
            fields=[
                (
                    "complaint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="identity",
                        serialize=False,
                        to="supervision.complaint",
                    ),
                ),
                ("key_id", models.CharField(max_length=16)),
                ("nonce", models.BinaryField()),
                ("sealed", models.BinaryField()),
                (
                    "mark",
                    models.CharField(
                        blank=True, help_text="keyed fingerprint of the complainant's organisation", max_length=64
                    ),
                ),
                (
                    "person",
                    models.CharField(
                        blank=True, help_text="keyed fingerprint of the complainant's account", max_length=64
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ComplaintEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(help_text="the limit this event starts", null=True)),
                ("text", models.TextField(blank=True, max_length=4000)),
                ("data", models.JSONField(default=dict)),
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
                    "by_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="supervision.complaint"
                    ),
                ),
            ],
            options={
                "ordering": ["complaint", "seq"],
            },
        ),
        migrations.CreateModel(
            name="ComplaintFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="supervision.complaintevent",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MeasureEnd",
            fields=[
                (
                    "measure",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="end",
                        serialize=False,
                        to="supervision.measure",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("term", "期满"),
                            ("stay", "复核期间暂停执行"),
                            ("review", "复核改变决定"),
                            ("repair", "信用修复"),
                        ],
                        max_length=8,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="measure",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="measures", to="supervision.case"
            ),
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ground", models.CharField(max_length=300)),
                ("declared_at", models.DateTimeField()),
                (
                    "declared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["state", "due_at"], name="case_due"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["subject", "-opened_at"], name="case_of_subject"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["-published_at"], name="case_published"),
        ),
        migrations.AddConstraint(
            model_name="caseevent",
            constraint=models.UniqueConstraint(fields=("case", "seq"), name="case_order"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["state", "due_at"], name="complaint_due"),
        ),
        migrations.AddConstraint(
            model_name="complaintevent",
            constraint=models.UniqueConstraint(fields=("complaint", "seq"), name="complaint_order"),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="measure_ends"
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.UniqueConstraint(fields=("user", "organisation"), name="relation_once"),
        ),
    ]
