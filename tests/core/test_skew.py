"""How far clocks are apart is measured against the database, and said."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from core import clock, skew
from core.models import ClockReading
from core.skew import Reading

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MS = timedelta(milliseconds=1)


def ahead_by(monkeypatch, span):
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + span)


@pytest.mark.django_db
@pytest.mark.parametrize("span", [timedelta(), timedelta(seconds=3), timedelta(seconds=-40)])
def test_a_clock_is_measured_within_its_error(monkeypatch, span):
    ahead_by(monkeypatch, span)
    reading = skew.measure()
    assert abs(reading.ahead - span) <= reading.error < timedelta(seconds=1)


@pytest.mark.django_db
def test_each_process_keeps_its_latest_reading_and_old_ones_go(monkeypatch):
    skew.write_down("web here:1")
    skew.write_down("web here:1")
    ClockReading.objects.create(process="gone:2", read_at=NOW, ahead=timedelta(), error=MS)
    ahead_by(monkeypatch, timedelta(seconds=2))
    skew.write_down("worker there:3")
    assert set(ClockReading.objects.values_list("process", flat=True)) == {"web here:1", "worker there:3"}


@pytest.mark.django_db
def test_two_clocks_differ_by_at_most_the_bound(monkeypatch, settings):
    assert (skew.clocks().processes, skew.clocks().bound, skew.clocks().apart) == (0, None, False)
    skew.write_down("one")
    ahead_by(monkeypatch, timedelta(seconds=2))
    skew.write_down("two")
    found = skew.clocks()
    assert found.processes == 2
    assert timedelta(seconds=2) - 100 * MS < found.bound < timedelta(seconds=4)
    assert found.apart
    settings.CLOCK_LIMIT_MS = 5000
    assert not found.apart


@pytest.mark.django_db
def test_a_process_that_is_gone_says_nothing_any_more():
    now = datetime.now(UTC)
    ClockReading.objects.create(process="gone", read_at=now - skew.FRESH - MS, ahead=timedelta(hours=1), error=MS)
    ClockReading.objects.create(process="here", read_at=now, ahead=timedelta(), error=MS)
    assert skew.clocks() == skew.Clocks(1, 2 * MS)


def test_the_worked_example_of_a_bound():
    readings = [Reading(NOW, 3 * MS, MS), Reading(NOW, -2 * MS, MS)]
    assert skew.bound(readings) == 7 * MS


spans = st.timedeltas(-timedelta(hours=1), timedelta(hours=1))
errors = st.timedeltas(timedelta(), timedelta(seconds=1))


@given(st.lists(st.tuples(spans, errors, st.floats(-1, 1)), min_size=1, max_size=6))
def test_wherever_the_true_clocks_are_within_their_errors_the_bound_holds(clocks):
    bound = skew.bound([Reading(NOW, ahead, error) for ahead, error, _ in clocks])
    true = [ahead + error * place for ahead, error, place in clocks]
    assert max(true) - min(true) <= bound + timedelta(microseconds=1)


@pytest.mark.django_db(transaction=True)
def test_clocks_that_are_too_far_apart_are_written_in_the_log(monkeypatch, caplog):
    skew.write_down("another")
    ahead_by(monkeypatch, timedelta(seconds=2))
    skew.Watch("web")._look()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "2 processes" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_watch_outlives_a_database_that_is_away(monkeypatch, caplog):
    def away(_process):
        raise DatabaseError("gone")

    monkeypatch.setattr(skew, "write_down", away)
    skew.Watch("web")._look()
    assert "not read" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_watch_reads_at_its_start_and_ends_when_told():
    watch = skew.Watch("web")
    watch.start()
    for _ in range(200):
        if ClockReading.objects.filter(process=watch.process).exists():
            break
        watch._stop.wait(0.02)
    watch.stop()
    assert ClockReading.objects.get().process.startswith("web ")
