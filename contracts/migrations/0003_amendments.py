"""A signed contract changes only by an amendment both sides stand behind: rows that stay, kept by the database."""

import django.db.models.deletion
from django.db import migrations, models

import core.money
from core.append_only import append_only

# The price is the award's, or what the newest agreed amendment says.
PRICE = """
CREATE FUNCTION contract_price(contract bigint, awarded numeric) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT m.amount FROM contracts_amendment m JOIN contracts_amendmentanswer a ON a.amendment_id = m.id
        WHERE m.contract_id = contract AND a.outcome = 'agreed' ORDER BY m.version DESC LIMIT 1
    ), awarded)
$$;
"""
# The function of 0002 with another price to compare with.
ADDS_UP = """
CREATE OR REPLACE FUNCTION contract_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    deal record;
    total numeric;
BEGIN
    SELECT c.id, c.amount, c.drafted_by, c.signed_at, {price} AS price INTO deal
    FROM contracts_contract c JOIN bidding_award a ON a.id = c.award_id
    WHERE c.id = (changed ->> TG_ARGV[0])::bigint;
    IF NOT FOUND THEN RETURN NULL; END IF;
    IF deal.amount <> deal.price THEN
        RAISE EXCEPTION 'contract % must cost what was awarded', deal.id USING ERRCODE = 'check_violation';
    END IF;
    IF deal.drafted_by = '' AND deal.signed_at IS NULL THEN RETURN NULL; END IF;
    SELECT coalesce(sum(amount), 0) INTO total FROM contracts_milestone WHERE contract_id = deal.id;
    IF total <> deal.amount THEN
        RAISE EXCEPTION 'milestones of contract % add up to %, not %', deal.id, total, deal.amount
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""
STAYS = """
CREATE OR REPLACE FUNCTION signed_contract_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.signed_at IS NULL THEN RETURN NEW; END IF;
    IF (NEW.signed_at, NEW.award_id) IS DISTINCT FROM (OLD.signed_at, OLD.award_id)
       OR (NEW.terms, NEW.amount, NEW.version) IS DISTINCT FROM (OLD.terms, OLD.amount, OLD.version)
       AND NOT EXISTS (
           SELECT 1 FROM contracts_amendment m JOIN contracts_amendmentanswer a ON a.amendment_id = m.id
           WHERE m.contract_id = OLD.id AND a.outcome = 'agreed' AND m.version = OLD.version + 1
           AND (m.version, m.terms, m.amount) = (NEW.version, NEW.terms, NEW.amount)
       ) THEN
        RAISE EXCEPTION 'contract % is signed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
STAYED = """
CREATE OR REPLACE FUNCTION signed_contract_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.signed_at IS NOT NULL AND (NEW.signed_at, NEW.terms, NEW.amount, NEW.award_id, NEW.version)
        IS DISTINCT FROM (OLD.signed_at, OLD.terms, OLD.amount, OLD.award_id, OLD.version) THEN
        RAISE EXCEPTION 'contract % is signed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
# An amendment is of a contract that runs; agreeing and returning is the other side's, taking back the proposer's own.
SIDES = """
CREATE FUNCTION amendment_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM contracts_contract c WHERE c.id = NEW.contract_id AND c.version = NEW.version - 1
        AND c.signed_at IS NOT NULL AND c.completed_at IS NULL AND c.terminated_at IS NULL
    ) THEN
        RAISE EXCEPTION 'contract % cannot be amended to version %', NEW.contract_id, NEW.version
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER amendment_in_order BEFORE INSERT ON contracts_amendment
FOR EACH ROW EXECUTE FUNCTION amendment_in_order();
CREATE FUNCTION amendment_two_sides() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.outcome = 'withdrawn') <> (NEW.side = (
        SELECT m.proposed_by FROM contracts_amendment m WHERE m.id = NEW.amendment_id
    )) THEN
        RAISE EXCEPTION 'amendment % is not answered by that side', NEW.amendment_id
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER amendment_two_sides BEFORE INSERT ON contracts_amendmentanswer
FOR EACH ROW EXECUTE FUNCTION amendment_two_sides();
"""
# What was accepted stays what it was.
ACCEPTED = """
CREATE FUNCTION accepted_milestone_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'milestone % is accepted', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER accepted_milestone_stays BEFORE UPDATE ON contracts_milestone FOR EACH ROW
WHEN (OLD.accepted_at IS NOT NULL AND (NEW.contract_id, NEW.title, NEW.amount, NEW.days, NEW.due_at, NEW.accepted_at)
      IS DISTINCT FROM (OLD.contract_id, OLD.title, OLD.amount, OLD.days, OLD.due_at, OLD.accepted_at))
EXECUTE FUNCTION accepted_milestone_stays();
"""
FORGET = """
DROP TRIGGER amendment_in_order ON contracts_amendment;
DROP TRIGGER amendment_two_sides ON contracts_amendmentanswer;
DROP TRIGGER accepted_milestone_stays ON contracts_milestone;
DROP FUNCTION amendment_in_order(); DROP FUNCTION amendment_two_sides(); DROP FUNCTION accepted_milestone_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0002_money_adds_up"),
        ("core", "0003_clock_readings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField(help_text="of the contract, once agreed")),
                (
                    "proposed_by",
                    models.CharField(choices=[("buyer", "委托方"), ("supplier", "服务机构")], max_length=10),
                ),
                ("proposed_at", models.DateTimeField()),
                ("answer_by", models.DateTimeField()),
                ("reason", models.CharField(max_length=500, verbose_name="变更理由")),
                ("amount", core.money.MoneyField(decimal_places=2, max_digits=12)),
                ("terms", models.TextField(verbose_name="合同条款")),
                (
                    "stages",
                    models.JSONField(
                        help_text="all milestones: milestone, title, amount, due (the last day), and before"
                    ),
                ),
                ("rules_ref", models.CharField(max_length=40)),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="amendments", to="contracts.contract"
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.paper"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="AmendmentAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("agreed", "已同意"), ("returned", "未获同意"), ("withdrawn", "已撤回")], max_length=10
                    ),
                ),
                ("side", models.CharField(choices=[("buyer", "委托方"), ("supplier", "服务机构")], max_length=10)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "amendment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="contracts.amendment"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="amendment_for_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="amendment_costs_something"),
        ),
        migrations.AddConstraint(
            model_name="amendmentanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "returned"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="amendment_returned_for_a_reason",
            ),
        ),
        append_only("contracts_amendment"),
        append_only("contracts_amendmentanswer"),
        migrations.RunSQL(PRICE, "DROP FUNCTION contract_price(bigint, numeric)"),
        migrations.RunSQL(ADDS_UP.format(price="contract_price(c.id, a.amount)"), ADDS_UP.format(price="a.amount")),
        migrations.RunSQL(STAYS, STAYED),
        migrations.RunSQL(SIDES + ACCEPTED, FORGET),
    ]
