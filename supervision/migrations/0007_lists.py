import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0003_restrictions_kept"),
        ("core", "0001_initial"),
        ("supervision", "0006_case_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Share",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "news",
                    models.CharField(
                        choices=[("listed", "列入"), ("delisted", "移出"), ("corrected", "更正")], max_length=10
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(help_text="until when a receipt is expected")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["-sent_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ListImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(help_text="where the file is from: its name or address", max_length=300)),
                ("as_of", models.DateField(help_text="the day the authority's list stands at")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preview", "待确认"),
                            ("applied", "已导入"),
                            ("refused", "未导入"),
                            ("discarded", "已放弃"),
                        ],
                        max_length=10,
                    ),
                ),
                ("rows", models.PositiveIntegerField(default=0)),
                ("added", models.PositiveIntegerField(default=0)),
                ("kept", models.PositiveIntegerField(default=0)),
                ("gone", models.PositiveIntegerField(default=0)),
                ("faults", models.JSONField(default=list, help_text="list of {row, column, code, value}")),
                ("trouble", models.CharField(blank=True, help_text="why the whole file was refused", max_length=60)),
                ("read_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
                (
                    "read_by",
                    models.ForeignKey(
                        help_text="empty: daily",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-read_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportedEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("credit_code", models.CharField(max_length=18)),
                ("name", models.CharField(max_length=120)),
                ("ground", models.CharField(max_length=300)),
                ("authority", models.CharField(max_length=120)),
                ("legal_basis", models.CharField(max_length=300)),
                ("listed_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("gone_at", models.DateTimeField(null=True)),
                ("restriction", models.BigIntegerField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "first_seen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="began", to="supervision.listimport"
                    ),
                ),
                (
                    "gone_with",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ended",
                        to="supervision.listimport",
                    ),
                ),
                (
                    "last_seen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmed",
                        to="supervision.listimport",
                    ),
                ),
            ],
            options={
                "ordering": ["-listed_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                ("ground", models.CharField(max_length=300)),
                ("authority", models.CharField(max_length=120)),
                ("legal_basis", models.CharField(max_length=300)),
                ("months", models.PositiveSmallIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("rules_ref", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("candidate", "拟列入，待告知"),
                            ("noticed", "已告知，等待陈述申辩"),
                            ("heard", "已陈述申辩，待审批"),
                            ("listed", "已列入"),
                            ("stayed", "复核中，暂停执行"),
                            ("delisted", "已移出"),
                            ("dropped", "不予列入"),
                            ("corrected", "列入有误，已更正"),
                        ],
                        default="candidate",
                        max_length=12,
                    ),
                ),
                ("due_at", models.DateTimeField(help_text="until when whoever has to act must act", null=True)),
                ("listed_at", models.DateTimeField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "restriction",
                    models.BigIntegerField(help_text="the agency's restriction it is felt by now", null=True),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="listings", to="supervision.case"
                    ),
                ),
                (
                    "opened_org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "opened_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ListingEvent",
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
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="supervision.listing"
                    ),
                ),
            ],
            options={
                "ordering": ["listing", "seq"],
            },
        ),
        migrations.CreateModel(
            name="ListingFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="supervision.listingevent"
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
            name="Receipt",
            fields=[
                (
                    "share",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="receipt",
                        serialize=False,
                        to="supervision.share",
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="share",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="supervision.listingevent"
            ),
        ),
        migrations.AddField(
            model_name="share",
            name="listing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="supervision.listing"
            ),
        ),
        migrations.CreateModel(
            name="JointMeasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300)),
                ("legal_basis", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "by_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "lifts",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lifted_by",
                        to="supervision.jointmeasure",
                    ),
                ),
                (
                    "share",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="measures", to="supervision.share"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="listimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "applied"), _negated=True),
                    models.Q(("faults", []), ("settled_at__isnull", False), ("trouble", "")),
                    _connector="OR",
                ),
                name="import_whole_or_not",
            ),
        ),
        migrations.AddIndex(
            model_name="importedentry",
            index=models.Index(fields=["credit_code"], name="imported_by_code"),
        ),
        migrations.AddConstraint(
            model_name="importedentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("gone_at", None)),
                fields=("credit_code", "authority", "listed_on"),
                name="imported_entry_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="importedentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("listed_on")), _connector="OR"),
                name="imported_entry_period",
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["state", "due_at"], name="listing_due"),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["-listed_at"], name="listing_published"),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(("months__gte", 1), ("months__lte", 36)), name="listing_term"
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends_at", None), ("listed_at", None)),
                    ("ends_at__gt", models.F("listed_at")),
                    _connector="OR",
                ),
                name="listing_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["listed", "stayed", "delisted", "corrected"]), _negated=True),
                    ("listed_at__isnull", False),
                    _connector="OR",
                ),
                name="listing_published_when_listed",
            ),
        ),
        migrations.AddConstraint(
            model_name="listingevent",
            constraint=models.UniqueConstraint(fields=("listing", "seq"), name="listing_order"),
        ),
        migrations.AddField(
            model_name="receipt",
            name="by_user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="share",
            index=models.Index(fields=["department", "-sent_at"], name="share_of_department"),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.UniqueConstraint(fields=("event", "department"), name="share_once"),
        ),
        migrations.AddConstraint(
            model_name="jointmeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifts__isnull", False), ("until", None)),
                    models.Q(("lifts", None), ("until__gt", models.F("at"))),
                    _connector="OR",
                ),
                name="joint_measure_ends",
            ),
        ),
    ]
