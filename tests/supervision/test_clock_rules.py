"""The clock's rules alone, by worked numbers and by chance: yellow before red, red for good, stops earn nothing."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.workdays import LOCAL, WorkCalendar
from supervision.rules import clocks as rules
from supervision.rules.clocks import Clock, Earned, Stop

CALENDAR = WorkCalendar({date(2026, 10, day): False for day in range(1, 8)})
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=LOCAL)
HOURS = st.integers(min_value=0, max_value=24 * 60)


def midnight(month, day):
    return datetime(2026, month, day, tzinfo=LOCAL)


def yellow(start, due, days, share=0.8, left=1):
    return rules.yellow_at(start, due, days, CALENDAR, share=share, days_left=left)


def test_of_ten_working_days_the_warning_comes_after_the_eighth():
    due = CALENDAR.deadline(MONDAY, 10)
    assert yellow(MONDAY, due, 10) == CALENDAR.deadline(MONDAY, 8)


def test_of_three_it_comes_when_one_is_left():
    due = CALENDAR.deadline(MONDAY, 3)
    assert due == midnight(3, 6)
    assert yellow(MONDAY, due, 3) == midnight(3, 5)


def test_a_single_day_and_seconds_warn_at_their_share():
    due = CALENDAR.deadline(MONDAY, 1)
    assert yellow(MONDAY, due, 1) == MONDAY + (due - MONDAY) * 0.8
    assert yellow(MONDAY, MONDAY + timedelta(seconds=100), None) == MONDAY + timedelta(seconds=80)


def test_a_warning_skips_the_days_nobody_works():
    start = datetime(2026, 9, 29, 9, 0, tzinfo=LOCAL)
    due = CALENDAR.deadline(start, 3)  # 30 September, 8 and 9 October
    assert due == midnight(10, 10)
    assert yellow(start, due, 3) == midnight(10, 9)


def test_a_stop_over_night_gives_back_the_days_whose_end_it_held():
    due = midnight(3, 7)  # the end of Friday
    stop = Stop(datetime(2026, 3, 4, 15, 0, tzinfo=LOCAL), datetime(2026, 3, 9, 9, 0, tzinfo=LOCAL))
    assert rules.shifted(due, stop, CALENDAR, working_days=True) == midnight(3, 12)  # Wednesday to Friday: three
    same_day = Stop(datetime(2026, 3, 4, 9, 0, tzinfo=LOCAL), datetime(2026, 3, 4, 17, 0, tzinfo=LOCAL))
    assert rules.shifted(due, same_day, CALENDAR, working_days=True) == due
    assert rules.shifted(due, same_day, CALENDAR, working_days=False) == due + timedelta(hours=8)
    assert rules.shifted(due, Stop(MONDAY), CALENDAR, working_days=True) == due


def test_done_at_the_very_end_is_done_in_time():
    due = midnight(3, 7)
    clock = Clock(midnight(3, 6), due, closed_at=due)
    assert rules.earned(clock, due + timedelta(days=9)) == Earned(midnight(3, 6))


def test_a_step_that_vanished_is_in_doubt_in_time():
    due = midnight(3, 7)
    assert rules.vanished(due, due - timedelta(minutes=1), due + timedelta(hours=1)) == due
    assert rules.vanished(due, due + timedelta(minutes=1), due + timedelta(hours=1)) == due + timedelta(hours=1)


@st.composite
def clocks(draw):
    """A clock with a few stops, by chance; hours from MONDAY."""
    days = draw(st.none() | st.integers(min_value=1, max_value=40))
    due = CALENDAR.deadline(MONDAY, days) if days else MONDAY + timedelta(hours=draw(st.integers(1, 900)))
    closed = draw(st.none() | HOURS)
    marks = sorted(draw(st.lists(HOURS, max_size=6, unique=True)))
    stops = [Stop(_at(one), _at(two)) for one, two in zip(marks[::2], marks[1::2], strict=False)]
    if len(marks) % 2:
        stops.append(Stop(_at(marks[-1])))
    warn = yellow(MONDAY, due, days)
    return Clock(warn, due, _at(closed) if closed is not None else None, tuple(stops))


def _at(hours):
    return MONDAY + timedelta(hours=hours)


@given(clocks(), HOURS)
def test_yellow_comes_before_red(clock, hours):
    found = rules.earned(clock, _at(hours))
    if found.red_at is not None:
        assert found.yellow_at is not None
        assert found.yellow_at <= found.red_at


@given(clocks(), HOURS, HOURS)
def test_what_was_earned_stays_earned_with_its_moment(clock, one, other):
    earlier, later = sorted((one, other))
    first, second = rules.earned(clock, _at(earlier)), rules.earned(clock, _at(later))
    assert first.yellow_at in (None, second.yellow_at)
    assert first.red_at in (None, second.red_at)


@given(clocks(), HOURS)
def test_stopped_time_earns_nothing(clock, hours):
    found = rules.earned(clock, _at(hours))
    for stop in clock.stops:
        for moment in (found.yellow_at, found.red_at):
            inside = moment is not None and stop.starts_at <= moment and (stop.ends_at is None or moment < stop.ends_at)
            assert not inside


@given(clocks(), HOURS)
def test_what_is_done_in_time_is_never_red(clock, hours):
    if clock.closed_at is not None and clock.closed_at <= clock.due_at:
        assert rules.earned(clock, _at(hours)).red_at is None


@given(st.integers(1, 60), HOURS, HOURS)
def test_a_stop_never_brings_an_end_forward_and_ends_after_it(days, start, length):
    due = CALENDAR.deadline(MONDAY, days)
    stop = Stop(_at(start), _at(start + length))
    moved = rules.shifted(due, stop, CALENDAR, working_days=True)
    assert moved >= due
    if stop.starts_at < due:
        assert moved >= stop.ends_at or stop.ends_at.astimezone(LOCAL).date() > moved.astimezone(LOCAL).date()


@given(st.integers(1, 60), st.integers(0, 23))
def test_a_warning_lies_between_start_and_end(days, hour):
    start = MONDAY.replace(hour=hour)
    due = CALENDAR.deadline(start, days)
    assert start < yellow(start, due, days) < due
