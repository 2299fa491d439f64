"""A department's budget lines: opened, adjusted by document, and at the year's end carried over or returned."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from accounts.errors import NOT_YOURS
from accounts.models import Organisation
from core import audit, clock
from core.audit import By
from core.errors import Refusal
from core.money import Money
from core.workdays import LOCAL
from payments import errors, ledger
from payments.models import Adjustment, BudgetLine, FiscalYear
from payments.rules import budget as rules
from payments.services.pots import pots

Kind = Adjustment.Kind


@dataclass(frozen=True)
class Ground:
    """On whose word a line changes."""

    document: str
    reason: str
    by: By


def this_year() -> int:
    return clock.now().astimezone(LOCAL).year


@transaction.atomic
def open_line(
    *, department_id: int, year: int, code: str, name: str, amount: Money, document: str, by: By, reason: str = ""
) -> BudgetLine:
    """A new line with its first grant; opens the fiscal year when it is the year's first line.

    Raises access.not_yours, budget.document, budget.year, budget.code.
    """
    _own(department_id, by)
    fiscal_year = _year(department_id, year)
    try:
        with transaction.atomic():
            line = BudgetLine.objects.create(
                fiscal_year=fiscal_year, code=code.strip()[:30], name=name.strip()[:100], created_at=clock.now()
            )
    except IntegrityError as taken:
        raise errors.LINE_CODE(code=code, year=year) from taken
    audit.record(stream=line.reference, action="opened", by=by, data={"year": year, "code": line.code})
    _adjust(line, Kind.GRANTED, amount, Ground(document, reason, by))
    return line


def _own(department_id: int, by: By) -> None:
    if by.org_id != department_id or not Organisation.objects.filter(pk=department_id, kind="department").exists():
        raise NOT_YOURS()


def _year(department_id: int, year: int) -> FiscalYear:
    """The fiscal year, opened at need: this one or the next; older ones only while they are open."""
    if not this_year() - 1 <= year <= this_year() + 1:
        raise errors.YEAR_OUT_OF_REACH(year=year)
    found, _new = FiscalYear.objects.get_or_create(
        department_id=department_id, year=year, defaults={"opened_at": clock.now()}
    )
    if found.closed_at:
        raise errors.YEAR_CLOSED(year=year)
    return found


@transaction.atomic
def adjust(*, line_id: int, amount: Money, adds: bool, document: str, reason: str, by: By) -> Adjustment:
    """Raise or cut a line by a document. A cut takes free money only.

    Raises access.not_yours, budget.document, budget.closed, budget.short.
    """
    line = lock(line_id)
    _own(line.department_id, by)
    if line.fiscal_year.closed_at:
        raise errors.YEAR_CLOSED(year=line.fiscal_year.year)
    return _adjust(line, Kind.INCREASED if adds else Kind.DECREASED, amount, Ground(document, reason, by))


@transaction.atomic
def lapse(*, line_id: int, document: str, reason: str, by: By) -> Adjustment:
    """Return what a past year's line has left. Raises budget.not_over, budget.nothing_left, budget.document."""
    line = _left_over(line_id, by)
    return _adjust(line, Kind.LAPSED, _free(line), Ground(document, reason, by))


@transaction.atomic
def carry_over(*, line_id: int, document: str, reason: str, by: By) -> Adjustment:
    """Take what a past year's line has left into this year's line of the same code, opened when there is none.

    Raises budget.not_over, budget.nothing_left, budget.document, budget.closed.
    """
    line = _left_over(line_id, by)
    amount, next_year = _free(line), _year(line.department_id, this_year())
    into, new = BudgetLine.objects.get_or_create(
        fiscal_year=next_year, code=line.code, defaults={"name": line.name, "created_at": clock.now()}
    )
    if new:
        audit.record(stream=into.reference, action="opened", by=by, data={"year": next_year.year, "code": into.code})
    ground = Ground(document, reason, by)
    out = _row(line, Kind.CARRIED_OUT, amount, ground, other=into)
    _row(into, Kind.CARRIED_IN, amount, ground, other=line)
    old, fresh, value = pots(line), pots(into), amount.amount
    ledger.post(
        key=f"adjustment:{out.pk}",
        cause="budget.carried_over",
        reference=line.reference,
        lines=[
            (old[rules.FREE], -value),
            (old["granted"], value),
            (fresh[rules.FREE], value),
            (fresh["granted"], -value),
        ],
        by=by,
        note=document,
    )
    return out


@transaction.atomic
def close_year(*, department_id: int, year: int, by: By) -> FiscalYear:
    """End a past year once nothing free is left undecided. Raises budget.not_over, budget.undecided."""
    _own(department_id, by)
    row = FiscalYear.objects.select_for_update(no_key=True).get(department_id=department_id, year=year)
    if row.closed_at:
        return row
    if not rules.decidable(year, this_year(), closed=False):
        raise errors.YEAR_NOT_OVER(year=year)
    undecided = [line for line in row.lines.all() if pots(line)[rules.FREE].natural > 0]
    if undecided:
        raise errors.YEAR_UNDECIDED(count=len(undecided))
    row.closed_at = clock.now()
    row.save(update_fields=["closed_at"])
    audit.record(stream=f"fiscal-year:{row.pk}", action="closed", by=by, data={"year": year})
    return row


def lock(line_id: int) -> BudgetLine:
    """The line under its row lock: the one order in which its money moves."""
    rows = BudgetLine.objects.select_for_update(no_key=True, of=("self",)).select_related("fiscal_year")
    return rows.get(pk=line_id)


def _left_over(line_id: int, by: By) -> BudgetLine:
    """A line of a year that is over, with something free to decide about."""
    line = lock(line_id)
    _own(line.department_id, by)
    year = line.fiscal_year
    if not rules.decidable(year.year, this_year(), closed=False):
        raise errors.YEAR_NOT_OVER(year=year.year)
    if _free(line).amount <= 0:
        raise errors.NOTHING_LEFT()
    return line


def _free(line: BudgetLine) -> Money:
    return Money(ledger.balance(pots(line)[rules.FREE]))


def _adjust(line: BudgetLine, kind: Kind, amount: Money, ground: Ground) -> Adjustment:
    row = _row(line, kind, amount, ground)
    held, value = pots(line), amount.amount if row.adds else -amount.amount
    try:
        ledger.post(
            key=f"adjustment:{row.pk}",
            cause=f"budget.{kind}",
            reference=line.reference,
            lines=[(held[rules.FREE], value), (held["granted"], -value)],
            by=ground.by,
            note=row.document,
        )
    except Refusal as refusal:
        raise short(refusal, line, amount) from refusal
    return row


def _row(line: BudgetLine, kind: Kind, amount: Money, ground: Ground, other: BudgetLine | None = None) -> Adjustment:
    if not ground.document.strip():
        raise errors.DOCUMENT_MISSING()
    row = Adjustment.objects.create(
        line=line,
        kind=kind,
        amount=amount,
        document=ground.document.strip()[:80],
        reason=ground.reason.strip()[:300],
        other_line=other,
        at=clock.now(),
        by_user_id=ground.by.user_id,
    )
    data = {"kind": str(kind), "amount": str(amount.amount), "document": row.document}
    audit.record(stream=line.reference, action="adjusted", by=ground.by, reason=row.reason, data=data)
    return row


def short(refusal: Refusal, line: BudgetLine, wanted: Money) -> Refusal:
    """What the books refused, in the words of who looks after the line; other refusals as they are."""
    if refusal.kind is not errors.OVERDRAWN:
        return refusal
    return errors.BUDGET_SHORT(line=str(line), free=_free(line), wanted=wanted)
