"""A dimension over time as the numbers of a small SVG. Server-made; the page has the same as a table.

Across is time, from the first rating to the moment of the file; up are stars from 1 to 5. A dot is a rating; the line
is the mean of all ratings up to then, so that one bad day does not look like a trend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT = 300, 108
LEFT, RIGHT, TOP, BOTTOM = 16, 6, 8, 20
LEVELS = (1, 3, 5)


@dataclass(frozen=True)
class Spark:
    """`line`: points attribute of the running mean; `dots`: x, y of every rating; `levels`: y and its star."""

    line: str
    dots: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, int], ...]
    since: datetime
    until: datetime
    left: int = LEFT
    right: int = WIDTH - RIGHT
    foot: int = HEIGHT - 4
    width: int = WIDTH
    height: int = HEIGHT


def spark(points: Sequence[tuple[datetime, int]], until: datetime) -> Spark | None:
    """Stars oldest first, each with its moment; None when there is nothing to draw."""
    if not points:
        return None
    since = points[0][0]
    span = max((until - since).total_seconds(), 1.0)
    total, means, dots = 0, [], []
    for number, (at, stars) in enumerate(points, start=1):
        total += stars
        across = LEFT + (WIDTH - LEFT - RIGHT) * (at - since).total_seconds() / span
        means.append((across, total / number))
        dots.append((_text(across), _text(_height(stars))))
    means.append((float(WIDTH - RIGHT), means[-1][1]))
    line = " ".join(f"{_text(x)},{_text(_height(y))}" for x, y in means)
    return Spark(line, tuple(dots), tuple((_text(_height(one)), one) for one in LEVELS), since, until)


def _height(stars: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (5 - stars) / 4


def _text(value: float) -> str:
    return f"{value:.1f}"
