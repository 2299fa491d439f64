"""An inspection from the notice to the second look: by whom, in which order, and what nobody can change."""

import io
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from accounts.errors import NOT_YOURS
from core import clock
from core.errors import Refusal
from core.workdays import LOCAL
from supervision.models import Case, Finding, Inspection, InspectionPhoto, Notice
from supervision.rules import inspections as rules
from supervision.rules.inspections import Outcome, Stage, Verdict
from supervision.selectors import inspections as seen
from supervision.services import drawings, inspections
from tests.supervision import inspecting
from tests.supervision.inspecting import NOW, STANDARD

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture
def office():
    return inspecting.bureau()


@pytest.fixture
def row(office):
    inspecting.agencies("D")
    inspecting.drawn(office)
    return Inspection.objects.select_related("plan").get()


def refused(work, **given):
    with pytest.raises(Refusal) as caught:
        work(**given)
    return caught.value.code


def again(row):
    return Inspection.objects.get(pk=row.pk)


def with_place() -> SimpleUploadedFile:
    """A picture that says where it was taken."""
    buffer, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Phone of an inspector"
    exif[0x8825] = {1: "N", 2: (39.0, 31.0, 0.0)}
    Image.new("RGB", (2400, 1200), (90, 120, 130)).save(buffer, "JPEG", exif=exif)
    return SimpleUploadedFile("现场.jpg", buffer.getvalue(), "image/jpeg")


@given(st.lists(st.sampled_from(["notify", "conclude", "publish", "publish_fix", "report", "follow"]), max_size=12))
def test_nothing_is_published_that_was_not_concluded_and_nothing_concluded_without_notice(steps):
    stage, taken = Stage.DRAWN, []
    for step in steps:
        reached = rules.after(stage, step)
        if reached is not None:
            stage, taken = reached, [*taken, step]
    before = {"conclude": {"notify"}, "publish": {"conclude"}, "publish_fix": {"conclude"}, "report": {"publish_fix"},
              "follow": {"publish_fix", "report"}}  # fmt: skip
    assert all(first in before[second] for first, second in pairwise(taken))


@given(st.lists(st.sampled_from(Verdict), min_size=1))
def test_a_result_never_contradicts_its_record(verdicts):
    assert rules.fits(Outcome.OK, verdicts) == (Verdict.FAIL not in verdicts)
    assert rules.fits(Outcome.FIX, verdicts) == rules.fits(Outcome.CASE, verdicts) == (Verdict.FAIL in verdicts)


def test_a_clean_inspection_goes_from_notice_to_publication(office, row):
    made = inspecting.published(office, row)
    assert (made.state, made.outcome) == (Stage.CLOSED, Outcome.OK)
    assert [event.kind for event in seen.history(made)] == ["drawn", "notify", "conclude", "publish"]
    assert list(seen.published()) == [made]
    assert Notice.objects.filter(organisation=row.subject_id).count() == 2


def test_only_the_inspectors_drawn_may_act(office, row):
    mine = {by.user_id for by in inspecting.officers(office, row)}
    other = next(office.by(key) for key, user in office.people.items() if user.pk not in mine)
    given_ = {"number": row.number, "visit_at": LATER, "words": "", "by": other}
    with clock.at(NOW + timedelta(hours=2)):
        assert refused(inspections.notify, **given_) == "inspection.not_officer"
        agency = inspecting.agency_by(row.subject_id)
        assert refused(inspections.notify, **given_ | {"by": agency}) == NOT_YOURS.code


def test_a_visit_is_announced_ahead_and_within_the_limit(office, row):
    first, _second = inspecting.officers(office, row)
    with clock.at(NOW + timedelta(hours=2)):
        for visit in (NOW + timedelta(hours=3), NOW + timedelta(days=90)):
            given_ = {"number": row.number, "visit_at": visit, "words": "", "by": first}
            assert refused(inspections.notify, **given_) == "inspection.visit"


def test_pictures_keep_nothing_but_pixels(office, row):
    inspecting.noticed(office, row)
    first, _second = inspecting.officers(office, row)
    with clock.at(LATER):
        photo = inspections.add_photo(number=row.number, point=0, upload=with_place(), public=True, by=first)
    with photo.image.content.open("rb") as stored:
        kept = Image.open(io.BytesIO(stored.read()))
    assert not kept.getexif()
    assert max(kept.size) == 1800


