"""Reading a year's announced holidays as an operator types them: one day a line, `2027-02-06 休 春节`.

休 or off is a day off, 班 or on is worked; after it the name. Empty lines are skipped.
"""

import re
from dataclasses import dataclass
from datetime import date

_LINE = re.compile(r"([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})\s+(休|班|off|on)(?:\s+(\S.*))?", re.ASCII)
_WORKED = {"休": False, "off": False, "班": True, "on": True}


@dataclass(frozen=True)
class Line:
    date: date
    is_working: bool
    name: str


class BadLine(ValueError):  # noqa: N818 - the answer to a wrong line
    """`number` counts from 1; `kind` is form, date, year or twice."""

    def __init__(self, number: int, kind: str) -> None:
        super().__init__(kind)
        self.number, self.kind = number, kind


def read(text: str, year: int) -> list[Line]:
    """The days of a year in the order given. Raises BadLine for the first line that does not fit."""
    lines: list[Line] = []
    seen: set[date] = set()
    for number, raw in enumerate(text.splitlines(), 1):
        if raw.strip():
            line = _line(number, raw.strip())
            _check(number, line, year, seen)
            seen.add(line.date)
            lines.append(line)
    return lines


def _line(number: int, text: str) -> Line:
    found = _LINE.fullmatch(text)
    if found is None:
        raise BadLine(number, "form")
    year, month, day, mark, name = found.groups()
    try:
        return Line(date(int(year), int(month), int(day)), _WORKED[mark], (name or "").strip()[:60])
    except ValueError as fault:
        raise BadLine(number, "date") from fault


def _check(number: int, line: Line, year: int, seen: set[date]) -> None:
    if line.date.year != year:
        raise BadLine(number, "year")
    if line.date in seen:
        raise BadLine(number, "twice")
