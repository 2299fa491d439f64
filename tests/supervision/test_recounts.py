"""A calendar counts many ends anew: one room in trouble keeps no other step waiting, and is not forgotten."""

from datetime import date, timedelta

import pytest
from django.db import connection

from core import calendar_seed, clock, jobs, upkeep
from core.audit import SYSTEM
from core.models import CalendarDay, Job
from core.workdays import Limit, load
from supervision.selectors import cards
from supervision.sources import SOURCES, Source, always
from tests.accounts import people
from tests.supervision.clockwork import MONDAY, Room, days, department, look, row, watched

pytestmark = pytest.mark.django_db
START = MONDAY.replace(year=2030, month=12, day=20)
MONTH = {"n": 30, "unit": "working_days"}
SPRING = [upkeep.Day(date(2031, 1, 22) + timedelta(days=n), is_working=False, name="春节") for n in range(8)]


class Stubborn(Room):
    """A room whose database refuses to move one of its ends as long as it is in trouble."""

    troubled = True

    def move(self, reference, due):
        if self.troubled and reference == "thing:1":
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return super().move(reference, due)


@pytest.fixture
def stubborn():
    CalendarDay.objects.filter(date__year__gte=2030).delete()
    CalendarDay.objects.create(date=date(2030, 12, 31), is_working=True, name="", official=True)
    with watched(Stubborn(keeps=True)) as room:
        owner = department()[0].pk
        for number in (1, 2):
            room.add(owner, reference=f"thing:{number}", start=START, limit=MONTH)
        look(START)
        yield room


def announce(at):
    with clock.at(at):
        upkeep.enter_official_year(year=2031, days=SPRING, by=SYSTEM)
        jobs.drain()


def test_an_end_its_room_refuses_to_move_keeps_no_other_waiting_and_is_tried_again(stubborn):
    before = row("thing:1").due_at
    announce(START + days(1))
    anew = Limit.of(MONTH).end(START, load())
    assert row("thing:2").due_at == anew > before
    assert (row("thing:1").due_at, row("thing:1").provisional) == (before, True)
    assert [one.reference for one in cards.not_recounted()] == ["thing:1"]
    stubborn.troubled = False
    with clock.at(START + days(1, 1)):
        jobs.drain()
    assert (row("thing:1").due_at, row("thing:1").provisional) == (anew, False)
    assert cards.not_recounted() == []


def test_supervisors_see_on_the_clocks_page_whose_end_was_not_counted_anew(stubborn, client):
    announce(START + days(1))
    clerk = people.user("clerk@example.com")
    people.organisation("operator", 9712, clerk)
    client.force_login(clerk)
    with clock.at(START + days(1)):
        page = client.get("/supervision/cards/").content.decode()
    assert "没能按新公布的日历重新计算" in page
    assert page.count(f'href="/supervision/cards/{row("thing:1").pk}/"') == 2
    assert page.count(f'href="/supervision/cards/{row("thing:2").pk}/"') == 1


def test_a_step_that_ended_in_the_meantime_is_counted_no_more(stubborn):
    announce(START + days(1))
    stubborn.close(START + days(1), "thing:1")
    stubborn.troubled = False
    look(START + days(1, 1))
    with clock.at(START + days(1, 2)):
        jobs.drain()
    assert stubborn.moves == [("thing:2", row("thing:2").due_at)]
    assert not Job.objects.exclude(state=Job.State.DONE).exists()


def test_a_room_that_tells_what_cannot_be_kept_keeps_no_other_room_waiting(stubborn, caplog):
    bad = Room()
    bad.add(department(9713)[0].pk, reference="bad:1")
    bad.change("bad:1", kind="longer than any kind of step may be, by far")
    SOURCES.insert(0, Source("bad", always(bad.read)))
    assert look(row("thing:1").due_at + days(1)) == 4
    assert "steps of bad not followed" in caplog.text


def test_a_calendar_that_ships_with_a_new_version_counts_anew_like_one_that_was_entered(stubborn, monkeypatch):
    stubborn.troubled = False
    before = row("thing:1").due_at
    days_off = [CalendarDay(date=d.date, is_working=False, name=d.name, official=True) for d in SPRING]
    with clock.at(START + days(1)):
        calendar_seed.ship()
        assert not Job.objects.filter(task="supervision.calendar_announced").exists(), "nothing new is known"
        CalendarDay.objects.filter(date__year=2031).delete()
        CalendarDay.objects.create(date=date(2031, 1, 1), is_working=True, name="", official=False)
        monkeypatch.setattr(calendar_seed, "known_days", lambda years: iter(days_off if 2031 in years else []))
        calendar_seed.ship()
        jobs.drain()
        anew = Limit.of(MONTH).end(START, load())
        assert [row(f"thing:{n}").due_at for n in (1, 2)] == [anew, anew] > [before, before]
        calendar_seed.ship()
        assert Job.objects.filter(task="supervision.calendar_announced").count() == 1, "once"


def test_what_a_fresh_database_ships_is_no_news():
    CalendarDay.objects.all().delete()
    calendar_seed.ship()
    assert not Job.objects.filter(task="supervision.calendar_announced").exists()
