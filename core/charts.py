"""Geometry of the simple charts: numbers in, boxes out. The template draws them as SVG; words stay in the table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.workdays import LOCAL


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


@dataclass(frozen=True)
class Box:
    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Column:
    """A month with its parts from the bottom up."""

    month: date
    middle: float
    boxes: Sequence[Box]
    counts: Sequence[tuple[str, int]]
    total: int


def year_before(now: datetime) -> datetime:
    """The first moment of the twelve months that end with this one."""
    local = now.astimezone(LOCAL)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _month in range(11):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def columns(counted: Iterable[tuple[date, Mapping[str, int]]], kinds: Sequence[str], now: datetime) -> list[Column]:
    """The twelve months that end with this one, each as high as its share of the largest, a month without anything in
    its place; nothing at all of nothing. `counted`: the first of a month and its numbers by kind.
    """
    found = dict(counted)
    months = [(month, found.get(month, {})) for month in _months(now)]
    largest = max(sum(counts.values()) for _month, counts in months)
    if not largest:
        return []
    slot, gap = 1200 / len(months), 0.35
    frames = [(place * slot + slot * gap / 2, slot * (1 - gap), 220 / largest) for place in range(len(months))]
    return [_column(*one, kinds, frame) for one, frame in zip(months, frames, strict=True)]


def _months(now: datetime) -> list[date]:
    first = year_before(now).date()
    numbers = range(first.month - 1, first.month + 11)
    return [date(first.year + number // 12, number % 12 + 1, 1) for number in numbers]


def _column(month: date, counts: Mapping[str, int], kinds: Sequence[str], frame: tuple[float, float, float]) -> Column:
    """`frame`: where the column stands, how wide it is, and how high one is."""
    (x, width, unit), top, boxes = frame, 220.0, []
    for kind in kinds:
        height = unit * counts.get(kind, 0)
        top -= height
        if height:
            boxes.append(Box(kind, round(x, 1), round(top, 1), round(width, 1), round(height, 1)))
    told = [(kind, counts.get(kind, 0)) for kind in kinds]
    return Column(month, round(x + width / 2, 1), boxes, told, sum(counts.values()))
