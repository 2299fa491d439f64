"""Geometry of the simple charts: numbers in, boxes out. The template draws them as SVG; words stay in the table."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """A bar with a lighter part on top of a full one; units of the SVG's viewBox."""

    x: float
    width: float
    top: float
    height: float
    inner_top: float
    inner_height: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


def bars(
    values: Sequence[tuple[float, float]], *, width: float = 1200, height: float = 260, gap: float = 0.35
) -> list[Bar]:
    """One bar per (whole, part), as high as its share of the largest whole. An empty list draws nothing."""
    largest = max((whole for whole, _part in values), default=0.0)
    if not largest:
        return []
    slot = width / len(values)
    return [
        Bar(
            x=round(index * slot + slot * gap / 2, 2),
            width=round(slot * (1 - gap), 2),
            top=round(height - height * whole / largest, 2),
            height=round(height * whole / largest, 2),
            inner_top=round(height - height * part / largest, 2),
            inner_height=round(height * part / largest, 2),
        )
        for index, (whole, part) in enumerate(values)
    ]


def shares(values: Sequence[float], *, width: float = 100) -> list[float]:
    """Each value's length against the largest, for lying bars."""
    largest = max(values, default=0.0)
    return [round(width * value / largest, 2) if largest else 0.0 for value in values]
