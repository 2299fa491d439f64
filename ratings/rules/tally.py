"""The score's rows added up as they come: what `score` says, without reading a file again for every new row.

A tally holds what still counts at its moment: deductions in one sum, additions in one sum a calendar year (the cap
is applied at the end, so order does not matter), and how many rows end being new. A new row costs one step, an
expired or corrected one costs one step back. Pure; `ratings/services/credit.py` keeps it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from ratings.rules.score import LOCAL, ZERO, Happening, Parameters, Why, grade, proves, taken_back


@dataclass(frozen=True)
class Tally:
    """`deducted` is negative or zero; `added` sums by calendar year; `next_expiry` may be too early, never too late."""

    as_of: datetime
    deducted: Decimal = ZERO
    added: Mapping[int, Decimal] = field(default_factory=dict)
    proving: int = 0
    next_expiry: datetime | None = None


@dataclass(frozen=True)
class Total:
    """The score without its lines."""

    total: Decimal
    grade: str
    newcomer: bool


def total(tally: Tally, parameters: Parameters) -> Total:
    additions = sum((min(year, parameters.addition_cap) for year in tally.added.values()), ZERO)
    figure = max(parameters.start + tally.deducted + additions, ZERO)
    return Total(figure, grade(figure, parameters) if tally.proving else "", tally.proving == 0)


def tally(events: Iterable[Happening], parameters: Parameters, as_of: datetime) -> Tally:
    """From all rows of a file, in any order; those after `as_of` are left out."""
    known = sorted((event for event in events if event.happened_at <= as_of), key=lambda event: event.order)
    ended = taken_back(known)
    made = Tally(as_of)
    for event in known:
        if ended.get(event.key) != Why.CORRECTED and proves(event, parameters):
            made = replace(made, proving=made.proving + 1)
        if event.key not in ended:
            made = count(made, event)
    return made


def count(tally: Tally, event: Happening) -> Tally:
    """One row more. It must have happened by the tally's moment; its proof is counted apart (`prove`)."""
    if not event.points or _over(event, tally.as_of):
        return tally
    expiries = [moment for moment in (tally.next_expiry, event.expires_at) if moment]
    return replace(_moved(tally, event, event.points), next_expiry=min(expiries, default=None))


def uncount(tally: Tally, event: Happening) -> Tally:
    """One row less, because it expired or was taken back; the caller knows that it counted until now."""
    return _moved(tally, event, -event.points)


def prove(tally: Tally, event: Happening, parameters: Parameters, rows: int = 1) -> Tally:
    return replace(tally, proving=tally.proving + rows) if proves(event, parameters) else tally


def _moved(tally: Tally, event: Happening, points: Decimal) -> Tally:
    if event.points < 0:
        return replace(tally, deducted=tally.deducted + points)
    year = event.happened_at.astimezone(LOCAL).year
    return replace(tally, added={**tally.added, year: tally.added.get(year, ZERO) + points})


def _over(event: Happening, as_of: datetime) -> bool:
    return event.expires_at is not None and event.expires_at <= as_of
