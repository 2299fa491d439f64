"""Escrow from payment to the last fen: what is held, what moves, what stops it, and that the provider's books agree."""

from datetime import timedelta

import pytest

from core import clock
from core.audit import SYSTEM, By
from core.errors import Refusal
from payments.models import BankPayment, Funding, ProviderCall
from payments.services.escrow import disputes, moving, opening, reconciling
from payments.stripe_double import charging
from tests.payments import books
from tests.payments.deals import deal, later, money, tell

pytestmark = pytest.mark.django_db


def agrees():
    now = clock.now()
    row = reconciling.reconcile(since=now - timedelta(days=2), until=now + timedelta(days=2), by=SYSTEM)
    assert [(one.kind, one.source, one.what) for one in row.differences.all()] == []
    assert row.state == "agrees", (row.trouble, row.provider_balance, row.books_balance)
    return row


def refused(code, act, **values):
    with pytest.raises(Refusal) as refusal:
        act(**values)
    assert refusal.value.code == code


def test_a_payment_is_held_and_an_acceptance_releases_its_part():
    d = deal()
    funding = d.paid()
    assert funding.state == Funding.State.PAID
    assert d.books() == {"held": "48500.00"}
    moving.part_accepted(reference=d.refs[0], by=d.as_buyer)
    assert d.books() == {"held": "29100.00", "agency_due": "19400.00"}
    tell()
    assert d.books() == {"held": "29100.00"}
    moving.part_accepted(reference=d.refs[0], by=d.as_buyer)
    moving.part_accepted(reference=d.refs[1], by=SYSTEM)
    tell()
    assert d.books() == {}
    agrees()


def test_nothing_is_released_for_what_nobody_escrowed():
    moving.part_accepted(reference="milestone:404", by=SYSTEM)
    assert ProviderCall.objects.count() == 0


def test_what_was_accepted_before_the_payment_is_released_with_it():
    d = deal()
    moving.part_accepted(reference=d.refs[0], by=d.as_buyer)
    assert d.books() == {}
    d.paid()
    assert d.books() == {"held": "29100.00"}


def test_a_declined_card_may_be_followed_by_another():
    d = deal()
    funding = d.page()
    d.desk.pay(funding.session_id, number=charging.POOR)
    tell()
    funding.refresh_from_db()
    assert (funding.state, funding.failure) == (Funding.State.OPEN, "insufficient_funds")
    d.desk.pay(funding.session_id, number=charging.SECURE)
    d.desk.authenticate(funding.session_id, passed=False)
    tell()
    d.desk.pay(funding.session_id, number=charging.SECURE)
    d.desk.authenticate(funding.session_id, passed=True)
    tell()
    funding.refresh_from_db()
    assert (funding.state, funding.failure) == (Funding.State.PAID, "")
    assert d.books() == {"held": "48500.00"}
    agrees()


@pytest.mark.parametrize("method", ["alipay", "wechat_pay"])
def test_wallets_pay_as_cards_do(method):
    d = deal()
    d.paid(method=method)
    assert d.books() == {"held": "48500.00"}
    agrees()


def test_the_return_from_the_page_is_enough_when_no_webhook_comes(monkeypatch):
    from payments.services.escrow import arrivals

    d = deal()
    funding = d.page()
    d.desk.pay(funding.session_id)
    assert arrivals.refresh(funding).state == Funding.State.PAID
    assert d.books() == {"held": "48500.00"}
    tell()
    assert d.books() == {"held": "48500.00"}
    agrees()


def test_one_page_at_a_time_and_a_second_payment_goes_back():
    d = deal()
    first = d.page()
    assert d.page().pk == first.pk
    with clock.at(first.expires_at - timedelta(minutes=4)):
        second = d.page()
    assert second.pk != first.pk
    # Both are paid: the first before its end is carried out.
    d.desk.pay(first.session_id)
    d.desk.pay(second.session_id)
    tell()
    states = sorted(Funding.objects.filter(escrow=d.escrow).values_list("state", flat=True))
    assert states == ["paid", "surplus"]
    assert d.books() == {"held": "48500.00"}
    agrees()


