"""Every day the provider's balance transactions are laid beside the books, one by one, and every difference is shown.

Both are named after the provider's objects: a balance transaction by its source, a transfer of the books by its key
"stripe:<source>:<what>". What only one of them has, or has differently, is a difference; nothing is put right silently.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from core import clock
from core.audit import By
from core.workdays import LOCAL
from payments import gateway, ledger
from payments.gateway import Thing, Trouble
from payments.models import Difference, Entry, Reconciliation
from payments.services.escrow.pots import cash

DAY = timedelta(days=1)
Kind, State = Difference.Kind, Reconciliation.State


@dataclass
class Told:
    """What the provider says moved for one of its objects."""

    net: Decimal = Decimal("0.00")
    categories: set[str] = field(default_factory=set)
    currencies: set[str] = field(default_factory=set)


def yesterday(now: datetime) -> tuple[datetime, datetime]:
    """The day before, Beijing time."""
    midnight = now.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - DAY, midnight


def due(now: datetime) -> bool:
    """Is yesterday still to be compared? One that could not be ended is tried again by the hour."""
    since, until = yesterday(now)
    rows = Reconciliation.objects.filter(since=since, until=until)
    last = rows.first()
    return last is None or (last.state == State.FAILED and last.ran_at < now - timedelta(hours=1))


def reconcile(*, since: datetime, until: datetime, by: By) -> Reconciliation:
    """Compare a period. Call outside of a transaction: it asks the provider. A Trouble is kept, not raised."""
    row = Reconciliation(since=since, until=until, ran_at=clock.now(), ran_by_id=by.user_id, state=State.AGREES)
    try:
        told = _told(gateway.movements(since, until))
        ours = _ours(since, until)
        for source in ours.keys() - told.keys():  # booked today, moved at the provider on another day
            told |= _told(gateway.movements_of(source))
        row.provider_balance = gateway.balance()
    except Trouble as trouble:
        row.state, row.trouble = State.FAILED, f"{trouble.code}: {trouble.message}"[:300]
        row.save()
        return row
    books = {source: _booked(source) for source in told} | {s: a for s, a in ours.items() if s not in told}
    row.books_balance = ledger.balance(cash())
    return _kept(row, told, books)


def _told(movements: Iterable[Thing]) -> dict[str, Told]:
    told: dict[str, Told] = defaultdict(Told)
    for one in movements:
        source = str(one.get("source") or one["id"])
        told[source].net += gateway.yuan(one["net"])
        told[source].categories.add(one["reporting_category"])
        told[source].currencies.add(one["currency"])
    return dict(told)


def _ours(since: datetime, until: datetime) -> dict[str, Decimal]:
    """What the books moved at the provider in the period: source -> all ever booked for it."""
    rows = Entry.objects.filter(account=cash(), at__gte=since, at__lt=until)
    sources = {key.split(":")[1] for key in rows.values_list("transfer__key", flat=True) if key.startswith("stripe:")}
    return {source: _booked(source) for source in sources}


def _booked(source: str) -> Decimal:
    rows = Entry.objects.filter(account=cash(), transfer__key__startswith=f"stripe:{source}:")
    return sum(rows.values_list("amount", flat=True), Decimal("0.00"))


@transaction.atomic
def _kept(row: Reconciliation, told: dict[str, Told], books: dict[str, Decimal]) -> Reconciliation:
    found = [one for source in sorted(books) if (one := _difference(source, told.get(source), books[source]))]
    row.movements = len(told)
    row.provider_total = sum((one.net for one in told.values()), Decimal("0.00"))
    row.books_total = sum(books.values(), Decimal("0.00"))
    row.state = State.DIFFERS if found or row.provider_balance != row.books_balance else State.AGREES
    row.save()
    for one in found:
        one.reconciliation = row
    Difference.objects.bulk_create(found)
    return row


def _difference(source: str, told: Told | None, booked: Decimal) -> Difference | None:
    if told is None:
        return Difference(kind=Kind.NOT_AT_PROVIDER, source=source, what="", books_amount=booked)
    what = "+".join(sorted(told.categories))[:60]
    if told.currencies != {gateway.CURRENCY}:
        return Difference(kind=Kind.CURRENCY, source=source, what=what, books_amount=booked)
    if told.net == booked:
        return None
    kind = Kind.AMOUNT if booked else Kind.NOT_IN_BOOKS
    return Difference(kind=kind, source=source, what=what, provider_amount=told.net, books_amount=booked)
