import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0003_restrictions_kept"),
        ("core", "0001_initial"),
        ("supervision", "0007_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="Repair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                ("severity", models.CharField(help_text="minor, general or serious", max_length=8)),
                ("applied_at", models.DateTimeField()),
                ("rules_ref", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "已提交，待审核材料"),
                            ("incomplete", "待补正"),
                            ("complete", "材料齐全，审查中"),
                            ("granted", "准予修复"),
                            ("refused", "不予修复"),
                            ("withdrawn", "已撤回"),
                            ("broken", "违背承诺，效力恢复"),
                        ],
                        default="applied",
                        max_length=12,
                    ),
                ),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repairs",
                        to="supervision.listing",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repairs",
                        to="supervision.measure",
                    ),
                ),
                (
                    "restriction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.restriction",
                    ),
                ),
            ],
            options={
                "ordering": ["-applied_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="RepairEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
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
                    "repair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="supervision.repair"
                    ),
                ),
            ],
            options={
                "ordering": ["repair", "seq"],
            },
        ),
        migrations.CreateModel(
            name="RepairFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="supervision.repairevent"
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
            name="Honour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("figures", models.JSONField(help_text="score, contracts, on_time percent")),
                ("rules_ref", models.CharField(max_length=40)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "why",
                    models.CharField(blank=True, help_text="code of the figure that no longer holds", max_length=20),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
            ],
            options={
                "ordering": ["-since", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("agency",), name="honour_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_at", None), ("ended_at__gte", models.F("since")), _connector="OR"),
                        name="honour_ends_after",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="repair",
            index=models.Index(fields=["state", "due_at"], name="repair_due"),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("listing", None), ("measure__isnull", False), ("restriction", None)),
                    models.Q(("listing__isnull", False), ("measure", None), ("restriction", None)),
                    models.Q(("listing", None), ("measure", None), ("restriction__isnull", False)),
                    _connector="OR",
                ),
                name="repair_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["applied", "incomplete", "complete"])),
                fields=("measure",),
                name="repair_measure",
            ),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["applied", "incomplete", "complete"])),
                fields=("listing",),
                name="repair_listing",
            ),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["applied", "incomplete", "complete"])),
                fields=("restriction",),
                name="repair_restriction",
            ),
        ),
        migrations.AddConstraint(
            model_name="repairevent",
            constraint=models.UniqueConstraint(fields=("repair", "seq"), name="repair_order"),
        ),
    ]