def test_a_payment_after_giving_up_goes_back():
    d = deal()
    funding = d.page()
    opening.cancel(escrow_id=d.escrow.pk, by=d.as_buyer)
    d.desk.pay(funding.session_id)
    tell()
    assert d.books() == {}
    assert d.call("refund").state == ProviderCall.State.DONE
    agrees()


def test_the_buyer_may_release_early_but_never_more_than_is_there():
    d = deal()
    part = d.escrow.parts.first()
    refused("escrow.unpaid", moving.release_early, part_id=part.pk, amount=money("1"), by=d.as_buyer)
    d.paid()
    refused("escrow.short", moving.release_early, part_id=part.pk, amount=money("19400.01"), by=d.as_buyer)
    refused("access.not_yours", moving.release_early, part_id=part.pk, amount=money("1"), by=d.as_agency)
    moving.release_early(part_id=part.pk, amount=money("5000"), by=d.as_buyer)
    moving.part_accepted(reference=d.refs[0], by=d.as_buyer)
    tell()
    assert d.books() == {"held": "29100.00"}
    assert [call.amount for call in d.escrow.calls.filter(kind="transfer")] == [money("5000"), money("14400")]
    agrees()


def test_the_agency_may_give_back_and_nobody_else():
    d = deal()
    d.paid()
    refused("access.not_yours", moving.give_back, escrow_id=d.escrow.pk, amount=money("1"), reason="x", by=d.as_buyer)
    refused("escrow.reason", moving.give_back, escrow_id=d.escrow.pk, amount=money("1"), reason=" ", by=d.as_agency)
    refused(
        "escrow.short", moving.give_back, escrow_id=d.escrow.pk, amount=money("48500.01"), reason="x", by=d.as_agency
    )
    moving.give_back(escrow_id=d.escrow.pk, amount=money("8500"), reason="工作量减少", by=d.as_agency)
    tell()
    assert d.books() == {"held": "40000.00"}
    agrees()


def test_a_wallet_that_does_not_take_its_refund_leaves_the_debt_and_an_operator_with_it():
    from payments.services.escrow import calls

    d = deal()
    d.paid(method="alipay")
    moving.give_back(escrow_id=d.escrow.pk, amount=money("8500"), reason="工作量减少", by=d.as_agency)
    tell()
    assert d.books() == {"held": "40000.00"}
    d.desk.settle_refund(d.desk.pending_refunds()[0], arrived=False)
    tell()
    call = d.call("refund")
    assert (call.state, d.books()) == ("stuck", {"held": "40000.00", "refund_due": "8500.00"})
    agrees()
    calls.retry(call_id=call.pk, by=SYSTEM)
    tell()
    d.desk.settle_refund(d.desk.pending_refunds()[0], arrived=True)
    tell()
    call.refresh_from_db()
    assert (call.state, d.books()) == ("done", {"held": "40000.00"})
    agrees()


def test_a_dispute_stops_the_money_and_the_books_refuse_to_move_it():
    d = deal()
    d.paid()
    disputes.stop(escrow_id=d.escrow.pk, reason="成果缺少监测数据", by=d.as_buyer)
    assert d.books() == {"frozen": "48500.00"}
    part = d.escrow.parts.first()
    refused("escrow.frozen", moving.release_early, part_id=part.pk, amount=money("1"), by=d.as_buyer)
    refused("escrow.frozen", moving.give_back, escrow_id=d.escrow.pk, amount=money("1"), reason="x", by=d.as_agency)
    moving.part_accepted(reference=d.refs[0], by=SYSTEM)
    assert d.books() == {"frozen": "48500.00"}
    refused("access.not_yours", disputes.resume, escrow_id=d.escrow.pk, by=d.as_agency)
    disputes.resume(escrow_id=d.escrow.pk, by=d.as_buyer)
    tell()
    assert d.books() == {"held": "29100.00"}
    agrees()


