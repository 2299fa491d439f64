"""How many points an event carries and until when, by the parameters of the rule set "credit". Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ratings.rules.score import Parameters


@dataclass(frozen=True)
class Weight:
    """`points` signed; `kept` names the class whose limit says how long it counts."""

    points: Decimal
    kept: str


def parameters(stored: Mapping[str, Any]) -> Parameters:
    """Rule-set JSON to the score's parameters."""
    grades = tuple((grade, Decimal(least)) for grade, least in stored["grades"])
    return Parameters(Decimal(stored["start"]), Decimal(stored["addition_cap"]), grades, frozenset(stored["proving"]))


def weigh(kind: str, stored: Mapping[str, Any], *, times: int = 1) -> Weight:
    """Points of an event that happened `times` over (working days late, for example), up to the kind's own limit."""
    entry = stored["events"].get(kind, {})
    points = Decimal(entry.get("points", "0")) * times
    most = entry.get("most")
    if most is not None and abs(points) > Decimal(most):
        points = Decimal(most).copy_sign(points)
    return Weight(points, entry.get("class", "neutral"))


def rating_points(average: Decimal, stored: Mapping[str, Any]) -> Decimal:
    """Points of a rating: the first step its average reaches."""
    steps = ((Decimal(least), Decimal(points)) for least, points in stored["rating_steps"])
    return next((points for least, points in steps if average >= least), Decimal(0))


def average(stars: Sequence[int]) -> Decimal:
    """Mean of the five dimensions, two places."""
    return (Decimal(sum(stars)) / len(stars)).quantize(Decimal("0.01"))
