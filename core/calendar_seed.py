"""The working-day calendar as shipped: State Council notices for past years, the law's holidays for coming ones.

A year counts as announced when its notice moved weekends (调休); until then its days are provisional. What somebody
entered here is kept: an official year for good, a provisional one until the notice ships.
"""

from collections.abc import Iterator
from typing import Any

import holidays
from django.db import transaction

from core import clock, outbox
from core.events import CalendarAnnounced
from core.models import CalendarDay

FIRST_YEAR = 2015
YEARS_AHEAD = 2


def ship() -> int:
    """Load the years that are not official in the database yet; returns how many days were written.

    A year that becomes official is announced like one that was entered by hand: ends in it are counted anew.
    """
    kept = dict(CalendarDay.objects.order_by("official").values_list("date__year", "official"))
    open_years = [y for y in range(FIRST_YEAR, clock.now().year + YEARS_AHEAD + 1) if not kept.get(y)]
    days = [day for day in known_days(open_years) if day.official or day.date.year not in kept]
    announced = sorted({day.date.year for day in days if day.official and kept})
    with transaction.atomic():
        news = [_news(year) for year in announced]
        CalendarDay.objects.filter(date__year__in={day.date.year for day in days}).delete()
        CalendarDay.objects.bulk_create(days)
        for one in news:
            outbox.emit(one)
    return len(days)


def _news(year: int) -> CalendarAnnounced:
    rows = CalendarDay.objects.filter(date__year=year).order_by("date")
    before: list[list[Any]] = [[day.date.isoformat(), day.is_working] for day in rows]
    return CalendarAnnounced(year, clock.now().isoformat(), was_official=False, before=before)


def known_days(years: list[int]) -> Iterator[CalendarDay]:
    """Holidays and adjusted working days of the years, unsaved."""
    china = holidays.country_holidays("CN", years=years, language="zh_CN")
    for year in years:
        # The package keeps working weekends of every year it knows in one set.
        moved = sorted(day for day in china.weekend_workdays if day.year == year)
        for day in moved:
            yield CalendarDay(date=day, is_working=True, name="调休上班", official=True)
        for day, name in sorted(china.items()):
            if day.year == year:
                yield CalendarDay(date=day, is_working=False, name=_plain(name), official=bool(moved))


def _plain(name: str) -> str:
    return "调休放假" if name.startswith("休息日") else name
