"""A signed contract changes by agreement only, stays near its award, and keeps its earlier versions."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from contracts import services
from contracts.models import Amendment, AmendmentAnswer, Contract, Milestone
from contracts.rules.amendments import Price, price_fault
from contracts.services import dues, money
from contracts.services.amending import last_day
from core import clock
from core.errors import Refusal
from core.money import Money
from marketplace.models import Notice
from payments.models import Commitment
from payments.selectors import budget
from payments.services import lines
from supervision.models import FlagHit
from supervision.services import look
from tests.contracts.changing import REASON, proposal, stages, two_stages
from tests.contracts.test_award import refused
from tests.contracts.world import drafted, result

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal():
    """A signed contract of two stages, an hour after its signature."""
    w, contract = two_stages()
    with clock.at(contract.signed_at + timedelta(hours=1)):
        yield w, contract


def last(contract):
    return contract.milestones.last()


def agreed(w, amendment):
    by = w.as_buyer if amendment.proposed_by == "supplier" else w.as_agency
    return services.agree_amendment(amendment_id=amendment.pk, by=by)


def held(need):
    return {name: amount.amount for name, amount in budget.line(need.budget_line_id).standing.stages.items() if amount}


@pytest.mark.parametrize("side", ["buyer", "supplier"])
def test_an_extension_both_agree_on_moves_the_end_and_makes_a_new_version(deal, side):
    w, contract = deal
    before, paper = last_day(last(contract)), contract.paper
    contract = agreed(w, proposal(w, contract, side=side, later=14))
    assert last_day(last(contract)) == before + timedelta(days=14)
    assert contract.version == 3
    assert (contract.paper.data["version"], contract.paper.data["milestones"][1]["due"]) == (
        3, (before + timedelta(days=14)).isoformat(),
    )  # fmt: skip
    kept = Amendment.objects.get()
    assert (kept.replaces, paper.data["version"]) == (paper, 2)
    assert Notice.objects.filter(need=w.need, kind="contract").count() == 2


def test_nothing_changes_before_the_other_side_agrees(deal):
    w, contract = deal
    before = last(contract).due_at
    amendment = proposal(w, contract)
    assert last(contract).due_at == before
    refused("access.not_yours", services.agree_amendment, amendment_id=amendment.pk, by=w.as_agency)
    refused("access.not_yours", services.return_amendment, amendment_id=amendment.pk, reason="x", by=w.as_agency)
    refused("access.not_yours", services.withdraw_amendment, amendment_id=amendment.pk, by=w.as_buyer)
    assert not AmendmentAnswer.objects.exists()


def test_what_is_returned_has_a_reason_and_changes_nothing(deal):
    w, contract = deal
    amendment = proposal(w, contract)
    refused("contract.reason", services.return_amendment, amendment_id=amendment.pk, reason=" ", by=w.as_buyer)
    answer = services.return_amendment(amendment_id=amendment.pk, reason="资料已经按期提供", by=w.as_buyer)
    assert (answer.outcome, answer.side) == ("returned", "buyer")
    refused("amendment.answered", services.agree_amendment, amendment_id=amendment.pk, by=w.as_buyer)
    contract.refresh_from_db()
    assert contract.version == 2


def test_one_proposal_waits_at_a_time_and_can_be_taken_back(deal):
    w, contract = deal
    amendment = proposal(w, contract)
    refused("amendment.waiting", proposal, w=w, contract=contract, side="buyer")
    services.withdraw_amendment(amendment_id=amendment.pk, by=w.as_agency)
    assert proposal(w, contract, side="buyer").version == 3


def test_a_change_needs_a_reason_and_something_that_changes(deal):
    w, contract = deal
    refused("contract.reason", proposal, w=w, contract=contract, reason="  ")
    refused("contract.terms", proposal, w=w, contract=contract, terms=" ", later=1)
    refused("amendment.nothing", proposal, w=w, contract=contract, later=0)


def test_the_price_moves_within_a_tenth_of_the_award_all_changes_together(deal):
    w, contract = deal
    refused("amendment.price", proposal, w=w, contract=contract, amount="44850.01")
    refused("amendment.price", proposal, w=w, contract=contract, amount="35149.99")
    contract = agreed(w, proposal(w, contract, amount="44000.00"))
    assert contract.amount == Money.of("52500.00")
    refused("amendment.price", proposal, w=w, contract=contract, amount="45000.00")
    contract = agreed(w, proposal(w, contract, amount="44850.00"))
    assert contract.amount == Money.of("53350.00")


def test_the_price_stays_below_the_ceiling():
    assert price_fault(Decimal(60000), Price(Decimal(58000), Decimal("0.10"), Decimal(60000))) is None
    assert price_fault(Decimal("60000.01"), Price(Decimal(58000), Decimal("0.10"), Decimal(60000))).code == (
        "amendment.ceiling"
    )
    assert price_fault(Decimal(63800), Price(Decimal(58000), Decimal("0.10"), None)) is None


def test_scope_is_changed_in_the_terms_and_the_name_of_a_stage(deal):
    w, contract = deal
    contract = agreed(w, proposal(w, contract, terms=contract.terms + "\n增加一次专家评审。", title="报批稿及评审意见"))
    assert contract.terms.endswith("增加一次专家评审。")
    assert last(contract).title == "报批稿及评审意见"


def test_what_was_handed_in_or_accepted_is_not_changed(deal):
    w, contract = deal
    first, second = contract.milestones.all()
    handed = services.deliver(milestone_id=second.pk, upload=result(), note="", by=w.as_agency)
    refused("amendment.handed_in", proposal, w=w, contract=contract)
    services.accept(deliverable_id=handed.pk, by=w.as_buyer)
    refused("amendment.handed_in", proposal, w=w, contract=contract)
    with pytest.raises(DatabaseError, match="is accepted"), transaction.atomic():
        Milestone.objects.filter(pk=second.pk).update(title="别的成果")
    assert first.accepted_at is None


def test_what_was_handed_in_while_a_proposal_waited_is_not_changed_by_agreeing(deal):
    w, contract = deal
    amendment = proposal(w, contract)
    services.deliver(milestone_id=last(contract).pk, upload=result(), note="", by=w.as_agency)
    refused("amendment.handed_in", services.agree_amendment, amendment_id=amendment.pk, by=w.as_buyer)


def test_a_stage_being_mended_may_get_more_time_but_no_other_price(deal):
    w, contract = deal
    handed = services.deliver(milestone_id=last(contract).pk, upload=result(), note="", by=w.as_agency)
    services.return_(deliverable_id=handed.pk, defects=["缺附图"], by=w.as_buyer)
    refused("amendment.bound", proposal, w=w, contract=contract, amount="39000.00")
    assert agreed(w, proposal(w, contract)).version == 3


def test_a_stage_that_is_paid_for_keeps_its_price_and_may_get_more_time(deal):
    w, contract = deal
    money.report_transfer(milestone_id=last(contract).pk, slip=result(), note="", by=w.as_buyer)
    refused("amendment.bound", proposal, w=w, contract=contract, amount="39000.00")
    assert agreed(w, proposal(w, contract)).version == 3


def test_new_amounts_are_what_an_enterprise_pays_from_then_on(deal):
    w, contract = deal
    contract = agreed(w, proposal(w, contract, amount="39000.00"))
    assert [str(part.amount) for part in money.standing(contract).parts] == ["8,500.00", "39,000.00"]


def test_an_end_that_is_over_is_not_moved_any_more(deal):
    w, contract = deal
    with clock.at(last(contract).due_at + timedelta(days=1)):
        refused("amendment.overdue", proposal, w=w, contract=contract, later=30)


def test_a_new_end_lies_ahead(deal):
    w, contract = deal
    refused("amendment.day", proposal, w=w, contract=contract, later=-400)
    refused("amendment.day", proposal, w=w, contract=contract, later=4000)


def test_only_contracts_that_run_are_changed(deal):
    w, contract = deal
    _other, unsigned = drafted()
    call = {"side": "supplier", "reason": REASON, "terms": "x", "stages": []}
    refused("access.not_yours", services.propose_amendment, contract_id=unsigned.pk, by=w.as_agency, **call)
    refused("contract.not_changeable", services.propose_amendment, contract_id=unsigned.pk, by=_other.as_agency, **call)
    refused("amendment.stages", services.propose_amendment, contract_id=contract.pk, by=w.as_agency, **call)


@pytest.mark.parametrize(("amount", "committed"), [("39000.00", "47500.00"), ("42000.00", "50500.00")])
def test_a_department_s_commitment_follows_the_price(amount, committed):
    w, contract = two_stages(kind="department")
    with clock.at(contract.signed_at + timedelta(hours=1)):
        agreed(w, proposal(w, contract, amount=amount))
    whole = Decimal(committed)
    assert held(w.need) == {"free": Decimal("10000000.00") - whole, "committed": whole}
    assert Commitment.objects.get().amount.amount == whole


def test_agreeing_to_another_price_takes_no_days_back_that_were_granted_meanwhile(deal):
    w, contract = deal
    amendment = proposal(w, contract, amount="39000.00")
    granted = last(contract).due_at + timedelta(days=5)
    assert dues.move_delivery(f"milestone:{last(contract).pk}", granted)
    contract = agreed(w, amendment)
    assert (last(contract).due_at, last(contract).amount) == (granted, Money.of("39000.00"))


def test_an_end_that_lay_ahead_when_proposed_lies_ahead_when_agreed(deal):
    w, contract = deal
    amendment = proposal(w, contract, later=-20)
    with clock.at(last(contract).due_at - timedelta(days=2)):
        refused("amendment.day", services.agree_amendment, amendment_id=amendment.pk, by=w.as_buyer)


def test_an_agency_that_agrees_does_not_learn_what_the_department_s_line_holds():
    w, contract = two_stages(kind="department")
    line = w.need.budget_line
    with clock.at(contract.signed_at + timedelta(hours=1)):
        theirs, own = (proposal(w, contract, side="buyer", amount="42000.00"), {"by": w.as_agency})
        lines.adjust(line_id=line.pk, amount=budget.line(line.pk).standing.stages["free"], adds=False,
                     document="廊财预〔2026〕9号", reason="压减", by=w.as_buyer)  # fmt: skip
        with pytest.raises(Refusal) as told:
            services.agree_amendment(amendment_id=theirs.pk, **own)
        assert told.value.code == "amendment.money"
        assert not told.value.params
        services.withdraw_amendment(amendment_id=theirs.pk, by=w.as_buyer)
        asked = proposal(w, contract, amount="42000.00")
        refused("budget.short", services.agree_amendment, amendment_id=asked.pk, by=w.as_buyer)


def test_the_database_takes_a_change_only_with_its_agreed_amendment(deal):
    w, contract = deal
    amendment = proposal(w, contract, amount="39000.00")
    contracts = Contract.objects.filter(pk=contract.pk)
    changed = {"version": 3, "amount": amendment.amount}
    with pytest.raises(DatabaseError, match="is signed"), transaction.atomic():
        contracts.update(**changed)
    with pytest.raises(DatabaseError, match="not answered by that side"), transaction.atomic():
        AmendmentAnswer.objects.create(amendment=amendment, outcome="agreed", side="supplier", at=clock.now())
    agreed(w, amendment)
    connection.check_constraints()
    with pytest.raises(DatabaseError, match="is signed"), transaction.atomic():
        contracts.update(version=4, terms="另一份条款")
    for rows in (Amendment.objects, AmendmentAnswer.objects):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(reason="改写")


def test_the_stages_a_test_proposes_are_the_contract_s(deal):
    _w, contract = deal
    assert [one[0] for one in stages(contract)] == list(contract.milestones.values_list("pk", flat=True))


@pytest.mark.parametrize("times", [2, 3])
def test_the_third_change_raises_a_flag_and_the_second_does_not(deal, times):
    w, contract = deal
    for _turn in range(times):
        contract = agreed(w, proposal(w, contract, later=1))
    returned = proposal(w, contract, later=1)
    services.return_amendment(amendment_id=returned.pk, reason="不再延期", by=w.as_buyer)
    look()
    assert FlagHit.objects.filter(rule="drafts_again", needs=w.need).exists() == (times == 3)
    if times == 3:
        assert FlagHit.objects.get(rule="drafts_again").evidence == {"n": "3"}
