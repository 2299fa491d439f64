"""Escrow in the city: one of the enterprise with the supplier in every state that has an address of its own."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock, jobs
from core.audit import SYSTEM
from core.money import Money
from payments import gateway
from payments.models import Escrow, ProviderEvent
from payments.services.escrow import bank, disputes, events, moving, opening, payouts, reconciling

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def settle(city) -> None:
    """Build it all. Stripe's side stays in memory, as in every test."""
    supplier = city.actors["supplier"]
    payouts.onboarding(organisation_id=supplier.org_id, by=supplier.by)
    account = supplier.organisation.payout_account
    account.refresh_from_db()
    gateway.desk().onboard(account.account_id)
    _told()
    unpaid, held, frozen, offered = (_escrow(city, place) for place in range(4))
    page = opening.pay(escrow_id=unpaid.pk, by=city.actors["enterprise"].by)
    for escrow in (held, frozen, offered):
        _paid(city, escrow)
    for escrow in (frozen, offered):
        disputes.stop(escrow_id=escrow.pk, reason="成果不完整", by=city.actors["enterprise"].by)
    offer = disputes.propose(escrow_id=offered.pk, to_supplier=Money.of(1000), reason="完成一半", by=supplier.by)
    now = clock.now()
    row = reconciling.reconcile(since=now - timedelta(days=1), until=now + timedelta(days=1), by=SYSTEM)
    city.ids |= {
        "unpaid": unpaid.pk,
        "held": held.pk,
        "part": held.parts.first().pk,
        "frozen": frozen.pk,
        "offer": offer.pk,
        "transferred": _bank_payment(city),
        "provider_event": ProviderEvent.objects.first().pk,
        "stuck": _stuck(city, held),
        "reconciled": row.pk,
        "checkout": page.session_id,
        "connected": account.account_id,
    }


def _told() -> None:
    gateway.desk().deliver(events.receive)
    jobs.drain()


def _escrow(city, place: int) -> Escrow:
    buyer = city.actors["enterprise"]
    return opening.open_escrow(
        group=f"contract:{city.ids['signed']}",
        title="场地调查",
        page=f"/contracts/{city.ids['signed']}/",
        buyer_id=buyer.org_id,
        supplier_id=city.ids["supplier"],
        parts=[opening.Part(f"milestone:90{place}", "送审稿", Money.of(2000))],
        by=buyer.by,
    )


def _paid(city, escrow: Escrow) -> None:
    funding = opening.pay(escrow_id=escrow.pk, by=city.actors["enterprise"].by)
    gateway.desk().pay(funding.session_id)
    _told()


def _bank_payment(city) -> int:
    buyer = city.actors["enterprise"]
    return bank.report(
        group=f"contract:{city.ids['signed']}",
        reference="milestone:909",
        title="场地调查：尾款",
        page=f"/contracts/{city.ids['signed']}/",
        buyer_id=buyer.org_id,
        supplier_id=city.ids["supplier"],
        amount=Money.of(500),
        slip=SimpleUploadedFile("回单.pdf", PDF, "application/pdf"),
        note="",
        by=buyer.by,
    ).pk


def _stuck(city, escrow: Escrow) -> int:
    """A refund the provider refused so often that an operator has to look."""
    moving.give_back(escrow_id=escrow.pk, amount=Money.of(10), reason="少一次踏勘", by=city.actors["supplier"].by)
    call = escrow.calls.get(kind="refund")
    gateway.double().troubles.append(400)
    _told()
    call.refresh_from_db()
    assert call.state == "stuck"
    return call.pk