def test_a_settlement_needs_both_and_splits_to_the_fen():
    d = deal()
    d.paid()
    disputes.stop(escrow_id=d.escrow.pk, reason="成果不完整", by=d.as_agency)
    refused(
        "escrow.short",
        disputes.propose,
        escrow_id=d.escrow.pk,
        to_supplier=money("48500.01"),
        reason="x",
        by=d.as_buyer,
    )
    offer = disputes.propose(escrow_id=d.escrow.pk, to_supplier=money("30000.01"), reason="已完成六成", by=d.as_buyer)
    refused(
        "settlement.open", disputes.propose, escrow_id=d.escrow.pk, to_supplier=money("1"), reason="x", by=d.as_agency
    )
    refused("settlement.own", disputes.answer, settlement_id=offer.pk, accepted=True, by=d.as_buyer)
    disputes.answer(settlement_id=offer.pk, accepted=True, by=d.as_agency)
    refused("settlement.answered", disputes.answer, settlement_id=offer.pk, accepted=False, by=d.as_agency)
    tell()
    assert d.books() == {}
    assert sum(call.amount.amount for call in d.escrow.calls.filter(kind="transfer")) == money("30000.01").amount
    assert d.call("refund").amount == money("18499.99")
    agrees()


def test_a_regulator_may_end_what_the_parties_cannot():
    d = deal()
    d.paid()
    refused("escrow.not_frozen", disputes.decide, escrow_id=d.escrow.pk, to_supplier=money("1"), reason="x", by=SYSTEM)
    disputes.stop(escrow_id=d.escrow.pk, reason="逾期", by=d.as_buyer)
    disputes.decide(escrow_id=d.escrow.pk, to_supplier=money("0"), reason="未交付任何成果", by=SYSTEM)
    tell()
    assert d.books() == {}
    assert d.call("refund").amount == money("48500")
    agrees()


@pytest.mark.parametrize(("won", "left"), [(True, {"held": "29100.00"}), (False, {})])
def test_a_bank_dispute_freezes_and_ends_in_the_books(won, left):
    d = deal()
    funding = d.paid()
    moving.part_accepted(reference=d.refs[0], by=SYSTEM)
    tell()
    opened = d.desk.dispute(funding.charge_id)
    tell()
    assert d.books() == {"frozen": "29100.00", "disputed": "48500.00"}
    refused("escrow.at_bank", disputes.stop, escrow_id=d.escrow.pk, reason="x", by=d.as_buyer)
    moving.part_accepted(reference=d.refs[1], by=SYSTEM) if not won else None
    d.desk.close_dispute(opened["id"], won=won)
    tell()
    assert d.books() == left
    agrees()


def test_money_for_an_agency_without_an_account_waits_for_it():
    d = deal(onboarded=False)
    d.paid()
    moving.part_accepted(reference=d.refs[0], by=SYSTEM)
    tell()
    assert (d.call("transfer").state, d.books()) == ("blocked", {"held": "29100.00", "agency_due": "19400.00"})
    d.onboarded()
    assert (d.call("transfer").state, d.books()) == ("done", {"held": "29100.00"})
    agrees()


def test_a_department_never_pays_through_escrow():
    from django.db import DatabaseError, transaction

    from payments.models import Escrow

    d = deal()
    department = books.organisation()
    refused(
        "escrow.enterprise",
        opening.open_escrow,
        group="contract:9",
        title="x",
        page="/",
        buyer_id=department.pk,
        supplier_id=d.agency.pk,
        parts=[opening.Part("milestone:9", "x", money("1"))],
        by=By(None, department.pk),
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        Escrow.objects.filter(pk=d.escrow.pk).update(buyer=department)


def test_the_same_work_is_paid_once_whatever_the_way():
    d = deal()
    again = {
        "group": d.escrow.group,
        "title": "x",
        "page": "/",
        "buyer_id": d.buyer.pk,
        "supplier_id": d.agency.pk,
        "parts": [opening.Part(d.refs[0], "送审稿", money("1"))],
        "by": d.as_buyer,
    }
    refused("escrow.taken", opening.open_escrow, **again)
    opening.cancel(escrow_id=d.escrow.pk, by=d.as_buyer)
    opening.open_escrow(**again)
    assert BankPayment.objects.count() == 0


def test_an_outsider_moves_nothing():
    d, other = deal(), deal()
    d.paid()
    for by in (other.as_buyer, other.as_agency, SYSTEM):
        refused("access.not_yours", opening.pay, escrow_id=d.escrow.pk, by=by)
        refused("access.not_yours", opening.cancel, escrow_id=d.escrow.pk, by=by)
        refused("access.not_yours", disputes.stop, escrow_id=d.escrow.pk, reason="x", by=by)
    later(hours=1)
    assert d.books() == {"held": "48500.00"}
