"""Two at once: whatever the order, one does it, the other is told, and nothing is done twice or left behind."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from agencies import selectors as agencies
from agencies.models import Restriction
from core import clock
from core.audit import SYSTEM
from core.errors import Refusal
from supervision import tasks
from supervision.models import Drawing, Honour, ImportedEntry, Inspection, ListImport, Measure, Share
from supervision.services import cases, drawings, exits, honours, imports, listings
from tests.accounts import people
from tests.supervision import inspecting
from tests.supervision.hearing import WHY, hearing
from tests.supervision.listing import NOW, WORDS, later, listed, published_case, world
from tests.supervision.test_imports import TODAY, csv_of, looked, row, taken

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        yield


def at_once(*works, at=NOW):
    """Run each in a thread of its own; what each gave back, or the code of its refusal, or its fault."""
    gate, answers = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            connection.ensure_connection()
            gate.wait(timeout=20)
            with clock.at(at):
                answers[place] = work()
        except Refusal as refusal:
            answers[place] = refusal.code
        except Exception as fault:  # noqa: BLE001 - told by the test
            answers[place] = fault
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def faults(answers):
    return [one for one in answers if isinstance(one, Exception)]


def test_two_officers_who_publish_one_decision_put_it_in_force_once():
    h = hearing()
    case = h.proposed()
    with h.later(hours=1):
        cases.decide(case_id=case.pk, measure="suspension", days=30, reasons=WHY, by=h.second)
    moment = h.now + timedelta(hours=1)
    work = [lambda by=by: cases.publish(case_id=case.pk, by=by) for by in (h.second, h.third)]
    answers = at_once(*work, at=moment)
    assert faults(answers) == []
    assert [one for one in answers if isinstance(one, str)] in (["process.order"], ["case.published"])
    assert (Measure.objects.count(), Restriction.objects.count()) == (1, 1)


def test_the_end_of_a_measure_and_a_request_for_review_at_the_same_time_agree():
    h = hearing()
    case = h.published("suspension", 30)
    end = h.now + timedelta(days=3)
    answers = at_once(
        lambda: cases.ask_review(case_id=case.pk, reasons="处罚过重，请复核延误原因。", by=h.respondent),
        tasks.tend_cases.run,
        tasks.tend_cases.run,
        at=end,
    )
    assert faults(answers) == []
    assert not agencies.restrictions(h.agency.pk, end).exists()


def test_two_runs_of_the_lists_end_each_listing_once():
    made = world()
    entry = listed(made, months=12)
    moment = NOW + timedelta(days=370)
    answers = at_once(listings.end_due, listings.end_due, at=moment)
    assert (faults(answers), sum(answers)) == ([], 1)
    assert Share.objects.filter(listing=entry, news="delisted").count() == 1


@pytest.mark.parametrize("_again", range(3))
def test_an_imported_entry_met_twice_restricts_once(_again):
    taken(row(1))
    agency = people.agency(1)
    answers = at_once(imports.meet_newcomers, imports.meet_newcomers, imports.meet_newcomers)
    assert faults(answers) == []
    assert Restriction.objects.filter(agency=agency).count() == 1


def test_an_entry_that_is_gone_while_its_agency_comes_leaves_no_restriction(monkeypatch):
    """The newcomer is met between the reading of the entry and its release."""
    taken(row(1), row(2))
    agency = people.agency(1)
    found = looked(csv_of(row(2)))
    release, entered = imports._release, threading.Event()

    def slow(entry, by):
        thread = threading.Thread(target=meeting)
        thread.start()
        entered.wait(2)
        thread.join(1)
        waiting.append(thread)
        release(entry, by)

    def meeting():
        try:
            with clock.at(NOW):
                entered.set()
                imports.meet_newcomers()
        finally:
            connections.close_all()

    waiting = []
    monkeypatch.setattr(imports, "_release", slow)
    imports.take(import_id=found.pk, by=SYSTEM)
    for thread in waiting:
        thread.join(20)
    assert ImportedEntry.objects.get(credit_code=people.code(1)).gone_at is not None
    assert not agencies.restrictions(agency.pk).exists()


def test_the_daily_list_taken_by_two_at_once_is_one_import(settings, tmp_path):
    source = tmp_path / "list.csv"
    source.write_bytes(csv_of(row(1)))
    settings.LISTS_URL = str(source)
    answers = at_once(imports.fetch_daily, imports.fetch_daily)
    assert faults(answers) == []
    assert ImportedEntry.objects.count() == 1
    assert ListImport.objects.filter(state="applied", as_of=TODAY).count() == 1


def test_a_draw_by_hand_and_by_the_clock_is_one_draw():
    office = inspecting.bureau()
    inspecting.agencies("DD")
    drawing = drawings.announce_draw(plan_id=inspecting.plan(office).pk, by=office.head)
    second = drawings.announce_draw(plan_id=inspecting.plan(office, title="另一项检查").pk, by=office.head)
    moment = NOW + timedelta(hours=1)
    answers = at_once(
        tasks.draw_inspections.run,
        tasks.draw_inspections.run,
        lambda: drawings.draw(drawing_id=drawing.pk, by=office.head),
        at=moment,
    )
    assert faults(answers) == []
    assert answers[:2] == [None, None], "a task that came second is no failure"
    assert all(Drawing.objects.get(pk=one.pk).result for one in (drawing, second))
    assert Inspection.objects.filter(drawing=drawing).count() == 2


def test_a_draw_that_cannot_be_made_keeps_no_other_from_being_made(monkeypatch):
    office = inspecting.bureau()
    inspecting.agencies("DD")
    bad = drawings.announce_draw(plan_id=inspecting.plan(office).pk, by=office.head)
    good = drawings.announce_draw(plan_id=inspecting.plan(office, title="另一项检查").pk, by=office.head)
    opened = drawings._open

    def broken(drawing):
        if drawing.pk == bad.pk:
            raise drawings.floors.FloorKeyError("no key")
        return opened(drawing)

    monkeypatch.setattr(drawings, "_open", broken)
    with clock.at(NOW + timedelta(hours=1)):
        drawings.draw_due()
    assert Inspection.objects.filter(drawing=good).exists()


def test_a_measure_that_cannot_be_ended_keeps_no_other_from_ending(monkeypatch):
    made = world()
    bad, good = published_case(made), published_case(made, days=181)
    ended = cases.end_if_due

    def broken(*, case_id):
        if case_id == bad.pk:
            raise RuntimeError("trouble")
        return ended(case_id=case_id)

    monkeypatch.setattr(cases, "end_if_due", broken)
    with later(190):
        tasks.tend_cases.run()
    good.refresh_from_db()
    assert good.state == "ended"


def test_two_looks_at_the_red_list_honour_once(monkeypatch):
    agency = people.agency(1)
    tasks.tend_lists.run()
    agencies.Agency.objects.filter(pk=agency.pk).update(score=95, grade="A")
    monkeypatch.setattr(honours.contracts, "kept_since", lambda _since: {agency.pk: (4, 4)})
    answers = at_once(honours.refresh, honours.refresh, honours.refresh)
    assert faults(answers) == []
    assert Honour.objects.count() == 1


def test_who_takes_the_wish_to_leave_back_stops_nobody_else_from_leaving(monkeypatch):
    staying, leaving = people.agency(1), people.agency(2, name="廊坊市他人咨询有限公司")
    monkeypatch.setattr(exits, "running", lambda _pk: [exits.Running("contract", "环评", "/contracts/1/")])
    for agency in (staying, leaving):
        exits.ask(agency=agency, by=SYSTEM)

    def took_back(pk):
        if pk == staying.pk:
            exits.take_back(agency=staying, by=SYSTEM)
        return []

    monkeypatch.setattr(exits, "running", took_back)
    assert exits.finish() == 1
    assert agencies.facts(leaving.pk).door == "left"


def test_two_officers_who_decide_a_review_end_it_once():
    made = world()
    case = published_case(made)
    cases.ask_review(case_id=case.pk, reasons="证据不足，请求复核本决定。", by=made.ana)
    answers = at_once(*(
        lambda by=by: cases.decide_review(case_id=case.pk, outcome="upheld", reasons=WORDS, by=by)
        for by in made.officers[3:]
    ), at=NOW + timedelta(hours=1))  # fmt: skip
    assert faults(answers) == []
    assert [one for one in answers if isinstance(one, str)] == ["process.order"]
    assert agencies.restrictions(made.agency.pk, NOW + timedelta(hours=2)).count() == 1
