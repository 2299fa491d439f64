"""Questions to the platform, and what happened to them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("supervision", "0024_objections_to_newcomers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True)),
                ("secret_hash", models.CharField(help_text="SHA-256 of what opens the asker's page", max_length=64)),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField(max_length=2000)),
                ("public", models.BooleanField(help_text="the asker agreed that question and answer are published")),
                ("asked_at", models.DateTimeField()),
                ("rules_ref", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "待答复"),
                            ("answered", "已答复"),
                            ("escalated", "由负责人再次答复"),
                            ("closed", "已办结"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField(help_text="when what runs is over", null=True)),
                (
                    "first_asked",
                    models.ForeignKey(
                        help_text="the officer asked first, who answers for it",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        help_text="who was asked",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        help_text="who has it now",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="QuestionEvent",
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
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="supervision.question"
                    ),
                ),
            ],
            options={
                "ordering": ["question", "seq"],
            },
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["office", "state", "due_at"], name="question_due"),
        ),
        migrations.AddConstraint(
            model_name="questionevent",
            constraint=models.UniqueConstraint(fields=("question", "seq"), name="question_order"),
        ),
    ]
