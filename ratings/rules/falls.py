"""How a score fell: the total before and after every deduction, as the file stood then. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from ratings.rules.score import Happening, Parameters, score

JUST_BEFORE = timedelta(microseconds=1)
NEWEST = 20  # a limit was crossed lately, or long ago and a person has been told


@dataclass(frozen=True)
class Fall:
    """One deduction by its key, with the total a moment before it and with it."""

    key: str
    before: Decimal
    after: Decimal


def falls(events: Sequence[Happening], parameters: Parameters) -> tuple[Fall, ...]:
    """The newest deductions, oldest first. What was corrected later had fallen all the same."""
    deductions = sorted((one for one in events if one.points < 0), key=lambda one: one.order)[-NEWEST:]
    return tuple(
        Fall(
            one.key,
            score(events, parameters, one.happened_at - JUST_BEFORE).total,
            score(events, parameters, one.happened_at).total,
        )
        for one in deductions
    )
