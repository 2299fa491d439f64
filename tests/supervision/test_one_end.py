"""One end: what a procedure enforces, what its page shows and what its card is about are the same moment."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from core import clock, jobs, rulesets, upkeep
from core.audit import SYSTEM, By
from core.errors import Refusal
from core.models import CalendarDay, RuleSet
from core.workdays import LOCAL, Limit, load
from ratings.models import Appeal, Rating
from supervision.models import (
    Card,
    Case,
    CaseEvent,
    Complaint,
    Inspection,
    Listing,
    MovedEnd,
    Notice,
    Repair,
    Share,
    Step,
)
from supervision.rules import complaints as complaint_rules
from supervision.rules import listings as listing_rules
from supervision.selectors import cases as seen
from supervision.selectors import complaints as matters
from supervision.selectors import listings as lists
from supervision.services import (
    cases,
    clocks,
    complaint_log,
    complaint_pauses,
    complaints,
    drawings,
    ends,
    inspections,
    listings,
    repairs,
    stops,
)
from tests.accounts import people
from tests.ratings.test_appeals import appealed
from tests.site.city import PDF
from tests.supervision import hearing, inspecting, listing
from tests.supervision.clockwork import MONDAY, Room, days, department, look, row, watched

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 12, 31, 9, 0, tzinfo=LOCAL)  # whatever begins now ends in a year nobody has announced
OFF = [date(2031, 1, 1), date(2031, 1, 2), date(2031, 1, 3), date(2031, 1, 6)]
WORKED = [date(2031, 1, 4)]  # a Saturday
WORDS = "需求里的工期要求只有一家机构能做到，请核查是否有倾向性。"
RIGHTS = {
    "case.defence", "case.ask_review", "complaint.complete", "complaint.reply", "complaint.ask_review",
    "listing.defence", "listing.ask_review", "rating.answer", "rating.reply", "rating.file_appeal",
}  # fmt: skip
DUTIES = {
    "case.notice", "case.decide", "case.second", "case.publish", "case.review",
    "complaint.accept", "complaint.notify", "complaint.decide", "complaint.review",
    "listing.notify", "listing.decide", "listing.review_decide", "listing.receive",
    "repair.check", "repair.supplement", "repair.review", "rating.appeal",
    "inspection.round", "inspection.draw", "inspection.notify",
    "inspection.check", "inspection.publish", "inspection.fix",
    "inspection.recheck",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _known_until_now():
    """The year that ends is official, the next one follows the plain week."""
    CalendarDay.objects.filter(date__year__gte=2030).delete()
    CalendarDay.objects.create(date=date(2030, 12, 31), is_working=True, name="", official=True)


def everything():
    """Every kind of step of supervision and of appeals, begun within the last hours or days."""
    with clock.at(NOW):
        world = listing.world()
        department(9701)
        officers = hearing.Hearing(world.agency, *world.officers[:4], world.ana, NOW)
        hearing.officer("operator", 9504, "third@example.com")
        appealed()
    _silence(officers)
    _cases(officers)
    with clock.at(officers.now):
        _complaints(officers)
        _listings(world)
        _repairs(world)
    _inspections()
    with clock.at(NOW + timedelta(hours=8)):
        ends.turn_silent()
        clocks.watch()
    return officers


def _silence(at):
    with clock.at(NOW - timedelta(days=10)):
        case = cases.open_case(
            origin=cases.Origin("report", "report", "日常监管"),
            subject_id=at.agency.pk,
            ground="service_complaint",
            facts=WORDS,
            by=at.reporter,
        )
        cases.give_notice(case_id=case.pk, measure="warning", days=180, reasons=WORDS, by=at.reporter)


def _cases(at):
    at.opened()
    at.noticed()
    heard = at.noticed("warning", 180)
    with at.later(minutes=1):
        cases.defend(case_id=heard.pk, text=WORDS, by=at.respondent)
    at.proposed()
    decided = at.proposed("warning", 180)
    with at.later(minutes=1):
        cases.decide(case_id=decided.pk, measure="warning", days=180, reasons=WORDS, by=at.second)
    at.published("warning", 180)
    asked = at.published("warning", 180)
    with at.later(minutes=1):
        cases.ask_review(case_id=asked.pk, reasons=WORDS, by=at.respondent)


def _complaints(at):
    def filed(number):
        about = matters.matter(f"agency:{people.agency(number).pk}")
        return complaints.file(matter=about, statement=WORDS, hidden=True, contact={}, by=By()).complaint.pk

    filed(30)
    complaints.ask_missing(complaint_id=filed(31), text=WORDS, by=at.first)
    taken, told, done, asked = (filed(number) for number in range(32, 36))
    for pk in (taken, told, done, asked):
        complaints.accept(complaint_id=pk, by=at.first)
    for pk in (told, done, asked):
        complaints.notify(complaint_id=pk, summary=WORDS, by=at.first)
    for pk in (done, asked):
        complaints.decide(complaint_id=pk, outcome="dismissed", reasons=WORDS, by=at.first)
    complaints.ask_review(complaint_id=asked, reasons=WORDS)


def _listings(world):
    listing.candidate(world)
    noticed, heard = listing.candidate(world), listing.candidate(world)
    for one in (noticed, heard):
        listings.give_notice(listing_id=one.pk, text=WORDS, by=world.officers[0])
    listings.waive(listing_id=heard.pk, by=world.ana)
    listing.listed(world)
    listings.ask_review(listing_id=listing.listed(world).pk, text=WORDS, by=world.ana)


def _repairs(world):
    def asked():
        measure = listing.published_case(world, "warning", ground="service_complaint").measures.get()
        given = {"kind": "measure", "target_id": measure.pk, "commitment": True, "text": WORDS, "by": world.ana}
        return repairs.apply(**given).pk

    asked()
    repairs.say_missing(repair_id=asked(), text=WORDS, by=world.officers[4])
    repairs.accept(repair_id=asked(), by=world.officers[4])


def _inspections():
    with clock.at(NOW - timedelta(days=5)):
        office = inspecting.bureau()
        inspecting.agencies("DDDDD", first=15)
    then = NOW - timedelta(days=5)
    rows = inspecting.drawn(office, now=then).inspections.order_by("pk")
    _drawn, noticed, concluded, fixing, reported = rows[:5]
    inspecting.noticed(office, noticed, now=then)
    inspecting.concluded(office, concluded, now=then)
    for one in (fixing, reported):
        inspecting.published(office, one, "fix", failing=[0], now=then)
    with clock.at(NOW + timedelta(hours=1)):
        inspections.report_fixed(number=reported.number, text=WORDS, by=inspecting.agency_by(reported.subject_id))
        plan = inspecting.plan(office, year=2030)
        drawings.announce_draw(plan_id=plan.pk, public_number="次日上证指数收盘价", by=office.head)


def enforced(step):
    """What the procedure itself goes by."""
    pk = int(step.reference.split(":")[1])
    if step.kind in FOLDED:
        return FOLDED[step.kind](pk)
    if step.kind in COLUMNS:
        model, column = COLUMNS[step.kind]
        return getattr(model.objects.get(pk=pk), column)
    book = {"case": Case, "complaint": Complaint, "listing": Listing, "repair": Repair, "inspection": Inspection}
    return book[step.reference.split(":")[0]].objects.get(pk=pk).due_at


def _listing(pk):
    return listing_rules.fold(listings.happenings(Listing.objects.get(pk=pk)))


def _complaint(pk):
    return complaint_rules.fold(complaint_log.happenings(Complaint.objects.get(pk=pk)))


FOLDED = {
    "case.defence": lambda pk: seen.matter(Case.objects.get(pk=pk)).defence_until,
    "case.ask_review": lambda pk: seen.matter(Case.objects.get(pk=pk)).review_until,
    "listing.defence": lambda pk: _listing(pk).defence_until,
    "listing.ask_review": lambda pk: _listing(pk).review_until,
    "complaint.decide": lambda pk: _complaint(pk).until,
    "complaint.reply": lambda pk: _complaint(pk).reply_until,
    "listing.receive": lambda pk: lists.shares_of(Share.objects.get(pk=pk).department_id).get(pk=pk).receive_by,
}
COLUMNS = {
    "rating.reply": (Rating, "reply_by"),
    "rating.file_appeal": (Rating, "appeal_by"),
    "rating.answer": (Appeal, "heard_by"),
    "rating.appeal": (Appeal, "decide_by"),
    "inspection.check": (Inspection, "check_by"),
    "inspection.publish": (Inspection, "publish_by"),
}
# Only their cards tell when these are due: late, they can still be done.
UNENFORCED = ("inspection.draw", "inspection.round", "grade.propose", "grade.publish")


def apart():
    """Steps that are open, whose card goes by another end than the procedure."""
    rows = Step.objects.filter(closed_at=None).exclude(kind__in=UNENFORCED).exclude(source__in=OTHERS)
    return {str(one): (one.due_at, enforced(one)) for one in rows if one.due_at != enforced(one)}


OTHERS = ("marketplace", "bidding", "contracts", "payments", "agencies", "entrance")


def open_kinds():
    return set(Step.objects.filter(closed_at=None).values_list("kind", flat=True))


def announce(at):
    with clock.at(at):
        known = [upkeep.Day(day, is_working=False, name="元旦") for day in OFF]
        known += [upkeep.Day(day, is_working=True, name="调休上班") for day in WORKED]
        upkeep.enter_official_year(year=2031, days=known, by=SYSTEM)
        jobs.drain()


def test_an_announced_calendar_moves_what_is_enforced_with_the_card():
    everything()
    assert open_kinds() >= DUTIES | RIGHTS
    assert apart() == {}
    before = {one.pk: one for one in Step.objects.filter(closed_at=None, provisional=True)}
    announce(NOW + timedelta(hours=9))
    assert apart() == {}
    with clock.at(NOW + timedelta(hours=9, minutes=1)):
        clocks.watch()
    assert apart() == {}
    calendar = load()
    for one in Step.objects.filter(pk__in=before):
        assert not one.provisional
        counted = Limit.of(one.limit).end(one.counted_from or one.started_at, calendar)
        assert one.due_at == (max(before[one.pk].due_at, counted) if one.right else counted), one
    assert any(one.due_at != before[one.pk].due_at for one in Step.objects.filter(pk__in=before))


def test_a_stop_that_was_granted_moves_what_is_enforced_with_the_card():
    everything()
    clerk = hearing.officer("regulator", 9790, "uninvolved@example.com")
    stopped = {}
    for one in Step.objects.filter(closed_at=None).exclude(source__in=OTHERS):
        for ground in stops.grounds(one):
            with clock.at(NOW + timedelta(hours=9)):
                given = {"ground": ground, "reason": WORDS, "evidence": a_document(), "by": clerk}
                stop = stops.ask_stop(step_id=one.pk, **given)
            stopped[one.pk] = stop.pk, one.due_at
    kinds = set(Step.objects.filter(pk__in=stopped).values_list("kind", flat=True))
    wanted = {kind for kind in DUTIES if kind.startswith(("case.", "complaint.", "inspection.", "rating."))}
    assert kinds == wanted, "rights go on, whatever an expert is asked"
    for stop, _due in stopped.values():
        with clock.at(NOW + timedelta(days=3)):
            stops.end_stop(stop_id=stop, by=clerk)
    assert apart() == {}
    with clock.at(NOW + timedelta(days=3, minutes=1)):
        clocks.watch()
    assert apart() == {}
    for one in Step.objects.filter(pk__in=stopped):
        assert one.due_at > stopped[one.pk][1], one


def a_document():
    return SimpleUploadedFile("委托书.pdf", PDF, "application/pdf")


def code_of(work, **given):
    with pytest.raises(Refusal) as caught, transaction.atomic():
        work(**given)
    return caught.value.code


def test_nothing_is_decided_before_a_moved_defence_is_over_and_the_database_says_so_too():
    at = hearing.hearing(now=NOW)
    case = at.noticed("warning", 180)
    with clock.at(at.now):
        clocks.watch()
    step = Step.objects.get(kind="case.defence")
    later = step.due_at + timedelta(days=4)
    with clock.at(at.now):
        ends.move(step.kind, step.reference, later)
    case.refresh_from_db()
    assert case.due_at == later
    given = {"case_id": case.pk, "measure": "warning", "days": 180, "reasons": WORDS, "by": at.first}
    with clock.at(step.due_at + timedelta(hours=1)):
        assert code_of(cases.decide, **given) == "process.unheard"
        facts = {"kind": "decided", "at": clock.now(), "data": {"measure": "warning"}, "by_user_id": at.first.user_id}
        with pytest.raises(DatabaseError, match="no decision before notice and defence"), transaction.atomic():
            CaseEvent.objects.create(case=case, seq=3, by_org_id=at.first.org_id, **facts)
    with clock.at(later):
        cases.decide(**given)


def test_the_time_for_a_defence_is_never_shortened():
    at = hearing.hearing(now=NOW)
    at.noticed()
    with clock.at(at.now):
        clocks.watch()
    step = Step.objects.get(kind="case.defence")
    facts = {"kind": step.kind, "reference": step.reference, "at": at.now}
    with pytest.raises(DatabaseError, match="never shortened"), transaction.atomic():
        MovedEnd.objects.create(until=step.due_at - timedelta(seconds=1), **facts)
    MovedEnd.objects.create(until=step.due_at + timedelta(days=2), **facts)
    with pytest.raises(DatabaseError, match="never shortened"), transaction.atomic():
        MovedEnd.objects.create(until=step.due_at + timedelta(days=1), **facts)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        MovedEnd.objects.update(until=at.now)


def test_a_calendar_with_more_working_days_leaves_a_right_its_time():
    at = hearing.hearing(now=NOW)
    at.noticed()
    with clock.at(at.now):
        clocks.watch()
    before = Step.objects.get(kind="case.defence").due_at
    with clock.at(NOW + timedelta(hours=2)):
        worked = [upkeep.Day(date(2031, 1, day), is_working=True, name="调休上班") for day in (4, 5)]
        upkeep.enter_official_year(year=2031, days=worked, by=SYSTEM)
        jobs.drain()
    assert Step.objects.get(kind="case.defence").due_at == before == enforced(Step.objects.get(kind="case.defence"))


def test_a_right_is_reminded_of_lapses_and_earns_no_card():
    at = hearing.hearing(now=NOW)
    at.noticed("warning", 180)
    with clock.at(at.now):
        clocks.watch()
    step = Step.objects.get(kind="case.defence")
    with clock.at(step.yellow_at + timedelta(minutes=1)):
        clocks.watch()
        clocks.watch()
        assert Notice.objects.get(sentence__startswith="期限提醒").organisation_id == at.respondent.org_id
    with clock.at(step.due_at + timedelta(days=1)):
        ends.turn_silent()
        clocks.watch()
    step.refresh_from_db()
    assert (step.closed_at, step.lapsed) == (step.due_at, True)
    assert not step.cards.exists()
    facts = {"step": step, "raised_at": step.due_at, "due_at": step.due_at, "written_at": step.due_at}
    with pytest.raises(DatabaseError, match="earns no card"), transaction.atomic():
        Card.objects.create(colour="yellow", rules_ref="clocks@1", **facts)
    decide = Step.objects.get(kind="case.decide")
    assert (decide.started_at, decide.due_at) == (step.due_at, Case.objects.get().due_at)


def test_many_rights_are_reminded_of_some_at_a_time_and_each_once(monkeypatch):
    monkeypatch.setattr(clocks, "REMINDED", 2)
    owner, _user = department()
    told, room = [], Room()
    for n in range(5):
        room.add(owner.pk, reference=f"thing:{n}", right=True)
    with watched(room):
        for minute in range(5):
            look(MONDAY + days(6, minute / 60))
            told.append(Notice.objects.filter(sentence__startswith="期限提醒").count())
    assert told == [2, 4, 5, 5, 5]


def test_open_clocks_and_what_follows_keep_the_rules_a_case_began_under():
    at = hearing.hearing(now=NOW)
    case = at.noticed("warning", 180)
    with clock.at(at.now):
        clocks.watch()
    before = dict(Step.objects.values_list("kind", "due_at"))
    parameters = {name: {"n": 60, "unit": "working_days"} for name in rulesets.current("cases").parameters}
    RuleSet.objects.create(name="cases", version=2, effective_from=at.now, parameters=parameters, draft=True, note="")
    with at.later(minutes=5):
        clocks.watch()
    assert dict(Step.objects.values_list("kind", "due_at")) == before
    heard_by = Step.objects.get(kind="case.defence").due_at
    with clock.at(heard_by + timedelta(hours=1)):
        clocks.watch()
        assert Step.objects.get(kind="case.decide").due_at == Limit(15, "working_days").end(heard_by, load())
        cases.defend(case_id=case.pk, text=WORDS, by=at.respondent)
        assert Case.objects.get().due_at == Limit(15, "working_days").end(clock.now(), load())
        assert at.opened().limits_ref == "cases@2"


def test_what_a_room_gave_is_still_given_after_a_calendar_came():
    """Five working days, three more by its room, two by a stop: ten, whatever they are called."""
    with watched(Room(keeps=True)) as room:
        body, user = department()
        room.add(body.pk, start=NOW)
        look(NOW)
        step = row()
        room.change(due_at=Limit(8, "working_days").end(NOW, load()))
        look(NOW + days(0, 1))
        stop = step.stops.create(ground="x", reason="等待", starts_at=NOW, confirmed_at=NOW, asked_for=body)
        with clock.at(NOW + days(2)):
            stops.end_stop(stop_id=stop.pk, by=By(user.pk, body.pk))
        assert row().due_at == Limit(10, "working_days").end(NOW, load())
        announce(NOW + days(2, 1))
        assert row().due_at == Limit(10, "working_days").end(NOW, load())


def test_what_a_limit_runs_from_is_what_it_is_counted_from():
    with watched(Room(keeps=True)) as room:
        room.add(
            department()[0].pk, start=NOW + days(1), counted_from=NOW, due=Limit(5, "working_days").end(NOW, load())
        )
        look(NOW + days(1, 1))
        announce(NOW + days(1, 2))
        assert row().due_at == Limit(5, "working_days").end(NOW, load())


def test_a_pause_gives_working_days_back_and_the_limit_runs_from_acceptance():
    at = hearing.hearing(now=NOW)
    with clock.at(NOW):
        agency = people.agency(30)
        about = matters.matter(f"agency:{agency.pk}")
        row = complaints.file(matter=about, statement=WORDS, hidden=True, contact={}, by=By()).complaint
        complaints.accept(complaint_id=row.pk, by=at.first)
    with clock.at(NOW + days(1)):
        complaints.notify(complaint_id=row.pk, summary=WORDS, by=at.first)
    due = Limit(30, "working_days").end(NOW, load())
    with clock.at(NOW + days(2)):
        complaint_pauses.ask_pause(complaint_id=row.pk, reasons=WORDS, by=at.first)
        complaint_pauses.answer_pause(complaint_id=row.pk, agreed=True, reasons=WORDS, by=at.second)
    with clock.at(NOW + days(6)):  # from a Thursday to a Monday: two working days
        complaint_pauses.go_on(complaint_id=row.pk, reasons=WORDS, by=at.first)
        clocks.watch()
    step = Step.objects.get(kind="complaint.decide")
    row.refresh_from_db()
    assert step.due_at == row.due_at == enforced(step) == Limit(32, "working_days").end(NOW, load()) > due
    assert step.counted_from == NOW
    announce(NOW + days(6, 1))
    step.refresh_from_db()
    assert step.due_at == enforced(step) == Limit(32, "working_days").end(NOW, load())
