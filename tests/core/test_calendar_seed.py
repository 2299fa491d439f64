"""The shipped calendar says of every day what the State Council said."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest

from core import calendar_seed, clock, workdays
from core.models import CalendarDay

pytestmark = pytest.mark.django_db


def test_every_announced_day_agrees_with_an_independent_calendar():
    calendar = workdays.load()
    days = [date(2015, 1, 1) + timedelta(days=n) for n in range(365 * 12 + 3)]
    assert days[-1] == date(2026, 12, 31)
    assert [d for d in days if calendar.is_working(d) != chinese_calendar.is_workday(d)] == []


def test_a_year_without_a_notice_is_provisional():
    calendar = workdays.load()
    assert calendar.provisional(datetime(2027, 3, 1, tzinfo=UTC))
    assert not calendar.provisional(datetime(2026, 3, 1, tzinfo=UTC))


def test_coming_years_carry_the_holidays_of_the_law():
    assert not workdays.load().is_working(date(2027, 10, 1))


def test_a_notice_entered_by_hand_survives_shipping_again():
    CalendarDay.objects.filter(date__year=2027).delete()
    CalendarDay.objects.create(date=date(2027, 2, 20), is_working=True, name="调休上班", official=True)
    calendar_seed.ship()
    assert CalendarDay.objects.filter(date__year=2027).count() == 1


def test_a_provisional_day_marked_by_hand_survives_shipping_again():
    CalendarDay.objects.create(date=date(2027, 2, 20), is_working=True, name="调休上班", official=False)
    calendar_seed.ship()
    assert workdays.load().is_working(date(2027, 2, 20))


def test_a_provisional_year_gives_way_to_the_notice_when_it_ships():
    CalendarDay.objects.filter(date__year=2026).delete()
    CalendarDay.objects.create(date=date(2026, 1, 1), is_working=True, name="", official=False)
    calendar_seed.ship()
    assert not workdays.load().is_working(date(2026, 1, 1))


def test_shipping_reaches_two_years_ahead_of_the_clock():
    with clock.at(datetime(2027, 6, 1, tzinfo=UTC)):
        calendar_seed.ship()
    assert CalendarDay.objects.filter(date__year=2029).exists()
