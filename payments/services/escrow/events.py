"""Webhooks: checked by signature, stored once by the event's id, answered at once, handled afterwards in any order.

An event whose time has not come yet, or whose handling meets trouble, waits and is tried again; an operator may replay
any. Handling and its "done" are one transaction.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import transaction

from core import clock, jobs
from core.audit import By, record
from core.errors import Refusal
from payments import errors, gateway
from payments.gateway import Thing, Trouble
from payments.models import ProviderCall, ProviderEvent
from payments.rules.escrow import pause
from payments.services.escrow import arrivals
from payments.services.escrow.arrivals import NotYet

FIRST, LONGEST, MOST = timedelta(seconds=2), timedelta(hours=1), 20
Kind, State = ProviderCall.Kind, ProviderEvent.State


def receive(payload: bytes, signature: str) -> int:
    """Take an event in; the status to answer with: 200 stored (also when it was before), 400 not the provider's."""
    if not gateway.verified(payload, signature):
        raise errors.WEBHOOK_UNSIGNED()
    event = json.loads(payload)
    return _store(event)


@transaction.atomic
def _store(event: Thing) -> int:
    now, thing = clock.now(), event["data"]["object"]
    row, new = ProviderEvent.objects.get_or_create(
        event_id=event["id"],
        defaults={
            "kind": event["type"],
            "object_id": str(thing.get("id", ""))[:120],
            "payload": event,
            "happened_at": datetime.fromtimestamp(event["created"], UTC),
            "received_at": now,
            "next_at": now,
        },
    )
    if new:
        jobs.enqueue("payments.handle_event", event_pk=row.pk)
    else:
        row.deliveries += 1
        row.save(update_fields=["deliveries"])
    return 200


def handle(event_pk: int) -> None:
    """Handle a stored event, unless it is done or somebody else is at it."""
    try:
        with transaction.atomic():
            row = _waiting(event_pk)
            if row is None:
                return
            ours = _apply(row.kind, row.payload["data"]["object"])
            row.state, row.handled_at, row.trouble = (State.DONE if ours else State.IGNORED), clock.now(), ""
            row.attempts += 1
            row.save()
    except (NotYet, Trouble, Refusal, ArithmeticError, LookupError, TypeError, ValueError) as fault:
        _later(event_pk, fault)


def _waiting(event_pk: int) -> ProviderEvent | None:
    rows = ProviderEvent.objects.select_for_update(skip_locked=True)
    return rows.filter(pk=event_pk, state=State.WAITING).first()


@transaction.atomic
def _later(event_pk: int, fault: Exception) -> None:
    row = _waiting(event_pk)
    if row is None:
        return
    row.attempts += 1
    row.trouble = f"{type(fault).__name__}: {fault}"[:300]
    row.next_at = clock.now() + pause(row.attempts, FIRST, LONGEST)
    if row.attempts >= MOST:
        row.state = State.STUCK
    row.save()


def _apply(kind: str, thing: Thing) -> bool:
    """Hand an event's object to whom it concerns; says whether it concerned anybody."""
    handler = HANDLERS.get(kind)
    return handler(thing) if handler else False


def _session(session: Thing) -> bool:
    """The session names its payment intent only; a paid one is asked for in full."""
    if session["status"] == "complete":
        arrivals.session_told(gateway.checkout(session["id"]))
    else:
        arrivals.session_told(session)
    return True


def _transfer(transfer: Thing) -> bool:
    return arrivals.call_told(Kind.TRANSFER, transfer)


def _refund(refund: Thing) -> bool:
    return arrivals.call_told(Kind.REFUND, refund)


HANDLERS: dict[str, Callable[[Thing], bool]] = {
    "checkout.session.completed": _session,
    "checkout.session.async_payment_succeeded": _session,
    "checkout.session.expired": _session,
    "payment_intent.succeeded": arrivals.intent_told,
    "payment_intent.payment_failed": arrivals.intent_told,
    "transfer.created": _transfer,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.dispute.created": arrivals.dispute_told,
    "charge.dispute.updated": arrivals.dispute_told,
    "charge.dispute.closed": arrivals.dispute_told,
    "charge.dispute.funds_withdrawn": arrivals.dispute_told,
    "charge.dispute.funds_reinstated": arrivals.dispute_told,
    "account.updated": arrivals.account_told,
}


@transaction.atomic
def replay(*, event_pk: int, by: By) -> None:
    """Handle an event once more, whatever became of it: what it tells is in the books once all the same."""
    row = ProviderEvent.objects.select_for_update().get(pk=event_pk)
    row.state, row.attempts, row.next_at = State.WAITING, 0, clock.now()
    row.save()
    record(stream=f"provider_event:{row.pk}", action="replayed", by=by, data={"event": row.event_id})
    jobs.enqueue("payments.handle_event", event_pk=row.pk)


def due(now: datetime) -> list[tuple[int, int]]:
    """Stored events to be handled now, oldest first: id and attempts so far."""
    rows = ProviderEvent.objects.filter(state=State.WAITING, next_at__lte=now)
    return list(rows.order_by("happened_at", "pk").values_list("pk", "attempts")[:200])