def test_a_failed_point_needs_words_and_every_point_a_mark(office, row):
    inspecting.noticed(office, row)
    first, _second = inspecting.officers(office, row)
    with clock.at(LATER):
        bad = {"number": row.number, "point": 0, "verdict": "fail", "words": "不行", "by": first}
        assert refused(inspections.mark, **bad) == "inspection.short"
        assert refused(inspections.mark, **bad | {"point": 9, "verdict": "pass"}) == "inspection.point"
        end = {"number": row.number, "outcome": "ok", "summary": "三项要点逐条核对，均符合。", "by": first}
        assert refused(inspections.conclude, **end) == "inspection.points_open"


def test_a_result_that_does_not_fit_the_record_is_refused(office, row):
    inspecting.noticed(office, row)
    inspecting.recorded(office, row, failing=[1])
    first, _second = inspecting.officers(office, row)
    with clock.at(LATER):
        end = {"number": row.number, "outcome": "ok", "summary": "三项要点逐条核对，均符合。", "by": first}
        assert refused(inspections.conclude, **end) == "inspection.outcome"


def test_a_second_mark_is_a_second_row_and_the_newest_counts(office, row):
    inspecting.noticed(office, row)
    inspecting.recorded(office, row)
    first, _second = inspecting.officers(office, row)
    with clock.at(LATER + timedelta(minutes=5)):
        words = "复看后发现收费公示已过期，仍是去年的标准。"
        inspections.mark(number=row.number, point=2, verdict="fail", words=words, by=first)
        assert inspections.mark(number=row.number, point=2, verdict="fail", words=words, by=first) is None
    assert Finding.objects.filter(inspection=row).count() == len(STANDARD) + 1
    assert seen.newest(row)[2].verdict == Verdict.FAIL


def test_who_concluded_does_not_publish(office, row):
    inspecting.concluded(office, row)
    first, second = inspecting.officers(office, row)
    with clock.at(NOW + timedelta(days=5)):
        assert refused(inspections.publish, number=row.number, by=first) == "inspection.own_publication"
        inspections.publish(number=row.number, by=second)
        assert refused(inspections.publish, number=row.number, by=second) == "inspection.stage"


def test_a_closed_record_and_a_published_result_stay_whatever_is_written_to_the_database(office, row):
    inspecting.published(office, row)
    first, _second = inspecting.officers(office, row)
    changes = (
        lambda: Inspection.objects.update(outcome="fix"),
        lambda: Inspection.objects.update(published_at=NOW),
        lambda: Finding.objects.update(verdict="fail"),
        lambda: Finding.objects.create(inspection=row, point=0, verdict="pass", at=NOW, by_user_id=first.user_id),
        lambda: row.events.all().delete(),
    )
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_correction_is_a_new_row_beside_the_result(office, row):
    made = inspecting.published(office, row)
    first, _second = inspecting.officers(office, row)
    with clock.at(NOW + timedelta(days=6)):
        inspections.correct(number=row.number, text="第二条的登记地址应为新华路 18 号。", by=first)
    assert again(row).summary == made.summary
    assert seen.history(row).filter(kind="corrected").get().text.startswith("第二条")


def test_what_must_be_mended_is_reported_and_looked_at_again_by_the_same_people(office, row):
    made = inspecting.published(office, row, "fix", failing=[2])
    first, second = inspecting.officers(office, row)
    assert made.state == Stage.FIXING
    with clock.at(NOW + timedelta(days=6)):
        assert refused(inspections.follow, number=row.number, by=first) == "inspection.fixing"
        words = "已在大厅公示新的收费标准，照片附后。"
        report = {"number": row.number, "text": words, "by": inspecting.agency_by(row.subject_id)}
        assert refused(inspections.report_fixed, **report | {"by": first}) == NOT_YOURS.code
        inspections.report_fixed(**report)
        second_look = inspections.follow(number=row.number, by=second)
    assert second_look.follows == row
    assert [by.user_id for by in inspecting.officers(office, second_look)] == [first.user_id, second.user_id]
    assert again(row).state == Stage.CLOSED


def test_silence_over_the_limit_lets_inspectors_look_again(office, row):
    made = inspecting.published(office, row, "fix", failing=[2])
    first, _second = inspecting.officers(office, row)
    with clock.at(made.due_at):
        assert inspections.follow(number=row.number, by=first).follows == row


def test_a_bad_result_becomes_a_case_on_a_published_ground(office, row):
    inspecting.concluded(office, row, "case", failing=[1], ground="inspection_failed")
    case = Case.objects.get(number=again(row).case_number)
    assert (case.subject_id, case.origin_reference) == (row.subject_id, f"inspection:{row.pk}")


def test_without_a_ground_of_the_scale_there_is_no_case_and_no_conclusion(office, row):
    with pytest.raises(Refusal):
        inspecting.concluded(office, row, "case", failing=[1], ground="whim")
    assert again(row).state == Stage.NOTICED


