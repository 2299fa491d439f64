"""A supervisor's stop of somebody else's clock: on a document, by nobody tied to a side, and never without an end."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.audit import By
from core.workdays import load
from supervision.models import ClockStop, Step
from supervision.selectors import complaints as matters
from supervision.services import clocks, complaint_pauses, complaints, stops
from supervision.services.process import declare_relation
from tests.accounts import people
from tests.supervision import hearing
from tests.supervision.clockwork import days, order
from tests.supervision.test_clocks import at, code_of, work  # noqa: F401 - work is a fixture

pytestmark = pytest.mark.django_db
WORDS = "工期要求只有一家机构能做到，请专家组核查是否有倾向性。"


@pytest.fixture
def held(work):  # noqa: F811 - the fixture
    """Asks a supervisor's stop of the work's step."""
    _w, _contract, step = work
    sol = people.user("sol@example.com")
    by = By(sol.pk, people.organisation("regulator", 9500, sol, name="廊坊市市场监督管理局").pk)
    given = {"step_id": step.pk, "ground": "suspended", "reason": "合同争议由法院审理，暂停履行。", "by": by}
    return step, by, given


def test_a_supervisors_stop_rests_on_a_document_and_on_more_than_a_word(held):
    step, _by, given = held
    with at(step, 1):
        assert code_of(stops.ask_stop, **given) == "stop.evidence"
        assert code_of(stops.ask_stop, **{**given, "reason": "依法暂停的"}, evidence=order()) == "stop.reason"
        row = stops.ask_stop(**given, evidence=order())
    assert row.evidence is not None
    assert row.rules_ref == "pauses@1"


def test_whoever_is_tied_to_a_side_stops_no_clock_of_it(held, work):  # noqa: F811 - the fixture
    step, by, given = held
    _w, contract, _step = work
    declare_relation(organisation_id=contract.award.need.buyer_id, ground="近亲属任职", by=by)
    with at(step, 1):
        assert code_of(stops.ask_stop, **given, evidence=order()) == "process.related"


def test_a_stop_ends_by_itself_and_all_stops_of_a_step_are_bounded(held):
    step, _by, given = held
    now = step.started_at + timedelta(hours=1)
    for _ in range(2):
        with clock.at(now):
            row = stops.ask_stop(**given, evidence=order())
            assert row.latest_end == now + days(30)
        with clock.at(now + days(45)):  # looked late: it ended when it had to
            assert stops.end_over() == 1
            assert stops.end_over() == 0
        row.refresh_from_db()
        assert row.ends_at == row.latest_end
        now += days(46)
    with clock.at(now):
        assert code_of(stops.ask_stop, **given, evidence=order()) == "stop.used_up"


def test_the_database_keeps_no_stop_beyond_its_latest_end(held):
    step, _by, given = held
    with at(step, 1):
        row = stops.ask_stop(**given, evidence=order())
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockStop.objects.filter(pk=row.pk).update(ends_at=row.latest_end + days(1))


@pytest.fixture
def investigated():
    """A complaint whose decision is due, its handler, a second person of a regulator, and a supervisor beside them."""
    at = hearing.hearing()
    with clock.at(at.now):
        about = matters.matter(f"agency:{at.agency.pk}")
        row = complaints.file(matter=about, statement=WORDS, hidden=True, contact={}, by=By()).complaint
        complaints.accept(complaint_id=row.pk, by=at.first)
        complaints.notify(complaint_id=row.pk, summary=WORDS, by=at.first)
        complaint_pauses.ask_pause(complaint_id=row.pk, reasons=WORDS, by=at.first)
        clocks.watch()
    agree = {"complaint_id": row.pk, "agreed": True, "reasons": WORDS, "by": at.second}
    stop = {"step_id": Step.objects.get(kind="complaint.decide").pk, "ground": "expert_opinion", "reason": WORDS}
    return at, agree, stop | {"by": at.third}


def test_a_pause_and_a_stop_never_give_the_same_time_twice(investigated):
    at, agree, stop = investigated
    due = Step.objects.get(kind="complaint.decide").due_at
    with clock.at(at.now + days(1)):  # Tuesday
        row = stops.ask_stop(**stop, evidence=order())
        assert code_of(complaint_pauses.answer_pause, **agree) == "complaint.pause_stopped"
    with clock.at(at.now + days(3)):
        stops.end_stop(stop_id=row.pk, by=at.third)
        complaint_pauses.answer_pause(**agree)
        assert code_of(stops.ask_stop, **stop, evidence=order()) == "stop.paused"
        clocks.watch()
    with clock.at(at.now + days(7)):
        complaint_pauses.go_on(complaint_id=agree["complaint_id"], reasons=WORDS, by=at.first)
        complaint_pauses.ask_pause(complaint_id=agree["complaint_id"], reasons=WORDS, by=at.first)
        complaint_pauses.answer_pause(
            **agree
        )  # the room's own stop, which the clock has not ended yet, is no hindrance
    with clock.at(at.now + days(7, 1)):
        complaint_pauses.go_on(complaint_id=agree["complaint_id"], reasons=WORDS, by=at.first)
        clocks.watch()
    left = Step.objects.get(kind="complaint.decide").due_at
    assert load().between(due, left) == 4, "Tuesday to Monday: four working days, each given once"


def test_a_refused_pause_needs_no_running_clock(investigated):
    at, agree, stop = investigated
    with clock.at(at.now + days(1)):
        stops.ask_stop(**stop, evidence=order())
        row = complaint_pauses.answer_pause(**{**agree, "agreed": False})
    assert row.state == "investigating"
