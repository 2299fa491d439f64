"""The life of a department's money, told by the rooms above: reserved for a need, committed to the winner, payable
once a result is accepted, released when nothing comes of it. They speak of references ("need:12", "milestone:7").

Every verb may be repeated: what happened already happens no second time.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accounts.errors import NOT_YOURS
from core import audit, clock, rulesets, workdays
from core.audit import By
from core.errors import Refusal
from core.money import Money
from core.workdays import Limit
from payments import errors, ledger
from payments.models import Commitment, Payable, Reservation, Transfer
from payments.rules import budget as rules
from payments.services.lines import lock, short, this_year
from payments.services.pots import pots

NOTHING = Money.of(0)
REOPENED = "award.withdrawn"


@dataclass(frozen=True)
class Cause:
    """Why money moves: the key that keeps it from moving twice, the news, what it is about, and who did it."""

    key: str
    news: str
    reference: str
    by: By
    note: str = ""


FREE, RESERVED, COMMITTED, PAYABLE = rules.FREE, rules.RESERVED, rules.COMMITTED, rules.PAYABLE


@transaction.atomic
def reserve(*, line_id: int, reference: str, amount: Money, title: str, page: str, by: By) -> Reservation:
    """Set money of a line aside. Raises access.not_yours, budget.year_over, budget.short; the database decides."""
    done = Reservation.objects.filter(reference=reference).first()
    if done:
        return done
    line = lock(line_id)
    if line.department_id != by.org_id:
        raise NOT_YOURS()
    year = line.fiscal_year
    if not rules.usable(year.year, this_year(), closed=year.closed_at is not None):
        raise errors.YEAR_NOT_USABLE(year=year.year)
    try:
        cause = Cause(f"reserve:{reference}", "need.published", reference, by)
        _move(line_id, cause, {FREE: -amount.amount}, RESERVED)
    except Refusal as refusal:
        raise short(refusal, line, amount) from refusal
    row = Reservation.objects.create(
        line=line,
        reference=reference,
        title=title[:200],
        page=page,
        amount=amount,
        reserved=amount,
        **dict.fromkeys(("committed", "payable", "paid", "released"), NOTHING),
        reserved_at=clock.now(),
    )
    audit.record(stream=line.reference, action="reserved", by=by, data={"for": reference, "amount": str(amount.amount)})
    return row


@transaction.atomic
def commit(*, reference: str, amount: Money, payee_id: int, by: By) -> Commitment:
    """Bind a reservation to the agency that took the work on; the difference to its price is free again.

    Raises ValueError for a price above what was reserved: nobody may offer one.
    """
    row = _lock(reference)
    done = Commitment.objects.filter(reservation=row).first()
    if done:
        return done
    share = rules.award(row.reserved.amount, amount.amount)
    changes = {RESERVED: -row.reserved.amount, COMMITTED: share.committed}
    cause = Cause(f"commit:{reference}{_again(reference)}", "award.confirmed", reference, by)
    _move(row.line_id, cause, changes, FREE)
    row.reserved, row.committed = NOTHING, amount
    row.released += Money(share.returned)
    row.save()
    data = {"for": reference, "amount": str(amount.amount), "released": str(share.returned), "payee": payee_id}
    audit.record(stream=row.line.reference, action="committed", by=by, data=data)
    return Commitment.objects.create(reservation=row, payee_id=payee_id, amount=amount, committed_at=clock.now())


def _again(reference: str) -> str:
    """What tells the second commitment of a reservation from the first: how often it was reopened."""
    times = Transfer.objects.filter(cause=REOPENED, reference=reference).count()
    return f":{times}" if times else ""


@transaction.atomic
def reopen(*, reference: str, by: By) -> bool:
    """Nothing came of a commitment and the next agency is asked: all that was reserved is reserved again.

    Says whether there was one. Raises budget.short when the difference that returned to free is gone by now.
    """
    commitment = Commitment.objects.filter(reservation__reference=reference).first()
    if commitment is None:
        return False
    row = _lock(reference)
    changes = {COMMITTED: -row.committed.amount, RESERVED: row.amount.amount}
    cause = Cause(f"reopen:{reference}{_again(reference)}", REOPENED, reference, by)
    try:
        with transaction.atomic():
            _move(row.line_id, cause, changes, FREE)
    except Refusal as refusal:
        raise short(refusal, row.line, row.amount - row.committed) from refusal
    data = {"for": reference, "amount": str(commitment.amount.amount), "payee": commitment.payee_id}
    commitment.delete()
    row.committed, row.reserved, row.released = NOTHING, row.amount, NOTHING
    row.save()
    audit.record(stream=row.line.reference, action="reopened", by=by, data=data)
    return True


@transaction.atomic
def change(*, reference: str, amount: Money, mark: str, by: By) -> None:
    """The price of what is committed is another now. `mark` names the change: it moves money once.

    Raises budget.short when the line does not hold a higher one, budget.year_over, and ValueError for one above what
    was reserved.
    """
    row = _lock(reference)
    commitment = Commitment.objects.get(reservation=row)
    more = amount.amount - commitment.amount.amount
    if amount > row.amount or row.committed.amount + more < 0:
        raise ValueError(f"a price of {amount} does not fit the reservation {reference}")
    year = row.line.fiscal_year
    if more > 0 and not rules.usable(year.year, this_year(), closed=year.closed_at is not None):
        raise errors.YEAR_NOT_USABLE(year=year.year)
    cause = Cause(f"change:{reference}:{mark}", "contract.amended", reference, by)
    try:
        with transaction.atomic():
            _move(row.line_id, cause, {COMMITTED: more}, FREE)
    except Refusal as refusal:
        raise short(refusal, row.line, Money(more)) from refusal
    commitment.amount = amount
    commitment.save(update_fields=["amount"])
    row.committed, row.released = Money(row.committed.amount + more), Money(row.released.amount - more)
    row.save()
    data = {"for": reference, "amount": str(amount.amount), "more": str(more)}
    audit.record(stream=row.line.reference, action="changed", by=by, data=data)


@transaction.atomic
def make_payable(*, reference: str, part: str, amount: Money, title: str, page: str, by: By) -> Payable:
    """An accepted result (`part`) is owed to its agency; the limit to pay it begins."""
    row = _lock(reference)
    done = Payable.objects.filter(reference=part).first()
    if done:
        return done
    changes = {COMMITTED: -amount.amount}
    _move(row.line_id, Cause(f"payable:{part}", "result.accepted", part, by), changes, PAYABLE)
    row.committed -= amount
    row.payable += amount
    row.save()
    return _owe(row, part=part, amount=amount, title=title, page=page, by=by)


def _owe(row: Reservation, *, part: str, amount: Money, title: str, page: str, by: By) -> Payable:
    limits, now = rulesets.current("budget"), clock.now()
    due = Limit.of(limits["pay"]).end(now, workdays.load())
    payable = Payable.objects.create(
        commitment=row.commitment,
        department_id=row.line.department_id,
        reference=part,
        title=title[:200],
        page=page,
        amount=amount,
        since=now,
        warn_at=rules.warn_at(now, due, Decimal(limits["yellow_share"])),
        due_at=due,
        rules_ref=limits.ref,
    )
    data = {"for": part, "amount": str(amount.amount), "due": due.isoformat(), "rules": limits.ref}
    audit.record(stream=row.line.reference, action="payable", by=by, data=data)
    return payable


@transaction.atomic
def settle(*, payable: Payable, by: By) -> None:
    """The treasury has paid what was owed."""
    row = _lock(payable.commitment.reservation.reference)
    cause = Cause(f"paid:{payable.reference}", "treasury.paid", payable.reference, by)
    _move(row.line_id, cause, {PAYABLE: -payable.amount.amount}, rules.PAID)
    row.payable -= payable.amount
    row.paid += payable.amount
    row.save()


@transaction.atomic
def release(*, reference: str, reason: str, by: By) -> Money:
    """Free what a reservation still holds and nobody is owed; says how much. Where there is none, nothing happens."""
    if not Reservation.objects.filter(reference=reference).exists():
        return NOTHING
    row = _lock(reference)
    held = {stage: getattr(row, stage) for stage in rules.RELEASABLE if getattr(row, stage)}
    if not held:
        return NOTHING
    changes = {stage: -amount.amount for stage, amount in held.items()}
    cause = Cause(f"release:{reference}:{row.released.amount}", "need.released", reference, by, reason)
    _move(row.line_id, cause, changes, FREE)
    freed = sum(held.values(), NOTHING)
    row.reserved = row.committed = NOTHING
    row.released, row.released_at = row.released + freed, clock.now()
    row.save()
    data = {"for": reference, "amount": str(freed.amount)}
    audit.record(stream=row.line.reference, action="released", by=by, reason=reason, data=data)
    return freed


def _lock(reference: str) -> Reservation:
    """The reservation under its line's lock and its own."""
    lock(Reservation.objects.values_list("line_id", flat=True).get(reference=reference))
    rows = Reservation.objects.select_for_update(no_key=True, of=("self",)).select_related("line__fiscal_year")
    return rows.get(reference=reference)


def _move(line_id: int, cause: Cause, changes: dict[str, Decimal], rest: str) -> None:
    """One transfer among a line's stages; whatever the changes leave over goes to `rest`."""
    held, changes = pots(lock(line_id)), dict(changes)
    changes[rest] = changes.get(rest, rules.ZERO) - sum(changes.values(), rules.ZERO)
    lines = [(held[stage], amount) for stage, amount in changes.items() if amount]
    ledger.post(key=cause.key, cause=cause.news, reference=cause.reference, lines=lines, by=cause.by, note=cause.note)
