"""A draft goes back and forth until both agree on the same version; then it is signed and stays."""

import pytest
from django.db import DatabaseError, connection, transaction

from contracts import selectors, services, tasks
from contracts.models import Contract, Milestone
from contracts.rules.lifecycle import State
from core import clock
from core.models import Job
from core.money import Money
from core.workdays import load
from marketplace.models import Notice
from tests.contracts.test_award import refused
from tests.contracts.world import after_publicity, drafted, signed

pytestmark = pytest.mark.django_db
TWO = [("踏勘", Money.of("8500.00"), 5), ("报批稿", Money.of("40000.00"), 20)]


def draft(w, contract, side="buyer", *, milestones=TWO, terms="双方约定如下。", version=None):
    by = w.as_buyer if side == "buyer" else w.as_agency
    return services.draft(
        contract_id=contract.pk, terms=terms, milestones=milestones, side=side, by=by, version=version
    )


def test_either_side_may_propose_and_each_proposal_is_a_new_version():
    w, contract = drafted()
    draft(w, contract, "buyer")
    contract = draft(w, contract, "supplier")
    assert (contract.version, contract.drafted_by) == (3, "supplier")
    assert [m.title for m in contract.milestones.all()] == ["踏勘", "报批稿"]


def test_a_change_takes_back_earlier_confirmations():
    w, contract = drafted()
    services.confirm(contract_id=contract.pk, side="supplier", by=w.as_agency)
    contract = draft(w, contract, "buyer")
    assert contract.supplier_confirmed_at is None
    assert selectors.state(contract) == State.DRAFTING


@pytest.mark.parametrize(
    ("milestones", "code"),
    [
        ([], "contract.milestones_count"),
        ([("x", Money.of("4850.00"), 5)] * 11, "contract.milestones_count"),
        ([("x", Money.of("48500.01"), 5)], "contract.milestones_sum"),
        ([("x", Money.of("48499.99"), 5)], "contract.milestones_sum"),
        ([(" ", Money.of("48500.00"), 5)], "contract.milestone_title"),
        ([("x", Money.of("48500.00"), 0)], "contract.milestone_days"),
        ([("x", Money.of("48500.00"), 9999)], "contract.milestone_days"),
    ],
)
def test_milestones_that_do_not_fit_are_refused_and_nothing_changes(milestones, code):
    w, contract = drafted()
    refused(code, draft, w=w, contract=contract, milestones=milestones)
    contract.refresh_from_db()
    assert contract.version == 1


def test_ten_milestones_to_the_fen_are_fine():
    w, contract = drafted(amount="48500.03")
    parts = [(f"第{i}步", part, i + 1) for i, part in enumerate(Money.of("48500.03").split([1] * 10))]
    assert draft(w, contract, milestones=parts).milestones.count() == 10


def test_empty_terms_are_refused():
    w, contract = drafted()
    refused("contract.terms", draft, w=w, contract=contract, terms=" \n")


def test_who_read_an_older_version_is_told_so():
    w, contract = drafted()
    draft(w, contract, "buyer", version=1)
    refused("contract.version", draft, w=w, contract=contract, side="supplier", version=1)
    refused("contract.version", services.confirm, contract_id=contract.pk, side="supplier", by=w.as_agency, version=1)


def test_sending_back_needs_a_confirmed_version_and_a_reason():
    w, contract = drafted()
    call = {"contract_id": contract.pk, "side": "buyer", "by": w.as_buyer}
    refused("contract.nothing_to_send_back", services.send_back, reason="期限太短", **call)
    services.confirm(contract_id=contract.pk, side="supplier", by=w.as_agency)
    refused("contract.reason", services.send_back, reason=" ", **call)
    contract = services.send_back(reason="期限太短", **call)
    assert (contract.sent_back_by, contract.sent_back_reason) == ("buyer", "期限太短")
    assert contract.supplier_confirmed_at is None


@pytest.mark.parametrize("side", ["buyer", "supplier"])
def test_nobody_acts_for_the_other_side(side):
    w, contract = drafted()
    other = w.as_agency if side == "buyer" else w.as_buyer
    call = {"contract_id": contract.pk, "side": side, "by": other}
    refused("access.not_yours", services.confirm, **call)
    refused("access.not_yours", services.send_back, reason="x", **call)
    refused("access.not_yours", services.draft, terms="x", milestones=TWO, **call)


def test_both_confirmed_waits_for_publicity_and_is_then_signed_by_the_clock():
    w, contract = drafted()
    services.confirm(contract_id=contract.pk, side="supplier", by=w.as_agency)
    contract = services.confirm(contract_id=contract.pk, side="buyer", by=w.as_buyer)
    assert selectors.state(contract) == State.PUBLICITY
    tasks.watch_deadlines.run()
    contract.refresh_from_db()
    assert contract.signed_at is None
    with after_publicity(w.award):
        tasks.watch_deadlines.run()
        tasks.watch_deadlines.run()
    contract.refresh_from_db()
    assert selectors.state(contract) == State.IN_SERVICE
    assert Job.objects.filter(task="ratings.contract_signed").count() == 1


def test_signing_sets_due_dates_and_publishes_a_summary_without_the_terms():
    w, contract = signed()
    milestone = contract.milestones.get()
    assert milestone.due_at == load().deadline(contract.signed_at, 20)
    assert contract.paper.public is False
    assert contract.paper.data["terms"] == contract.terms
    notice = Notice.objects.get(need=w.need, kind="contract")
    assert "terms" not in notice.data
    assert notice.data["amount"] == "48500.00"
    w.need.refresh_from_db()
    assert w.need.contracted_at is not None


def test_confirming_twice_changes_nothing():
    w, contract = drafted()
    first = services.confirm(contract_id=contract.pk, side="supplier", by=w.as_agency).supplier_confirmed_at
    assert services.confirm(contract_id=contract.pk, side="supplier", by=w.as_agency).supplier_confirmed_at == first


def test_a_signed_contract_is_not_changed_any_more():
    w, contract = signed()
    refused("contract.signed", draft, w=w, contract=contract)
    call = {"contract_id": contract.pk, "side": "buyer", "by": w.as_buyer}
    refused("contract.signed", services.send_back, reason="x", **call)


def test_the_database_refuses_milestones_that_do_not_add_up():
    _w, contract = signed()
    Milestone.objects.filter(contract=contract).update(amount=Money.of("1.00"))
    with pytest.raises(DatabaseError, match="add up"):
        connection.check_constraints()


def test_the_database_refuses_a_price_other_than_the_award():
    _w, contract = drafted()
    Contract.objects.filter(pk=contract.pk).update(amount=Money.of("48000.00"))
    with pytest.raises(DatabaseError, match="must cost"):
        connection.check_constraints()


def test_the_database_refuses_to_change_signed_terms():
    _w, contract = signed()
    with pytest.raises(DatabaseError, match="is signed"), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(terms="改过的条款")


def test_the_database_refuses_a_signature_without_both_confirmations():
    _w, contract = drafted()
    with pytest.raises(DatabaseError, match="signed_means_both_confirmed"), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(signed_at=clock.now())
