"""Opening an escrow and paying it: a Checkout page at the provider, as often as it takes, paid once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from accounts.models import Organisation
from core import clock, rulesets, workdays
from core.audit import By
from core.money import Money
from core.numbering import next_number
from payments import errors, gateway
from payments.models import BankPayment, Escrow, EscrowPart, Funding, ProviderCall, Side
from payments.services.escrow import calls
from payments.services.escrow.locking import locked, must_be, record

OPEN = (Funding.State.OPENING, Funding.State.OPEN)
NEARLY_OVER = timedelta(minutes=5)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Part:
    """What a share of the money is for; `accepted`: its work is done already."""

    reference: str
    title: str
    amount: Money
    accepted: bool = False


@transaction.atomic
def open_escrow(
    *, group: str, title: str, page: str, buyer_id: int, supplier_id: int, parts: Sequence[Part], by: By
) -> Escrow:
    """Write down that a buyer will pay these parts into escrow. Nothing has moved yet.

    Raises escrow.enterprise, .unavailable, .taken, access.not_yours.
    """
    buyer = Organisation.objects.get(pk=buyer_id)
    if buyer.kind != Organisation.Kind.ENTERPRISE:
        raise errors.ESCROW_ENTERPRISE()
    if not gateway.available():
        raise errors.ESCROW_NONE()
    for part in parts:
        free_for_payment(part.reference, part.title)
    now, rules = clock.now(), rulesets.current("escrow")
    escrow = Escrow(
        number=next_number("TG"),
        group=group,
        title=title[:200],
        page=page,
        buyer=buyer,
        supplier_id=supplier_id,
        amount=Money(sum((part.amount.amount for part in parts), Decimal(0))),
        fee_share=Decimal(str(rules["fee_share"])),
        rules_ref=rules.ref,
        created_at=now,
        created_by_id=by.user_id,
    )
    must_be(escrow, by, Side.BUYER)
    escrow.save(force_insert=True)
    EscrowPart.objects.bulk_create(
        EscrowPart(
            escrow=escrow,
            position=position,
            reference=part.reference,
            title=part.title[:120],
            amount=part.amount,
            accepted_at=now if part.accepted else None,
        )
        for position, part in enumerate(parts, start=1)
    )
    record(escrow, "opened", by, amount=str(escrow.amount.amount), group=group)
    return escrow


def free_for_payment(reference: str, title: str) -> None:
    """Nobody may pay the same twice, by whatever way. Raises escrow.taken."""
    escrowed = EscrowPart.objects.filter(reference=reference, active=True).exists()
    if escrowed or BankPayment.objects.filter(reference=reference, refused_at=None).exists():
        raise errors.ESCROW_TAKEN(title=title)


def pay(*, escrow_id: int, by: By) -> Funding:
    """A payment page for the buyer, opened at the provider now. Call outside of a transaction.

    The funding tells what came of it: OPEN with an address; OPENING when the provider did not answer (it is asked
    again by itself); FAILED when it refused. Raises access.not_yours, escrow.paid, .given_up.
    """
    funding = _funding(escrow_id, by)
    if funding.state == Funding.State.OPENING:
        for call_id in funding.calls.filter(kind=ProviderCall.Kind.CHECKOUT).values_list("pk", flat=True):
            calls.perform(call_id)
        funding.refresh_from_db()
    return funding


@transaction.atomic
def _funding(escrow_id: int, by: By) -> Funding:
    """The page that is open, or a new one."""
    escrow = locked(escrow_id)
    must_be(escrow, by, Side.BUYER)
    if escrow.funded_at:
        raise errors.ESCROW_PAID()
    if escrow.cancelled_at:
        raise errors.ESCROW_GIVEN_UP()
    now = clock.now()
    current = escrow.fundings.select_for_update().filter(state__in=OPEN).first()
    if current and current.expires_at > now + NEARLY_OVER:
        return current
    if current:
        close(current, by)
    return _open(escrow, by)


def close(funding: Funding, by: By) -> None:
    """Nobody is to pay on this page any more. One that was paid all the same is noticed when its payment arrives."""
    if funding.session_id:
        params = {"session": funding.session_id}
        calls.write(kind=ProviderCall.Kind.EXPIRE, params=params, escrow=funding.escrow, funding=funding, by=by)
    funding.state = Funding.State.EXPIRED
    funding.save()


def _open(escrow: Escrow, by: By) -> Funding:
    now, limit = clock.now(), workdays.Limit.of(rulesets.current("escrow")["checkout"])
    expires_at = limit.end(now, workdays.load())
    funding = Funding.objects.create(escrow=escrow, amount=escrow.amount, opened_at=now, expires_at=expires_at)
    marks = {**calls.market(), "escrow": escrow.number, "funding": str(funding.pk)}
    back = f"{settings.SITE_URL}{escrow.get_absolute_url()}"
    params = {
        "mode": "payment",
        "client_reference_id": escrow.number,
        "line_items": [{"quantity": 1, "price_data": _price(escrow)}],
        "payment_method_types": list(settings.STRIPE_PAYMENT_METHODS),
        "payment_intent_data": {"transfer_group": escrow.number, "description": escrow.title, "metadata": marks},
        "metadata": marks,
        "success_url": f"{back}back/",
        "cancel_url": back,
        "expires_at": int(expires_at.timestamp()),
    }
    if "wechat_pay" in settings.STRIPE_PAYMENT_METHODS:
        params["payment_method_options"] = {"wechat_pay": {"client": "web"}}
    calls.write(kind=ProviderCall.Kind.CHECKOUT, params=params, escrow=escrow, funding=funding, by=by)
    record(escrow, "payment_page", by, funding=str(funding.pk))
    return funding


def _price(escrow: Escrow) -> dict[str, object]:
    return {
        "currency": gateway.CURRENCY,
        "unit_amount": gateway.fen(escrow.amount.amount),
        "product_data": {"name": f"{escrow.number} {escrow.title}"},
    }


@transaction.atomic
def cancel(*, escrow_id: int, by: By) -> Escrow:
    """The buyer gives an unpaid escrow up; its parts are free again. Again changes nothing. Raises escrow.paid."""
    escrow = locked(escrow_id)
    must_be(escrow, by, Side.BUYER)
    if escrow.funded_at:
        raise errors.ESCROW_PAID()
    if escrow.cancelled_at is None:
        give_up(escrow, by)
    return escrow


def give_up(escrow: Escrow, by: By) -> None:
    """Nobody is to pay this escrow any more. The caller holds its row and knows that nobody has."""
    for funding in escrow.fundings.select_for_update().filter(state__in=OPEN):
        close(funding, by)
    escrow.cancelled_at = clock.now()
    escrow.save()
    escrow.parts.update(active=False)
    record(escrow, "cancelled", by)
