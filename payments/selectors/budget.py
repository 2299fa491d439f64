"""Reading department money: lines with what they hold at each stage, and whether the rows agree with the books."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet, Sum

from core.money import FEN, Money
from payments.models import Account, BudgetLine, FiscalYear, Reservation
from payments.rules import budget as rules
from payments.rules.budget import Segment
from payments.services.lines import this_year

ZERO = Money.of(0)


@dataclass(frozen=True)
class Standing:
    """What was granted and where it stands, of one line or of several together."""

    granted: Money = ZERO
    stages: Mapping[str, Money] = field(default_factory=lambda: dict.fromkeys(rules.STAGES, ZERO))

    @property
    def free(self) -> Money:
        return self.stages[rules.FREE]

    @property
    def bar(self) -> list[Segment]:
        return rules.bar({stage: amount.amount for stage, amount in self.stages.items()})

    def __add__(self, other: "Standing") -> "Standing":
        stages = {stage: amount + other.stages[stage] for stage, amount in self.stages.items()}
        return Standing(self.granted + other.granted, stages)


@dataclass(frozen=True)
class LineStanding:
    line: BudgetLine
    standing: Standing

    @property
    def usable(self) -> bool:
        """May a need be published on it now?"""
        year = self.line.fiscal_year
        return rules.usable(year.year, this_year(), closed=year.closed_at is not None)

    @property
    def label(self) -> str:
        return str(self.line)


def line(line_id: int) -> LineStanding:
    """One line. Raises BudgetLine.DoesNotExist."""
    return standings([_lines().get(pk=line_id)])[0]


def lines_of(department_id: int, year: int) -> list[LineStanding]:
    """A department's lines of a year by code."""
    return standings(_lines().filter(fiscal_year__department=department_id, fiscal_year__year=year))


def usable_lines(department_id: int) -> list[LineStanding]:
    """The lines a department may take money from now."""
    return [one for one in lines_of(department_id, this_year()) if one.usable]


def years_of(department_id: int) -> list[FiscalYear]:
    """The fiscal years a department has, the newest first."""
    return list(FiscalYear.objects.filter(department=department_id))


def total(found: Iterable[LineStanding]) -> Standing:
    return sum((one.standing for one in found), Standing())


def _lines() -> QuerySet[BudgetLine]:
    return BudgetLine.objects.select_related("fiscal_year")


def standings(lines: Iterable[BudgetLine]) -> list[LineStanding]:
    """The lines with their money, in two queries however many they are."""
    rows = list(lines)
    held: dict[str, dict[str, Money]] = {row.reference: {} for row in rows}
    accounts = Account.objects.filter(reference__in=held, kind__startswith="budget_")
    for reference, kind, balance, side in accounts.values_list("reference", "kind", "balance", "side"):
        held[reference][kind.removeprefix("budget_")] = Money((balance * side).quantize(FEN))
    return [LineStanding(row, _standing(held[row.reference])) for row in rows]


def _standing(held: Mapping[str, Money]) -> Standing:
    return Standing(held.get("granted", ZERO), {stage: held.get(stage, ZERO) for stage in rules.STAGES})


def reservations(line_id: int, stage: str = "") -> QuerySet[Reservation]:
    """What a line's money is for, the newest first; of one stage only what has money there."""
    rows = Reservation.objects.filter(line=line_id).select_related("commitment__payee")
    return rows.filter(**{f"{stage}__gt": 0}) if stage in rules.STAGES[1:] else rows


def differences() -> list[tuple[str, str, Money, Money]]:
    """Where a line's reservations and its books disagree: line, stage, rows' sum, books' balance. Always empty."""
    stages = rules.STAGES[1:]
    sums = Reservation.objects.order_by().values("line").annotate(**{f"all_{stage}": Sum(stage) for stage in stages})
    promised = {
        row[0]: dict(zip(stages, row[1:], strict=True))
        for row in sums.values_list("line", *(f"all_{stage}" for stage in stages))
    }
    nothing = dict.fromkeys(stages, ZERO)
    return [
        (one.line.reference, stage, amount, one.standing.stages[stage])
        for one in standings(_lines())
        for stage, amount in promised.get(one.line.pk, nothing).items()
        if amount != one.standing.stages[stage]
    ]
