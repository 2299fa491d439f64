"""Reading the books: what stood in an account at any moment, what moved in a period, and whether all of it balances.

A period runs from `start` (included) to `end` (not included). Signed amounts: debits positive. Balances shown to
people are positive on the account's own side.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from django.db import connection
from django.db.models import QuerySet

from payments.models import Account, Entry, Transfer
from payments.rules.chart import CHART
from payments.words import KINDS

ZERO = Decimal("0.00")
ORDER = {code: place for place, code in enumerate(CHART)}
# Two look-ups per account in the index on (account, at, seq), whatever its length.
STANDING = """
SELECT a.id, coalesce(o.balance, 0), coalesce(o.debits, 0), coalesce(c.balance, 0), coalesce(c.debits, 0)
FROM payments_account a
LEFT JOIN LATERAL (SELECT balance, debits FROM payments_entry WHERE account_id = a.id AND at < %(start)s
                   ORDER BY at DESC, seq DESC LIMIT 1) o ON true
LEFT JOIN LATERAL (SELECT balance, debits FROM payments_entry WHERE account_id = a.id AND at < %(end)s
                   ORDER BY at DESC, seq DESC LIMIT 1) c ON true
WHERE a.id = ANY(%(accounts)s)
"""


@dataclass(frozen=True)
class Turnover:
    """An account over a period: signed balance before and after it, debits and credits within it."""

    opening: Decimal = ZERO
    debits: Decimal = ZERO
    credits: Decimal = ZERO

    @property
    def closing(self) -> Decimal:
        return self.opening + self.debits - self.credits

    def __add__(self, other: "Turnover") -> "Turnover":
        return Turnover(self.opening + other.opening, self.debits + other.debits, self.credits + other.credits)


@dataclass(frozen=True)
class Line:
    """One account of a trial balance."""

    account: Account
    turnover: Turnover

    @property
    def opening(self) -> Decimal:
        return self.turnover.opening * self.account.side + ZERO

    @property
    def closing(self) -> Decimal:
        return self.turnover.closing * self.account.side + ZERO


@dataclass(frozen=True)
class Group:
    """The accounts of one kind."""

    kind: str
    lines: Sequence[Line]
    turnover: Turnover = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "turnover", sum((line.turnover for line in self.lines), Turnover()))

    @property
    def label(self) -> str:
        return str(KINDS[self.kind])

    @property
    def side(self) -> int:
        return CHART[self.kind].side

    @property
    def opening(self) -> Decimal:
        return self.turnover.opening * self.side + ZERO

    @property
    def closing(self) -> Decimal:
        return self.turnover.closing * self.side + ZERO


@dataclass(frozen=True)
class TrialBalance:
    """Accounts by kind over a period. `gap`: what closing debits exceed closing credits by, 0 for complete books."""

    groups: Sequence[Group]

    @property
    def total(self) -> Turnover:
        return sum((group.turnover for group in self.groups), Turnover())

    @property
    def debit_side(self) -> Decimal:
        return sum((max(group.turnover.closing, ZERO) for group in self.groups), ZERO)

    @property
    def credit_side(self) -> Decimal:
        return ZERO - sum((min(group.turnover.closing, ZERO) for group in self.groups), ZERO)

    @property
    def gap(self) -> Decimal:
        return self.total.closing


@dataclass(frozen=True)
class Statement:
    """One account over a period, with its entries in order."""

    account: Account
    turnover: Turnover
    entries: "QuerySet[Entry]"

    @property
    def opening(self) -> Decimal:
        return self.turnover.opening * self.account.side + ZERO

    @property
    def closing(self) -> Decimal:
        return self.turnover.closing * self.account.side + ZERO


def accounts(owner_id: int | None = None) -> "QuerySet[Account]":
    """The accounts of an organisation, or with None everybody's, in the order they were opened."""
    rows = Account.objects.select_related("owner").order_by("pk")
    return rows if owner_id is None else rows.filter(owner_id=owner_id)


def account(pk: int) -> Account:
    """One account with its owner. Raises Account.DoesNotExist."""
    return Account.objects.select_related("owner").get(pk=pk)


