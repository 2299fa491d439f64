"""What follows when the provider has done something, or will not: once, whether its answer or its event comes first."""

from collections.abc import Callable

from django.db import transaction

from core import clock
from core.audit import SYSTEM
from payments import gateway
from payments.gateway import Thing
from payments.models import Escrow, Funding, PayoutAccount, ProviderCall
from payments.services.escrow import pots
from payments.services.escrow.locking import locked, record

Kind, State = ProviderCall.Kind, ProviderCall.State


@transaction.atomic
def done(call_id: int, thing: Thing) -> None:
    """Record what a call has led to. Again changes nothing. Locks the call, then its escrow, as everybody does."""
    call = ProviderCall.objects.select_for_update(of=("self",)).get(pk=call_id)
    if call.state == State.DONE:
        return
    escrow = locked(call.escrow_id) if call.escrow_id else None
    call.state, call.provider_id, call.done_at = State.DONE, str(thing["id"])[:120], clock.now()
    call.trouble = call.message = ""
    call.save()
    DONE[call.kind](call, escrow, thing)


def _checkout(call: ProviderCall, _escrow: Escrow | None, thing: Thing) -> None:
    funding = _funding(call)
    funding.session_id, funding.url = thing["id"], thing.get("url") or ""
    if funding.state == Funding.State.OPENING:
        funding.state = Funding.State.OPEN
    funding.save()


def _expired(call: ProviderCall, _escrow: Escrow | None, _thing: Thing) -> None:
    funding = _funding(call)
    if funding.state == Funding.State.OPEN:
        funding.state = Funding.State.EXPIRED
        funding.save()


def _transferred(call: ProviderCall, escrow: Escrow | None, thing: Thing) -> None:
    _paid(call, escrow, thing, "transferred")


def _refunded(call: ProviderCall, escrow: Escrow | None, thing: Thing) -> None:
    paid = _paid(call, escrow, thing, "refunded")
    if thing.get("status") in ("failed", "canceled"):
        refund_came_back(call, paid, thing)


def _paid(call: ProviderCall, escrow: Escrow | None, thing: Thing, what: str) -> Escrow:
    """What was owed has left the provider: "transferred" to the agency or "refunded" to the buyer."""
    if escrow is None:
        raise ValueError(f"call {call.pk} belongs to no escrow")
    owed = pots.Pots(escrow)
    debt, amount = (owed.agency_due if what == "transferred" else owed.refund_due), gateway.yuan(thing["amount"])
    pots.move(escrow, f"stripe:{thing['id']}:paid", what, [(debt, amount), (pots.cash(), -amount)])
    record(escrow, what, SYSTEM, amount=str(amount), provider=thing["id"])
    return escrow


def refund_came_back(call: ProviderCall, escrow: Escrow, thing: Thing) -> None:
    """The payer's bank or wallet did not take it: the money is the buyer's still, and somebody has to look at it."""
    amount = gateway.yuan(thing["amount"])
    lines = [(pots.cash(), amount), (pots.Pots(escrow).refund_due, -amount)]
    pots.move(escrow, f"stripe:{thing['id']}:failed", "refund_failed", lines)
    call.state, call.trouble = State.STUCK, "refund_failed"
    call.message = str(thing.get("failure_reason") or "")[:300]
    call.save()


def _account(call: ProviderCall, _escrow: Escrow | None, thing: Thing) -> None:
    PayoutAccount.objects.filter(organisation=call.organisation, account_id="").update(account_id=thing["id"])


DONE: dict[str, Callable[[ProviderCall, Escrow | None, Thing], None]] = {
    Kind.CHECKOUT: _checkout,
    Kind.EXPIRE: _expired,
    Kind.TRANSFER: _transferred,
    Kind.REFUND: _refunded,
    Kind.ACCOUNT: _account,
}


def refused(call: ProviderCall) -> None:
    """The provider will not do it, or has failed too often. What is owed stays owed and waits for an operator; a
    payment page nobody waits for any longer is given up. The caller saves the call.
    """
    if call.kind == Kind.CHECKOUT:
        Funding.objects.filter(pk=call.funding_id or 0, state=Funding.State.OPENING).update(state=Funding.State.FAILED)
    given_up = call.kind in (Kind.CHECKOUT, Kind.EXPIRE)
    call.state = State.REFUSED if given_up else State.STUCK


def _funding(call: ProviderCall) -> Funding:
    return Funding.objects.select_for_update().get(pk=call.funding_id or 0)
