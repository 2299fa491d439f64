"""A case on the real database: from suspicion to a measure that every room feels, and to its end."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from agencies import selectors as agencies
from bidding import services as bidding
from core import clock
from core.audit import By, verify
from core.errors import Refusal
from ratings.models import CreditEvent
from supervision import tasks
from supervision.models import Case, CaseEvent, Measure
from supervision.selectors import cases as seen
from supervision.services import cases
from supervision.services.process import declare_relation
from tests.accounts import people
from tests.bidding import world
from tests.site.city import PDF
from tests.supervision.hearing import NOW, WHY, hearing

pytestmark = pytest.mark.django_db


def code_of(work, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        work(*args, **kwargs)
    return caught.value.code


def restricted(h):
    return sorted(row.kind for row in agencies.restrictions(h.agency.pk, h.now))


def test_a_suspension_is_felt_the_moment_it_is_published_and_ends_by_itself():
    h = hearing()
    case = h.proposed()
    assert restricted(h) == []
    with h.later(hours=1):
        cases.decide(case_id=case.pk, measure="suspension", days=30, reasons=WHY, by=h.second)
    assert restricted(h) == []
    with h.later(hours=1):
        case = cases.publish(case_id=case.pk, by=h.second)
        assert bidding.barred(h.agency.pk, h.now)
    row = agencies.restrictions(h.agency.pk, h.now).get()
    assert (row.kind, row.source, row.ends_at) == (
        "suspended",
        f"/decisions/{case.number}/",
        h.now + timedelta(days=30),
    )
    assert seen.in_force is not None
    event = CreditEvent.objects.get(agency=h.agency, kind="measure_suspension")
    assert (str(event.points), event.source) == ("-8.00", case.public_path)
    with h.later(days=29):
        tasks.tend_cases.run()
    assert Case.objects.get(pk=case.pk).state == "in_force"
    with h.later(days=1):
        tasks.tend_cases.run()
        tasks.tend_cases.run()
    case.refresh_from_db()
    assert (case.state, case.due_at, restricted(h)) == ("ended", None, [])
    assert case.measures.get().end.why == "term"
    assert verify(f"case:{case.pk}") is None


def test_a_warning_needs_one_person_and_bars_nobody():
    h = hearing()
    case = h.noticed("warning", 200)
    with h.later(hours=1):
        cases.waive(case_id=case.pk, by=h.respondent)
    assert code_of(cases.decide, case_id=case.pk, measure="warning", days=200, reasons=WHY, by=h.reporter) == (
        "process.reporter"
    )
    with h.later(hours=1):
        cases.decide(case_id=case.pk, measure="warning", days=200, reasons=WHY, by=h.third)
        cases.publish(case_id=case.pk, by=h.third)
    assert restricted(h) == ["warned"]
    assert not bidding.barred(h.agency.pk, h.now)


def test_silence_lets_the_defence_period_pass_before_anything_is_decided():
    h = hearing()
    case = h.noticed("warning", 200)
    with h.later(days=4):
        early = code_of(cases.decide, case_id=case.pk, measure="warning", days=200, reasons=WHY, by=h.first)
    assert early == "process.unheard"
    with h.later(days=4):  # five working days from a Monday are over at the next Monday's midnight
        cases.decide(case_id=case.pk, measure="warning", days=200, reasons=WHY, by=h.first)


def test_nothing_heavier_or_longer_than_was_announced_or_than_the_scale_allows():
    h = hearing()
    case = h.proposed("suspension", 30)
    wanted = {"case_id": case.pk, "reasons": WHY, "by": h.second}
    with h.later(hours=1):
        assert code_of(cases.decide, measure="suspension", days=60, **wanted) == "process.heavier"
        assert code_of(cases.decide, measure="removal", days=400, **wanted) == "process.off_scale"
        assert code_of(cases.decide, measure="suspension", days=0, **wanted) == "process.off_scale"


def test_the_second_person_is_somebody_else_and_may_send_it_back():
    h = hearing()
    case = h.proposed()
    with h.later(hours=1):
        same = code_of(cases.decide, case_id=case.pk, measure="suspension", days=30, reasons=WHY, by=h.first)
        assert same == "process.second"
        cases.send_back(case_id=case.pk, reasons="事实部分还不清楚，请补充调查。", by=h.second)
        alone = code_of(cases.decide, case_id=case.pk, measure="suspension", days=30, reasons=WHY, by=h.second)
    assert alone == "process.second"


def test_a_case_is_dropped_when_the_defence_is_accepted():
    h = hearing()
    case = h.noticed()
    with h.later(hours=1):
        cases.defend(case_id=case.pk, text="委托方书面同意过延期，附同意函。", by=h.respondent,
                     uploads=[SimpleUploadedFile("同意函.pdf", PDF, "application/pdf")])  # fmt: skip
        cases.drop(case_id=case.pk, reasons="申辩成立，委托方同意过延期。", by=h.first)
    case.refresh_from_db()
    assert case.state == "dropped"
    assert case.events.get(kind="defended").files.count() == 1
    assert list(seen.decisions()) == []


@pytest.mark.parametrize("outcome", ["upheld", "changed", "revoked"])
def test_a_review_stays_the_measure_and_is_decided_by_somebody_uninvolved(outcome):
    h = hearing()
    case = h.published()
    with h.later(days=3):
        cases.ask_review(case_id=case.pk, reasons="处罚过重，请复核延误原因。", by=h.respondent)
    assert restricted(h) == []
    for involved in (h.reporter, h.first, h.second):
        with h.later(minutes=1):
            refused = code_of(cases.decide_review, case_id=case.pk, outcome="upheld", reasons=WHY, by=involved)
            assert refused == "process.same_officer"
    lighter = {"measure": "warning", "days": 200} if outcome == "changed" else {}
    with h.later(hours=1):
        case = cases.decide_review(case_id=case.pk, outcome=outcome, reasons=WHY, by=h.third, **lighter)
    expected = {"upheld": ["suspended"], "changed": ["warned"], "revoked": []}[outcome]
    assert restricted(h) == expected
    rows = CreditEvent.objects.filter(agency=h.agency, kind__startswith="measure_")
    standing = [row.kind for row in rows if not CreditEvent.objects.filter(corrects=row).exists()]
    assert standing == [f"measure_{kind}" for kind in
                        {"upheld": ["suspension"], "changed": ["warning"], "revoked": []}[outcome]]  # fmt: skip
    if outcome == "upheld":
        ends = agencies.restrictions(h.agency.pk, h.now).get().ends_at
        assert ends - h.now == timedelta(days=27), "the days it was felt count"
    with h.later(days=1):
        again = code_of(cases.ask_review, case_id=case.pk, reasons="再次申请复核，理由同前。", by=h.respondent)
    assert again in ("process.reviewed", "process.order")


def test_a_review_asked_too_late_is_refused():
    h = hearing()
    case = h.published("suspension", 90)
    with h.later(days=20):
        late = code_of(cases.ask_review, case_id=case.pk, reasons="处罚过重，请复核延误原因。", by=h.respondent)
    assert late == "process.late"


def test_those_tied_to_the_respondent_decide_nothing():
    h = hearing()
    case = h.noticed("warning", 200)
    with h.later(hours=1):
        cases.waive(case_id=case.pk, by=h.respondent)
        declare_relation(organisation_id=h.agency.pk, ground="配偶在该机构任职", by=h.first)
        tied = code_of(cases.decide, case_id=case.pk, measure="warning", days=200, reasons=WHY, by=h.first)
        outsider = code_of(cases.decide, case_id=case.pk, measure="warning", days=200, reasons=WHY, by=h.respondent)
    assert (tied, outsider) == ("process.related", "access.not_yours")
    assert code_of(cases.defend, case_id=case.pk, text="替别人申辩，这不行的吧。", by=h.first) == "access.not_yours"
    twice = code_of(declare_relation, organisation_id=h.agency.pk, ground="配偶在该机构任职", by=h.first)
    assert twice == "relation.twice"


def test_a_published_decision_stays_and_a_correction_stands_beside_it():
    h = hearing()
    case = h.published()
    with h.later(days=1):
        cases.correct(case_id=case.pk, text="事实部分的日期应为三月一日，特此更正。", by=h.third)
    assert [line.row.kind for line in seen.lines(case, public=True)] == [
        "decided", "published", "enforced", "corrected"]  # fmt: skip
    assert code_of(cases.publish, case_id=case.pk, by=h.second) in ("process.order", "case.published")
    for change in ("UPDATE supervision_caseevent SET text = 'x'", "DELETE FROM supervision_measure",
                   f"UPDATE supervision_case SET facts = 'x' WHERE id = {case.pk}",
                   f"UPDATE supervision_case SET published_at = now() WHERE id = {case.pk}"):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def past(case):
    return CaseEvent.objects.filter(case=case).count()


def test_the_database_itself_refuses_the_way_around():
    h = hearing()
    case = h.noticed("warning", 200)
    data = {"measure": "warning", "days": 200}

    def straight(kind, by, at, **more):
        with transaction.atomic():
            CaseEvent.objects.create(
                case=case, seq=past(case) + 1, kind=kind, at=at, by_user_id=by.user_id, by_org_id=by.org_id,
                data=data, **more,
            )  # fmt: skip

    later = h.now + timedelta(hours=1)
    with pytest.raises(DatabaseError, match="before notice and defence"):
        straight("decided", h.first, later)
    with pytest.raises(DatabaseError, match="out of order"):
        straight("defended", h.respondent, NOW - timedelta(days=1))
    with pytest.raises(DatabaseError, match="nothing decided"):
        straight("published", h.first, later)
    straight("defended", h.respondent, later)
    for by in (h.reporter, h.respondent, By()):
        with pytest.raises(DatabaseError, match="their own case"):
            straight("decided", by, later)
    with pytest.raises(DatabaseError, match="follows a published decision"), transaction.atomic():
        Measure.objects.create(case=case, kind="warning", starts_at=later, ends_at=later + timedelta(days=1))
    data["measure"] = "suspension"
    with pytest.raises(DatabaseError, match="second person"):
        straight("decided", h.first, later)


def test_a_department_is_warned_but_never_suspended():
    h = hearing()
    office = people.organisation("department", 9600, name="廊坊市自然资源局")
    with h.later(hours=1):
        case = cases.open_case(origin=cases.Origin("card", "card:1", "逾期支付"), subject_id=office.pk,
                               ground="service_complaint", facts=WHY, by=h.reporter)  # fmt: skip
        refused = code_of(cases.give_notice, case_id=case.pk, measure="suspension", days=30, reasons=WHY, by=h.first)
    assert refused == "case.not_agency"


def test_a_repair_lifts_the_measure_and_a_broken_promise_brings_back_what_was_left():
    h = hearing()
    case = h.published()
    with h.later(days=10):
        cases.lift(case_id=case.pk, reason="已整改并经核实", by=By())
    assert restricted(h) == []
    with h.later(days=5):
        cases.restore(case_id=case.pk, reason="违背修复承诺", by=By())
    assert agencies.restrictions(h.agency.pk, h.now).get().ends_at - h.now == timedelta(days=20)


def test_running_work_is_protected_and_everything_new_is_closed():
    """A suspended agency keeps what it won; entry tells why it may not enter."""
    h = hearing()
    case = h.published()
    with clock.at(h.now):
        place = world.competition(now=h.now, running=False)
        reasons = bidding.eligibility(competition_id=place.pk, agency_id=h.agency.pk)
    assert "entry.restricted" in [reason.code for reason in reasons]
    assert case.measure == "suspension"
