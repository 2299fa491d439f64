"""What may be changed in a signed contract. Pure.

A stage whose result was handed in stays as it is; one that is paid for, or promised to be, keeps name and amount. A
last day may be moved before it is over. All changes of the price together stay within a share of the award, and below
the ceiling: beyond that another need would have been put out to competition.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts.rules.milestones import Fault

TITLE_LENGTH = 120


@dataclass(frozen=True)
class Stage:
    """A milestone as it stands or is proposed; `due` is its last day."""

    milestone: int
    title: str
    amount: Decimal
    due: date


@dataclass(frozen=True)
class Standing(Stage):
    """`handed_in`: a result waits or is accepted. `returned`: one is being mended. `bound`: paid or promised."""

    handed_in: bool = False
    returned: bool = False
    bound: bool = False


@dataclass(frozen=True)
class Price:
    """What the price is measured against; `share` of the award, `ceiling` None where the need had none."""

    awarded: Decimal
    share: Decimal
    ceiling: Decimal | None


def total(stages: Sequence[Stage]) -> Decimal:
    return sum((one.amount for one in stages), Decimal(0))


def price_fault(amount: Decimal, price: Price) -> Fault | None:
    """Why this cannot be the price after a change, or None."""
    most = (price.awarded * price.share).quantize(Decimal("0.01"))
    if abs(amount - price.awarded) > most:
        values = {"awarded": f"{price.awarded:,.2f}", "most": f"{most:,.2f}", "percent": f"{price.share * 100:.0f}"}
        return Fault("amendment.price", {"amount": f"{amount:,.2f}", **values})
    if price.ceiling is not None and amount > price.ceiling:
        return Fault("amendment.ceiling", {"amount": f"{amount:,.2f}", "ceiling": f"{price.ceiling:,.2f}"})
    return None


def stages_fault(now: Sequence[Standing], proposed: Sequence[Stage]) -> Fault | None:
    """Why these stages cannot take the place of those, whatever the day; asked again when the other side agrees."""
    if [one.milestone for one in now] != [one.milestone for one in proposed]:
        return Fault("amendment.stages", {})
    for position, (old, new) in enumerate(zip(now, proposed, strict=True), start=1):
        wrong = _stage_fault(old, new)
        if wrong:
            return Fault(wrong, {"position": position})
    return None


def _stage_fault(old: Standing, new: Stage) -> str:
    renamed, priced = old.title != new.title, old.amount != new.amount
    if not new.title.strip() or len(new.title) > TITLE_LENGTH:
        return "contract.milestone_title"
    if new.amount <= 0:
        return "amendment.amount"
    if old.handed_in and (renamed or priced or old.due != new.due):
        return "amendment.handed_in"
    if (old.returned or old.bound) and (renamed or priced):
        return "amendment.bound"
    return ""


def days_fault(now: Sequence[Standing], proposed: Sequence[Stage], *, today: date, last: date) -> Fault | None:
    """Why the proposed days cannot be, seen on the day of the proposal."""
    for position, (old, new) in enumerate(zip(now, proposed, strict=True), start=1):
        if old.due != new.due and old.due < today:
            return Fault("amendment.overdue", {"position": position})
    return ahead_fault(now, proposed, today=today, last=last)


def ahead_fault(now: Sequence[Standing], proposed: Sequence[Stage], *, today: date, last: date) -> Fault | None:
    """Why the new days do not lie ahead; asked again when the other side agrees."""
    for position, (old, new) in enumerate(zip(now, proposed, strict=True), start=1):
        if old.due != new.due and not today < new.due <= last:
            return Fault("amendment.day", {"position": position, "last": last.isoformat()})
    return None
