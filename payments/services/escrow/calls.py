"""What the provider is to do, written down first, then asked for, then recorded.

A call is a row, committed with the decision behind it. Asking happens outside of any lock on the escrow; the same key
and words are sent each time, so that a crash anywhere is healed by asking again. Retries are bounded: then an operator
looks at it. Nothing is given up silently.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.models import Organisation
from core import chance, clock, jobs, rulesets, workdays
from core.audit import By, record
from core.money import Money
from payments import errors, gateway
from payments.gateway import Thing, Trouble
from payments.models import Escrow, Funding, PayoutAccount, ProviderCall
from payments.rules.escrow import pause
from payments.services.escrow import outcomes

Kind, State = ProviderCall.Kind, ProviderCall.State
UNSURE = "connection"
AWAITED = timedelta(seconds=15)
CLAIM = timedelta(minutes=2)  # longer than any attempt takes; after a crash the call is taken up again then


def write(
    *,
    kind: str,
    params: Thing,
    by: By,
    escrow: Escrow | None = None,
    funding: Funding | None = None,
    organisation: Organisation | None = None,
    amount: Money | None = None,
    fee: Money | None = None,
) -> ProviderCall:
    """Write a call down, inside the transaction that decides it. Its mark goes along, to be found by later."""
    now, key = clock.now(), f"{kind}-{chance.token()[:32]}"
    marked = params if kind == Kind.EXPIRE else params | {"metadata": {**params.get("metadata", {}), "call": key}}
    call = ProviderCall.objects.create(
        kind=kind,
        key=key,
        params=marked,
        escrow=escrow,
        funding=funding,
        organisation=organisation,
        amount=amount,
        fee=fee,
        next_at=now,
        created_at=now,
        created_by_id=by.user_id,
    )
    # Who asks for a page waits for it and has it asked for at once; the job is for when that does not come to an end.
    awaited = kind in (Kind.CHECKOUT, Kind.ACCOUNT)
    jobs.enqueue("payments.perform_call", run_at=now + AWAITED if awaited else None, call_id=call.pk)
    return call


def perform(call_id: int) -> None:
    """Ask the provider, if the call is due and nobody else is asking. Call outside of transactions where possible."""
    call = _claim(call_id)
    if call is None:
        return
    try:
        done = _asked(call)
    except Trouble as trouble:
        _failed(call.pk, trouble)
        return
    outcomes.done(call.pk, done)


def _asked(call: ProviderCall) -> Thing:
    """What was done, now or by an earlier attempt whose answer never came."""
    if call.attempts > 1 and _unsure(call.trouble):
        before = gateway.done_before(call.kind, call.params, call.key)
        if before is not None:
            return before
    return gateway.ask(call.kind, call.params, key=call.sent_key)


def _unsure(trouble: str) -> bool:
    """May the last attempt have been carried out all the same? Without any answer noted: it may."""
    return trouble in ("", UNSURE) or trouble.startswith("http_5")


@transaction.atomic
def _claim(call_id: int) -> ProviderCall | None:
    call = ProviderCall.objects.select_for_update(skip_locked=True).filter(pk=call_id, state=State.WAITING).first()
    now = clock.now()
    if call is None or call.next_at > now:
        return None
    if call.kind == Kind.TRANSFER and not _addressed(call):
        call.state = State.BLOCKED
        call.save()
        return None
    call.attempts += 1
    call.tried_at, call.next_at = now, now + CLAIM
    call.save()
    return call


def _addressed(call: ProviderCall) -> bool:
    """Is there a ready account to transfer to? The first answer stays: the words of a call never change."""
    if "destination" in call.params:
        return True
    account = (
        PayoutAccount.objects.filter(organisation=call.escrow.supplier, ready=True).first() if call.escrow else None
    )
    if account is None:
        return False
    call.params |= {"destination": account.account_id}
    return True


@transaction.atomic
def _failed(call_id: int, trouble: Trouble) -> None:
    call = ProviderCall.objects.select_for_update().get(pk=call_id)
    if call.state != State.WAITING:
        return
    rules, now = rulesets.current("escrow"), clock.now()
    call.trouble, call.message = trouble.code[:80], trouble.message[:300]
    most = rules["checkout_tries"] if call.kind in (Kind.CHECKOUT, Kind.EXPIRE) else rules["retry_most"]
    if trouble.code == "insufficient_capabilities_for_transfer":
        call.state, call.params = State.BLOCKED, {k: v for k, v in call.params.items() if k != "destination"}
        call.generation += 1
        PayoutAccount.objects.filter(organisation=call.escrow.supplier if call.escrow else None).update(ready=False)
    elif trouble.again and call.attempts < most:
        call.generation += trouble.remembered
        call.next_at = now + pause(call.attempts, _span(rules["retry_first"]), _span(rules["retry_longest"]))
    else:
        outcomes.refused(call)
    call.save()


def _span(limit: Any) -> timedelta:
    start = clock.now()
    return workdays.Limit.of(limit).end(start, workdays.WorkCalendar({})) - start


def due(now: datetime) -> list[tuple[int, int]]:
    """Calls to be tried now, oldest first: id and attempts so far."""
    rows = ProviderCall.objects.filter(state=State.WAITING, next_at__lte=now)
    return list(rows.order_by("next_at", "pk").values_list("pk", "attempts")[:50])


@transaction.atomic
def wake(organisation_id: int) -> None:
    """An agency can be paid now: what waited for it goes on."""
    rows = ProviderCall.objects.filter(state=State.BLOCKED, escrow__supplier_id=organisation_id)
    for call in rows.select_for_update(of=("self",)).order_by("pk"):
        _again(call)


@transaction.atomic
def retry(*, call_id: int, by: By) -> None:
    """An operator has looked at it: try again from the start. Raises provider.not_stuck."""
    call = ProviderCall.objects.select_for_update(of=("self",)).filter(pk=call_id, state=State.STUCK).first()
    if call is None:
        raise errors.CALL_NOT_STUCK()
    _again(call)
    stream = call.escrow.reference if call.escrow else f"call:{call.pk}"
    record(stream=stream, action="call_retried", by=by, data={"call": call.key, "trouble": call.trouble})


def _again(call: ProviderCall) -> None:
    """Due at once, as after a first attempt, so that what was done before is looked for; refusals need a new key."""
    if call.attempts and not _unsure(call.trouble):
        call.generation = F("generation") + 1
    call.state, call.next_at, call.trouble = State.WAITING, clock.now(), ""
    call.attempts = min(call.attempts, 1)
    call.save()
    jobs.enqueue("payments.perform_call", call_id=call.pk)


def market() -> dict[str, str]:
    """Tells our objects from those of another site that shares the provider's account."""
    return {"market": settings.SITE_URL}