def turnovers(account_ids: Iterable[int], start: datetime, end: datetime) -> dict[int, Turnover]:
    """What each account was and did, by its id."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {"start": start, "end": end, "accounts": list(account_ids)})
        rows = cursor.fetchall()
    return {pk: _turnover(*standing) for pk, *standing in rows}


def _turnover(opened: Decimal, debited: Decimal, closed: Decimal, debited_by_end: Decimal) -> Turnover:
    """Debits are carried along; credits so far are debits so far less the balance."""
    debits = debited_by_end - debited
    return Turnover(opened + ZERO, debits + ZERO, debits - (closed - opened) + ZERO)


def trial_balance(*, start: datetime, end: datetime, owner_id: int | None = None) -> TrialBalance:
    """Every account that has ever moved, by kind, in the order of the chart."""
    rows = sorted(accounts(owner_id).filter(entries__gt=0), key=lambda row: (ORDER[row.kind], row.pk))
    moved = turnovers([row.pk for row in rows], start, end)
    lines = [Line(row, moved[row.pk]) for row in rows]
    return TrialBalance([Group(kind, list(of)) for kind, of in groupby(lines, key=lambda line: line.account.kind)])


def statement(row: Account, *, start: datetime, end: datetime) -> Statement:
    """An account's entries of a period, oldest first."""
    entries = Entry.objects.filter(account=row, at__gte=start, at__lt=end)
    entries = entries.select_related("transfer__by_user", "transfer__by_org").order_by("at", "seq")
    return Statement(row, turnovers([row.pk], start, end)[row.pk], entries)


def journal(*, start: datetime, end: datetime, owner_id: int | None = None) -> "QuerySet[Entry]":
    """All entries of an organisation's accounts (None: of all accounts) in a period, in the order they were posted."""
    rows = Entry.objects.filter(at__gte=start, at__lt=end)
    rows = rows.select_related("transfer__by_user", "transfer__by_org", "account__owner").order_by(
        "at", "transfer_id", "account_id"
    )
    return rows if owner_id is None else rows.filter(account__owner_id=owner_id)


def transfer(pk: int) -> Transfer:
    """One transfer with its lines. Raises Transfer.DoesNotExist."""
    return Transfer.objects.select_related("by_user", "by_org").prefetch_related("entries__account__owner").get(pk=pk)


def is_party(moved: Transfer, organisation_id: int | None) -> bool:
    """Does one of the transfer's accounts belong to the organisation?"""
    return organisation_id is not None and any(
        entry.account.owner_id == organisation_id for entry in moved.entries.all()
    )


def about(reference: str) -> "QuerySet[Transfer]":
    """Everything that moved because of "need:12" or whatever the reference names, oldest first."""
    return Transfer.objects.filter(reference=reference).order_by("at", "pk")


def unsound() -> list[str]:
    """What an auditor would object to: accounts whose balance is not the sum of their entries, transfers that do not
    balance, gaps in the numbering. Empty when the books are sound. Reads everything."""
    with connection.cursor() as cursor:
        cursor.execute(UNSOUND)
        return [row[0] for row in cursor.fetchall()]


UNSOUND = """
WITH sums AS (
    SELECT account_id, sum(amount) AS total, sum(greatest(amount, 0)) AS debits, count(*) AS lines, max(seq) AS last
    FROM payments_entry GROUP BY account_id
), running AS (
    SELECT account_id, seq, balance, at,
           sum(amount) OVER account AS expected, lag(at) OVER account AS before
    FROM payments_entry WINDOW account AS (PARTITION BY account_id ORDER BY seq)
)
SELECT 'account ' || a.id || ' differs from its entries' FROM payments_account a LEFT JOIN sums s ON s.account_id = a.id
WHERE (a.balance, a.debits, a.entries) IS DISTINCT FROM
      (coalesce(s.total, 0), coalesce(s.debits, 0), coalesce(s.lines, 0)) OR s.last <> s.lines
UNION ALL
SELECT 'account ' || account_id || ' entry ' || seq FROM running WHERE balance <> expected OR at < before
UNION ALL
SELECT 'transfer ' || t.id || ' does not balance' FROM payments_transfer t
LEFT JOIN payments_entry e ON e.transfer_id = t.id
GROUP BY t.id HAVING coalesce(sum(e.amount), -1) <> 0 OR count(e.id) < 2
UNION ALL
SELECT 'account ' || id || ' is overdrawn' FROM payments_account WHERE NOT may_be_negative AND balance * side < 0
"""