def test_whoever_steps_back_is_followed_by_the_next_in_the_order_of_the_draw(office, row):
    first, second = inspecting.officers(office, row)
    with clock.at(NOW + timedelta(hours=2)):
        inspections.recuse(number=row.number, text="配偶在该机构任职，申请回避。", by=first)
        assert refused(inspections.notify, number=row.number, visit_at=LATER, words="", by=first) == (
            "inspection.not_officer"
        )
        again_ = {"number": row.number, "text": "与法定代表人是同学，申请回避。", "by": second}
        assert refused(inspections.recuse, **again_) == "inspection.nobody_left"
    now = {by.user_id for by in inspecting.officers(office, row)}
    assert now == {user.pk for user in office.people.values()} - {first.user_id}


def test_the_agency_may_say_its_own_words_and_nobody_else_for_it(office, row):
    agency = inspecting.agency_by(row.subject_id)
    with clock.at(NOW + timedelta(hours=2)):
        early = {"number": row.number, "text": "我们对检查没有意见，会配合。", "by": agency}
        assert refused(inspections.reply, **early) == NOT_YOURS.code  # it does not know yet
    inspecting.noticed(office, row)
    with clock.at(LATER):
        inspections.reply(**early)
        assert refused(inspections.reply, **early | {"by": office.head}) == NOT_YOURS.code


def test_rates_count_what_is_due_and_what_was_done(office):
    inspecting.agencies("DDD")
    inspecting.drawn(office)
    rows = list(Inspection.objects.all())
    inspecting.published(office, rows[0])
    inspecting.concluded(office, rows[1])
    every = Inspection.objects.all()
    soon, late = seen.rates(every, NOW + timedelta(days=6)), seen.rates(every, NOW + timedelta(days=60))
    assert (soon.drawn, soon.completion, soon.publication) == (3, 100, 100)
    assert (late.completion, late.publication) == (67, 50)


def test_every_step_has_a_clock_and_its_end(office, row):
    def kinds(since=NOW):
        return {step.kind: step.closed_at is not None for step in seen.open_steps(since)}

    assert kinds() == {"inspection.round": True, "inspection.notify": False, "inspection.check": False}
    inspecting.published(office, row, "fix", failing=[2])
    assert kinds() == {
        "inspection.round": True, "inspection.notify": True, "inspection.check": True, "inspection.publish": True,
        "inspection.fix": False,
    }  # fmt: skip
    assert set(kinds(NOW + timedelta(days=30))) == {"inspection.fix"}
    fix = next(step for step in seen.open_steps(NOW) if step.kind == "inspection.fix")
    assert fix.owner_org == row.subject_id


def test_each_round_of_a_plan_is_due_in_its_part_of_the_year(office):
    inspecting.agencies("DDD")
    drawing = inspecting.drawn(office, per_year=2)
    year = [datetime(2026, 1, 1, tzinfo=LOCAL), datetime(2026, 7, 2, tzinfo=LOCAL), datetime(2027, 1, 1, tzinfo=LOCAL)]

    def rounds():
        found = [step for step in seen.open_steps(NOW) if step.kind == "inspection.round"]
        return [(step.started_at, step.due_at, step.closed_at) for step in found]

    first = (NOW, year[1], NOW + timedelta(hours=1))
    with clock.at(NOW + timedelta(days=1)):
        assert rounds() == [first], "the second round has not begun"
    with clock.at(year[1] + timedelta(days=1)):
        assert rounds() == [first, (year[1], year[2], None)]
        again = drawings.announce_draw(plan_id=drawing.plan_id, by=office.head)
    with clock.at(year[1] + timedelta(days=2)):
        drawings.draw(drawing_id=again.pk)
        assert rounds()[1][2] == clock.now()


def test_a_part_of_the_year_that_was_over_at_publication_ends_with_the_next(office):
    late, over = datetime(2026, 9, 1, tzinfo=LOCAL), datetime(2027, 1, 1, tzinfo=LOCAL)
    with clock.at(late):
        inspecting.plan(office, per_year=2)
        found = [step for step in seen.open_steps(late) if step.kind == "inspection.round"]
    assert [(step.started_at, step.due_at) for step in found] == [(late, over), (late, over)]


def test_photos_are_refused_once_the_record_is_closed(office, row):
    inspecting.concluded(office, row)
    first, _second = inspecting.officers(office, row)
    with clock.at(NOW + timedelta(days=5)):
        given_ = {"number": row.number, "point": 0, "upload": with_place(), "public": False, "by": first}
        assert refused(inspections.add_photo, **given_) == "inspection.stage"
    assert not InspectionPhoto.objects.exists()
