"""A dimension over time as the numbers of a small SVG. Server-made; the page has the same as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, EDGE = 200, 56, 6


@dataclass(frozen=True)
class Spark:
    """`line`: points attribute of a polyline; `last`: where the newest rating is."""

    line: str
    last: tuple[str, str]
    width: int = WIDTH
    height: int = HEIGHT


def spark(stars: Sequence[int]) -> Spark | None:
    """Stars oldest first, 1 at the bottom and 5 at the top; None when there is nothing to draw."""
    if not stars:
        return None
    step = (WIDTH - 2 * EDGE) / max(1, len(stars) - 1)
    points = [(_text(EDGE + step * i), _text(_height(value))) for i, value in enumerate(stars)]
    if len(points) == 1:
        points = [(_text(WIDTH - EDGE), points[0][1])]
    return Spark(" ".join(f"{x},{y}" for x, y in points), points[-1])


def _height(stars: int) -> float:
    return EDGE + (HEIGHT - 2 * EDGE) * (5 - stars) / 4


def _text(value: float) -> str:
    return f"{value:.1f}"
