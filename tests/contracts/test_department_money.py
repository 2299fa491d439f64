"""A department's money along the way of a contract: bound when the winner confirms, owed when a result is accepted."""

from decimal import Decimal

import pytest

from bidding import selectors, services
from contracts import services as contracts
from core import clock
from core.audit import By
from payments.models import Commitment, Payable
from payments.selectors import budget
from tests.bidding import world as auction
from tests.bidding.test_competition import NOW, bid, closed
from tests.contracts.world import delivered, drafted, signed

pytestmark = pytest.mark.django_db


def stages(need):
    return {name: amount.amount for name, amount in budget.line(need.budget_line_id).standing.stages.items() if amount}


def test_confirming_binds_the_price_and_frees_the_difference():
    w, contract = drafted(kind="department")
    assert stages(w.need) == {"free": Decimal("9951500.00"), "committed": Decimal("48500.00")}
    commitment = Commitment.objects.get()
    assert (commitment.payee_id, commitment.amount) == (w.agency.pk, contract.amount)


def test_an_accepted_result_is_owed_within_the_limit():
    w, contract = signed(kind="department")
    handed = delivered(w, contract)
    contracts.accept(deliverable_id=handed.pk, by=w.as_buyer)
    contracts.accept(deliverable_id=handed.pk, by=w.as_buyer)
    payable = Payable.objects.get()
    assert stages(w.need)["payable"] == payable.amount.amount == Decimal("48500.00")
    assert payable.reference == f"milestone:{handed.milestone_id}"
    assert payable.since < payable.warn_at < payable.due_at
    assert payable.rules_ref == "budget@1"


def test_the_contract_s_page_tells_both_what_is_owed(client):
    w, contract = signed(kind="department")
    contracts.accept(deliverable_id=delivered(w, contract).pk, by=w.as_buyer)
    for user in (w.bea, w.ana):
        client.force_login(user)
        page = client.get(f"/contracts/{contract.pk}/").content.decode()
        assert "应付" in page
        assert "付款期限" in page


def test_an_enterprise_owes_nothing_from_a_budget():
    w, contract = signed()
    contracts.accept(deliverable_id=delivered(w, contract).pk, by=w.as_buyer)
    assert not Payable.objects.exists()


def test_when_the_winner_declines_the_next_finds_its_money_and_after_the_last_all_is_free():
    place = auction.competition(bidders=3, kind="department", now=NOW)
    for entry, amount in zip(place.entries, ("50000.00", "49000.00", "48000.00"), strict=True):
        bid(place, entry, amount)
    closed(place)
    assert stages(place.need)["reserved"] == Decimal("50000.00")
    with clock.at(NOW):
        for left in (2, 1, 0):
            award = selectors.standing_award(place.need.pk)
            services.decline_award(award_id=award.pk, reason="人手不足", by=By(None, award.agency_id))
            assert stages(place.need).get("reserved", Decimal(0)) == (Decimal("50000.00") if left else Decimal(0))
    assert stages(place.need) == {"free": Decimal("10000000.00")}
