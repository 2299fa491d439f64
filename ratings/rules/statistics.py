"""What an agency's ratings honestly say: pulled towards a neutral prior, raters' habits taken out, with an interval.

A mark is the mean of a rating's five dimensions. Three steps, each of which anyone can do again (docs/credit.md):

1. habit      how far a rater's marks for *other* agencies lie from the market's mean, pulled towards zero when
              there are few:  habit = n x (own mean - market mean) / (n + habit_weight)
2. estimate   every mark less its rater's habit, kept within 1 and 5, and `prior_weight` marks at the market's mean:
              estimate = (prior_weight x market mean + sum of corrected marks) / (prior_weight + n)
3. interval   estimate -/+ z x sqrt(market variance / (prior_weight + n)), kept within 1 and 5

Decimal throughout, rounded to two places only at the end, so that everybody gets the same figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

LEAST, MOST = Decimal(1), Decimal(5)
SHOWN = Decimal("0.01")


@dataclass(frozen=True)
class Parameters:
    """`prior_weight`, `habit_weight` in marks; `z` sets the interval (1.645: nine of ten).

    `scale` stands in for the market's own until it has `fewest` marks.
    """

    prior_weight: Decimal
    habit_weight: Decimal
    z: Decimal
    fewest: int
    scale: "Scale"

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Parameters":
        return cls(
            prior_weight=Decimal(stored["prior_weight"]),
            habit_weight=Decimal(stored["habit_weight"]),
            z=Decimal(stored["z"]),
            fewest=stored["fewest_for_a_scale"],
            scale=Scale(Decimal(stored["neutral_mean"]), Decimal(stored["neutral_variance"]), 0),
        )


@dataclass(frozen=True)
class Scale:
    """The market's marks on a day: their mean, their variance, how many there were."""

    mean: Decimal
    variance: Decimal
    marks: int


@dataclass(frozen=True)
class Habit:
    """A rater's marks for agencies other than the one looked at."""

    marks: int
    mean: Decimal


@dataclass(frozen=True)
class Mark:
    """One rating: its key, the mean of its dimensions, and its rater's habit."""

    key: int
    value: Decimal
    habit: Habit | None


@dataclass(frozen=True)
class Corrected:
    """What became of a mark: the rater's habit that was taken out, and what counts."""

    key: int
    value: Decimal
    habit: Decimal
    counted: Decimal


@dataclass(frozen=True)
class Estimate:
    """All in marks of 1 to 5 with two places; `plain` is the mean nobody touched, None without ratings."""

    value: Decimal
    low: Decimal
    high: Decimal
    plain: Decimal | None
    marks: tuple[Corrected, ...]


def scale(stored: Scale | None, parameters: Parameters) -> Scale:
    """The day's measured scale, or the neutral one while the market has too few marks to be measured."""
    return stored if stored is not None and stored.marks >= parameters.fewest else parameters.scale


def severity(habit: Habit | None, market: Scale, parameters: Parameters) -> Decimal:
    """How much a rater's marks lie above (positive) or below the market's; 0 for one who rated nobody else."""
    if habit is None or habit.marks == 0:
        return Decimal(0)
    return habit.marks * (habit.mean - market.mean) / (habit.marks + parameters.habit_weight)


def estimate(marks: Sequence[Mark], market: Scale, parameters: Parameters) -> Estimate:
    corrected = [_correct(mark, market, parameters) for mark in marks]
    weight = parameters.prior_weight + len(corrected)
    total = parameters.prior_weight * market.mean + sum((one.counted for one in corrected), Decimal(0))
    value, half = total / weight, parameters.z * (market.variance / weight).sqrt()
    return Estimate(
        value=_shown(value),
        low=_shown(_within(value - half)),
        high=_shown(_within(value + half)),
        plain=_shown(sum((mark.value for mark in marks), Decimal(0)) / len(marks)) if marks else None,
        marks=tuple(Corrected(one.key, one.value, _shown(one.habit), _shown(one.counted)) for one in corrected),
    )


def _correct(mark: Mark, market: Scale, parameters: Parameters) -> Corrected:
    habit = severity(mark.habit, market, parameters)
    return Corrected(mark.key, mark.value, habit, _within(mark.value - habit))


def _within(value: Decimal) -> Decimal:
    return min(max(value, LEAST), MOST)


def _shown(value: Decimal) -> Decimal:
    return value.quantize(SHOWN, ROUND_HALF_UP)
