"""Working days. Pure arithmetic on a loaded calendar; the table behind it is `CalendarDay`.

A limit of n working days that starts today ends at midnight after the n-th working day following today,
Beijing time (民法典 201, 203: the day itself does not count, a deadline runs to the end of its day).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.models import CalendarDay

LOCAL = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """`exceptions`: date -> is it a working day; every other day follows the plain week."""

    exceptions: Mapping[date, bool]
    official_years: frozenset[int] = field(default_factory=frozenset)

    def is_working(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def deadline(self, start: datetime, days: int) -> datetime:
        """The moment a limit of `days` working days that starts at `start` ends."""
        day = start.astimezone(LOCAL).date()
        while days > 0:
            day += ONE_DAY
            days -= self.is_working(day)
        return datetime.combine(day + ONE_DAY, time(), LOCAL)

    def between(self, start: datetime, end: datetime) -> int:
        """Working days after start's day up to and including end's day; 0 when end is not later."""
        day, last = start.astimezone(LOCAL).date(), end.astimezone(LOCAL).date()
        count = 0
        while day < last:
            day += ONE_DAY
            count += self.is_working(day)
        return count

    def provisional(self, moment: datetime) -> bool:
        """Does the moment fall in a year whose official calendar is not announced yet?"""
        return (moment.astimezone(LOCAL) - timedelta(microseconds=1)).year not in self.official_years

    def with_year(self, year: int, days: Mapping[date, bool]) -> "WorkCalendar":
        """The same calendar with other days in one year, which is not announced."""
        others = {day: working for day, working in self.exceptions.items() if day.year != year}
        return WorkCalendar({**others, **days}, self.official_years - {year})


def load() -> WorkCalendar:
    """The calendar as the table has it now."""
    rows = CalendarDay.objects.values_list("date", "is_working", "official")
    return WorkCalendar(
        {day: working for day, working, _ in rows},
        frozenset(day.year for day, _, official in rows if official),
    )


@dataclass(frozen=True)
class Limit:
    """A time limit as rule sets store it: {"n": 3, "unit": "working_days"}."""

    n: int
    unit: str

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Limit":
        return cls(int(stored["n"]), str(stored["unit"]))

    def end(self, start: datetime, calendar: WorkCalendar) -> datetime:
        """When the limit that starts at `start` is over."""
        if self.unit == "working_days":
            return calendar.deadline(start, self.n)
        return start + timedelta(**{self.unit: self.n})
