"""Rules about a department's money: which way it may go, when a year is over, where a payment order stands.

Amounts are exact decimals, moments aware. The life of money: free -> reserved (need published) -> committed (winner
confirmed; the difference returns) -> payable (result accepted) -> paid (treasury's word). Whatever is reserved or
committed and no longer wanted returns to free; nothing else ever goes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

FREE, RESERVED, COMMITTED, PAYABLE, PAID = "free", "reserved", "committed", "payable", "paid"
STAGES = (FREE, RESERVED, COMMITTED, PAYABLE, PAID)
# What happens, and between which stages money moves then.
MOVES = {
    "reserve": (FREE, RESERVED),
    "commit": (RESERVED, COMMITTED),
    "accept": (COMMITTED, PAYABLE),
    "pay": (PAYABLE, PAID),
}
RELEASABLE = (RESERVED, COMMITTED)
ZERO = Decimal(0)

TO_CHECK, SENT_BACK, CHECKED, SENT, REJECTED, PAID_OUT, WITHDRAWN = (
    "to_check", "sent_back", "checked", "sent", "rejected", "paid", "withdrawn",
)  # fmt: skip
ORDER_STATES = (TO_CHECK, SENT_BACK, REJECTED, CHECKED, SENT, PAID_OUT, WITHDRAWN)
MENDABLE = frozenset({TO_CHECK, SENT_BACK, REJECTED})
YELLOW, RED = "yellow", "red"


@dataclass(frozen=True)
class OrderDates:
    """`waiting`: a line in a batch whose result is not known yet."""

    made_at: datetime
    checked_at: datetime | None = None
    sent_back_at: datetime | None = None
    waiting: bool = False
    rejected_at: datetime | None = None
    paid_at: datetime | None = None
    withdrawn_at: datetime | None = None


def order_state(dates: OrderDates) -> str:
    """One of ORDER_STATES. A correction takes back what was said about the version before it."""
    for state, true in (
        (WITHDRAWN, dates.withdrawn_at),
        (PAID_OUT, dates.paid_at),
        (SENT, dates.waiting),
        (REJECTED, dates.rejected_at),
        (CHECKED, dates.checked_at),
        (SENT_BACK, dates.sent_back_at),
    ):
        if true:
            return state
    return TO_CHECK


def usable(year: int, today_year: int, *, closed: bool) -> bool:
    """May money of this fiscal year still be promised? Only in the year itself, and until it is closed."""
    return year == today_year and not closed


def decidable(year: int, today_year: int, *, closed: bool) -> bool:
    """May it be decided what becomes of a year's free money? Once the year is over."""
    return year < today_year and not closed


@dataclass(frozen=True)
class Award:
    """How a reservation is divided when a supplier is bound: what is committed and what returns to free."""

    committed: Decimal
    returned: Decimal


def award(reserved: Decimal, price: Decimal) -> Award:
    """Raises ValueError for a price that was never reserved."""
    if not ZERO < price <= reserved:
        raise ValueError(f"a price of {price} does not fit a reservation of {reserved}")
    return Award(price, reserved - price)


@dataclass(frozen=True)
class Segment:
    """A stretch of a budget bar, in thousandths of its whole. `x` is where it begins."""

    stage: str
    amount: Decimal
    x: int
    width: int

    @property
    def percent(self) -> Decimal:
        return Decimal(self.width) / 10


WIDE = 1000
LEAST = 8  # what is not nothing can be seen


def bar(balances: Mapping[str, Decimal]) -> list[Segment]:
    """The stages with money as stretches that fill the whole bar, spent first, free last."""
    parts = [(stage, balances.get(stage, ZERO)) for stage in reversed(STAGES)]
    total = sum((amount for _, amount in parts), ZERO)
    held = [(stage, amount) for stage, amount in parts if amount > 0]
    if not total:
        return []
    widths = [max(LEAST, int(amount * WIDE / total)) for _, amount in held]
    largest = widths.index(max(widths))
    widths[largest] += WIDE - sum(widths)
    starts = [sum(widths[:place]) for place in range(len(widths))]
    return [Segment(stage, amount, x, wide) for (stage, amount), x, wide in zip(held, starts, widths, strict=True)]


def warn_at(since: datetime, due: datetime, share: Decimal) -> datetime:
    """When the yellow card comes: after this share of the limit."""
    seconds = Decimal(str((due - since).total_seconds())) * share
    return since + timedelta(seconds=float(seconds))


def colour(now: datetime, *, yellow_at: datetime, due: datetime, ended: datetime | None) -> str:
    """The card a step has earned by now: "", "yellow" or "red". What ended in time earned none; red stays."""
    until = min(now, ended) if ended else now
    if until > due:
        return RED
    return YELLOW if until > yellow_at and ended is None else ""
