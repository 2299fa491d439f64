"""A signed contract ends early only by a proposal the other side agreed to or left unanswered until the limit."""

import django.db.models.deletion
from django.db import migrations, models

from core.append_only import append_only

# Agreeing and disputing is the other side's, taking back the proposer's own, silence nobody's and only after the limit.
SIDES = """
CREATE FUNCTION termination_two_sides() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked record;
BEGIN
    SELECT t.proposed_by, t.answer_by INTO asked FROM contracts_termination t WHERE t.id = NEW.termination_id;
    IF NEW.outcome = 'silent' AND (NEW.side <> '' OR NEW.at < asked.answer_by)
       OR NEW.outcome = 'withdrawn' AND NEW.side <> asked.proposed_by
       OR NEW.outcome IN ('agreed', 'disputed') AND NEW.side IN ('', asked.proposed_by) THEN
        RAISE EXCEPTION 'termination % is not answered like that', NEW.termination_id
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER termination_two_sides BEFORE INSERT ON contracts_terminationanswer
FOR EACH ROW EXECUTE FUNCTION termination_two_sides();
"""
ENDS = """
CREATE FUNCTION signed_contract_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.terminated_at IS NOT NULL OR OLD.signed_at IS NOT NULL AND (OLD.completed_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM contracts_termination t JOIN contracts_terminationanswer a ON a.termination_id = t.id
        WHERE t.contract_id = OLD.id AND a.outcome IN ('agreed', 'silent')
    )) THEN
        RAISE EXCEPTION 'contract % does not end like that', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signed_contract_ends BEFORE UPDATE OF terminated_at ON contracts_contract FOR EACH ROW
WHEN (NEW.terminated_at IS DISTINCT FROM OLD.terminated_at) EXECUTE FUNCTION signed_contract_ends();
"""
FORGET = """
DROP TRIGGER termination_two_sides ON contracts_terminationanswer;
DROP TRIGGER signed_contract_ends ON contracts_contract;
DROP FUNCTION termination_two_sides(); DROP FUNCTION signed_contract_ends();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0003_amendments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Termination",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "proposed_by",
                    models.CharField(choices=[("buyer", "委托方"), ("supplier", "服务机构")], max_length=10),
                ),
                ("proposed_at", models.DateTimeField()),
                ("answer_by", models.DateTimeField(help_text="silence until then ends the contract")),
                ("reason", models.CharField(max_length=500, verbose_name="解除理由")),
                (
                    "liable",
                    models.CharField(
                        choices=[
                            ("buyer", "委托方"),
                            ("supplier", "服务机构"),
                            ("both", "双方都有责任"),
                            ("neither", "双方都没有责任"),
                        ],
                        max_length=10,
                    ),
                ),
                ("rules_ref", models.CharField(max_length=40)),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terminations",
                        to="contracts.contract",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="TerminationAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("agreed", "双方同意解除"),
                            ("disputed", "对方有异议"),
                            ("silent", "期满未答复，合同解除"),
                            ("withdrawn", "已撤回"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        blank=True, choices=[("buyer", "委托方"), ("supplier", "服务机构")], max_length=10
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "liable",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("buyer", "委托方"),
                            ("supplier", "服务机构"),
                            ("both", "双方都有责任"),
                            ("neither", "双方都没有责任"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "termination",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="contracts.termination"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, verbose_name="备案编号")),
                ("filed_at", models.DateTimeField()),
                (
                    "contract",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="contracts.contract"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True), name="filing_has_a_number"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="termination",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="termination_for_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="terminationanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "disputed"), _negated=True),
                    models.Q(models.Q(("reason", ""), _negated=True), models.Q(("liable", ""), _negated=True)),
                    _connector="OR",
                ),
                name="termination_disputed_for_a_reason",
            ),
        ),
        append_only("contracts_termination"),
        append_only("contracts_terminationanswer"),
        append_only("contracts_filing"),
        migrations.RunSQL(SIDES + ENDS, FORGET),
    ]
