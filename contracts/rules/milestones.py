"""What a contract's milestones must fulfil, and when they are late. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Plan:
    """One milestone as proposed; `days` in working days from signing."""

    title: str
    amount: Decimal
    days: int


@dataclass(frozen=True)
class Fault:
    """A code of contracts.errors and the values its sentence needs."""

    code: str
    values: dict[str, object]


def fault(plans: Sequence[Plan], *, amount: Decimal, most: int, days_most: int) -> Fault | None:
    """The first thing wrong with the milestones, or None. They add up to the award's amount to the fen."""
    if not 1 <= len(plans) <= most:
        return Fault("contract.milestones_count", {"count": len(plans), "most": most})
    for position, plan in enumerate(plans, start=1):
        if not plan.title.strip():
            return Fault("contract.milestone_title", {"position": position})
        if not 1 <= plan.days <= days_most:
            return Fault("contract.milestone_days", {"position": position, "most": days_most})
    total = sum((plan.amount for plan in plans), Decimal(0))
    if total != amount:
        gap = abs(total - amount)
        return Fault(
            "contract.milestones_sum", {"total": f"{total:,.2f}", "amount": f"{amount:,.2f}", "gap": f"{gap:,.2f}"}
        )
    return None


def rework_days(days: int, *, share: int, least: int) -> int:
    """Working days for rework: at most the milestone's days divided by `share`, rounded up, never below `least`."""
    return max(least, -(-days // share))
