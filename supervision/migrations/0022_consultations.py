"""Drafts of rules, what people say to them, and the answers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("supervision", "0021_bounds_of_measures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                ("text", models.TextField(max_length=4000)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                ("kind", models.CharField(choices=[("parameters", "规则参数"), ("text", "规则文本")], max_length=12)),
                ("title", models.CharField(max_length=120)),
                ("reasons", models.TextField(help_text="why the rule is to change", max_length=4000)),
                (
                    "rule_set",
                    models.CharField(blank=True, help_text="name of the rule set; empty for a text", max_length=40),
                ),
                (
                    "base_version",
                    models.PositiveSmallIntegerField(help_text="the version the draft was made from", null=True),
                ),
                ("parameters", models.JSONField(default=dict, help_text="the draft's parameters")),
                ("text", models.TextField(blank=True, help_text="the draft's text", max_length=20000)),
                ("opened_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("rules_ref", models.CharField(max_length=40)),
                ("adopted_at", models.DateTimeField(null=True)),
                ("starts_at", models.DateTimeField(help_text="from when the adopted rule holds", null=True)),
                ("adopted_version", models.PositiveSmallIntegerField(help_text="of the rule set", null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawal", models.TextField(blank=True, help_text="why it was withdrawn", max_length=4000)),
                (
                    "adopted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        help_text="who put it out",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        help_text="the adopted text it is to replace",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supervision.consultation",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="OpinionAnswer",
            fields=[
                (
                    "opinion",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="answer",
                        serialize=False,
                        to="supervision.opinion",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("accepted", "采纳"), ("partly", "部分采纳"), ("declined", "未采纳")], max_length=10
                    ),
                ),
                ("reasons", models.TextField(max_length=4000)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="opinion",
            name="consultation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="opinions", to="supervision.consultation"
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="organisation",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("base_version__isnull", False), ("kind", "parameters"), ("replaces", None), ("text", "")),
                    models.Q(("base_version", None), ("kind", "text"), ("rule_set", "")),
                    _connector="OR",
                ),
                name="consultation_of_one_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opened_at"))), name="consultation_lasts"
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("adopted_at", None), ("kind", "parameters"), ("withdrawn_at", None)),
                fields=("rule_set",),
                name="consultation_one_per_rule_set",
            ),
        ),
        migrations.AddField(
            model_name="opinionanswer",
            name="by_user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
