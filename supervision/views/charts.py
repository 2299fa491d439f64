"""Stacked columns by month, as boxes a template draws. Words and numbers stand in the table beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.workdays import LOCAL

WIDTH, HEIGHT, GAP = 1200, 220, 0.35


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


def columns(months: Sequence[tuple[date, Mapping[str, int]]], kinds: Sequence[str]) -> list[Column]:
    """One column a month, as high as its share of the largest; nothing of nothing."""
    largest = max((sum(counts.values()) for _month, counts in months), default=0)
    if not largest:
        return []
    slot = WIDTH / max(len(months), 4)
    frames = [(place * slot + slot * GAP / 2, slot * (1 - GAP), HEIGHT / largest) for place in range(len(months))]
    return [_column(*one, kinds, frame) for one, frame in zip(months, frames, strict=True)]


def _column(month: date, counts: Mapping[str, int], kinds: Sequence[str], frame: tuple[float, float, float]) -> Column:
    """`frame`: where the column stands, how wide it is, and how high one is."""
    (x, width, unit), top, boxes = frame, float(HEIGHT), []
    for kind in kinds:
        height = unit * counts.get(kind, 0)
        top -= height
        if height:
            boxes.append(Box(kind, round(x, 1), round(top, 1), round(width, 1), round(height, 1)))
    told = [(kind, counts.get(kind, 0)) for kind in kinds]
    return Column(month, round(x + width / 2, 1), boxes, told, sum(counts.values()))
