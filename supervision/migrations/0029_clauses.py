"""Clauses somebody finds unclear or impossible, and what their publishers did about them: written once, by them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.append_only import append_only

GUARD = """
CREATE FUNCTION clause_by_publisher() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM supervision_complaint WHERE id = NEW.report_id AND subject_id = NEW.by_org_id
                 AND NEW.at >= filed_at) THEN
    RAISE EXCEPTION 'clause %: its publisher answers', NEW.report_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER clause_by_publisher BEFORE INSERT ON supervision_clauseanswer
  FOR EACH ROW EXECUTE FUNCTION clause_by_publisher();
"""
BACK = "DROP TRIGGER clause_by_publisher ON supervision_clauseanswer; DROP FUNCTION clause_by_publisher();"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("supervision", "0028_tied_decide_no_complaint"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClauseReport",
            fields=[
                (
                    "complaint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="quoted",
                        serialize=False,
                        to="supervision.complaint",
                    ),
                ),
                ("number", models.CharField(max_length=30, unique=True)),
                ("clause", models.TextField(max_length=1000)),
                ("rules_ref", models.CharField(max_length=40)),
            ],
            options={
                "ordering": ["-complaint__filed_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ClauseAnswer",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="answer",
                        serialize=False,
                        to="supervision.clausereport",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("fixed", "已修改"), ("removed", "已删除"), ("kept", "保留，由监管部门决定")],
                        max_length=8,
                    ),
                ),
                ("new_text", models.TextField(blank=True, help_text="of a clause that was changed", max_length=1000)),
                ("reasons", models.TextField(max_length=2000)),
                ("at", models.DateTimeField()),
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
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "fixed"), models.Q(("new_text", ""), _negated=True)),
                            models.Q(("new_text", ""), ("outcome__in", ["removed", "kept"])),
                            _connector="OR",
                        ),
                        name="clause_new_text_when_fixed",
                    )
                ],
            },
        ),
        append_only("supervision_clausereport"),
        append_only("supervision_clauseanswer"),
        migrations.RunSQL(GUARD, BACK),
    ]
