"""Pages of inspections as people meet them: who sees what and when, and the record written on a phone."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from core import clock
from supervision import verify_draw
from supervision.models import Inspection, InspectionPlan
from supervision.services import drawings, inspections
from tests.accounts import people
from tests.agencies.conftest import upload
from tests.supervision import inspecting
from tests.supervision.inspecting import NOW

pytestmark = pytest.mark.django_db
PLAN = {
    "title": "执业规范检查", "basis": "《优化营商环境条例》第五十四条", "scope": "全市机构", "region": people.LANGFANG,
    "standard": "场所一致\n人员在岗", "method": "onsite", "year": "2026", "per_year": "1", "team": "2",
    "ratio_A": "1", "ratio_B": "5", "ratio_C": "20", "ratio_D": "100",
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_rate_limits_left_over():
    cache.clear()


@pytest.fixture
def office():
    return inspecting.bureau()


@pytest.fixture
def row(office):
    inspecting.agencies("D")
    inspecting.drawn(office)
    return Inspection.objects.select_related("plan").get()


def browser(by=None):
    client = Client()
    if by is not None:
        client.force_login(User.objects.get(pk=by.user_id))
    return client


def test_a_plan_goes_from_form_to_publication_to_announcement(office):
    inspecting.agencies("D")
    sol = browser(office.head)
    made = sol.post("/supervision/inspections/plans/new/", PLAN)
    plan = InspectionPlan.objects.get()
    assert made.url == plan.get_absolute_url()
    assert browser().get(plan.get_absolute_url()).status_code == 404
    sol.post(f"/supervision/inspections/plans/{plan.number}/publish/")
    assert "执业规范检查" in browser().get("/inspections/").content.decode()
    sol.post(f"/supervision/inspections/plans/{plan.number}/draw/", {"public_number": ""})
    drawing = plan.drawings.get()
    shown = browser().get(plan.get_absolute_url()).content.decode()
    assert drawing.commitment in shown
    assert drawing.pools_hash in shown


def test_a_plan_that_says_too_little_keeps_what_was_typed(office):
    answer = browser(office.head).post("/supervision/inspections/plans/new/", PLAN | {"ratio_C": "2"})
    assert answer.status_code == 422
    assert "执业规范检查" in answer.content.decode()


def test_the_file_of_a_draw_is_enough_to_draw_again(office, row):
    text = browser().get(f"/inspections/draws/{row.drawing_id}/record.json").content
    assert [finding.fault for finding in verify_draw.verify(json.loads(text))] == [""] * 7


def test_anybody_with_an_organisation_throws_a_word_in(office):
    ana, *_ = inspecting.agencies("D")
    drawing = drawings.announce_draw(plan_id=inspecting.plan(office).pk, by=office.head)
    address = f"/inspections/draws/{drawing.pk}/words/"
    assert browser().post(address, {"text": "春江"}).url.startswith("/account/login/")
    agency = browser(inspecting.agency_by(ana.pk))
    assert agency.post(address, {"text": "春江"}).status_code == 302
    assert agency.post(address, {"text": "潮水"}).status_code == 422
    assert "春江" in browser().get(drawing.plan.get_absolute_url()).content.decode()


def test_before_publication_only_those_it_concerns_know_of_an_inspection(office, row):
    agency, address = inspecting.agency_by(row.subject_id), row.get_absolute_url()

    def seen_by():
        return [browser(by).get(address).status_code for by in (None, agency, office.head)]

    assert seen_by() == [404, 404, 200]
    inspecting.noticed(office, row)
    assert seen_by() == [404, 200, 200]
    inspecting.recorded(office, row)
    first, second = inspecting.officers(office, row)
    with clock.at(NOW + timedelta(days=4)):
        inspections.conclude(number=row.number, outcome="ok", summary="三项要点逐条核对，均符合。", by=first)
        inspections.publish(number=row.number, by=second)
    assert seen_by() == [200, 200, 200]
    assert row.subject.name in browser().get("/inspections/").content.decode()


def test_the_record_is_saved_point_by_point_with_pictures(office, row):
    inspecting.noticed(office, row)
    first, _second = inspecting.officers(office, row)
    phone, address = browser(first), f"/supervision/inspections/{row.number}/record/"
    assert phone.get(address).status_code == 200
    point = {"point": "0", "p0-verdict": "pass", "p0-words": "", "p0-photos": [upload(), upload()], "p0-public": "on"}
    assert phone.post(address, point).url.endswith("#point-1")
    assert row.photos.count() == 2
    refused = phone.post(address, {"point": "1", "p1-verdict": "fail", "p1-words": "太短"})
    assert refused.status_code == 422
    assert "太短" in refused.content.decode()
    assert phone.post(address, {"point": "99", "p99-verdict": "pass"}).status_code == 422
    assert phone.post(address, {"point": "x"}).status_code == 422


def test_the_record_is_for_the_inspectors_drawn(office, row):
    inspecting.noticed(office, row)
    other = inspecting.bureau(number=9700)
    answer = browser(other.head).get(f"/supervision/inspections/{row.number}/record/")
    assert answer.status_code == 403


def test_pictures_are_private_until_published_and_then_only_those_marked(office, row):
    inspecting.noticed(office, row)
    first, second = inspecting.officers(office, row)
    with clock.at(NOW + timedelta(days=3)):
        shown = inspections.add_photo(number=row.number, point=0, upload=upload(), public=True, by=first)
        hidden = inspections.add_photo(number=row.number, point=0, upload=upload(), public=False, by=first)

    def codes(by=None):
        return [browser(by).get(f"/inspections/photos/{one.pk}/small/").status_code for one in (shown, hidden)]

    assert codes() == [404, 404]
    assert codes(inspecting.agency_by(row.subject_id)) == [200, 200]
    inspecting.recorded(office, row)
    with clock.at(NOW + timedelta(days=4)):
        inspections.conclude(number=row.number, outcome="ok", summary="三项要点逐条核对，均符合。", by=first)
        inspections.publish(number=row.number, by=second)
    assert codes() == [200, 404]
    assert codes(office.head) == [200, 200]


def test_a_whole_inspection_by_its_pages(office, row):
    first, second = inspecting.officers(office, row)
    lead, other = browser(first), browser(second)
    base = f"/supervision/inspections/{row.number}"
    with clock.at(NOW + timedelta(hours=2)):
        lead.post(f"{base}/notify/", {"visit_at": "2026-03-05T09:00", "words": "请备好执业证书。"})
    with clock.at(NOW + timedelta(days=3)):
        for point in range(3):
            lead.post(f"{base}/record/", {"point": point, f"p{point}-verdict": "pass"})
        early = {"outcome": "fix", "summary": "三项要点逐条核对，均符合。"}
        assert lead.post(f"{base}/conclude/", early).status_code == 422
        lead.post(f"{base}/conclude/", early | {"outcome": "ok"})
        assert lead.post(f"{base}/publish/").status_code == 422
        other.post(f"{base}/publish/")
    row.refresh_from_db()
    assert row.published_at is not None
    assert "三项要点" in browser().get(row.get_absolute_url()).content.decode()


def test_inspectors_are_registered_from_ones_own_people_only(office):
    sol = browser(office.head)
    stranger = people.user("stranger@example.com")
    answer = sol.post("/supervision/inspectors/", {"email": stranger.email, "badge": "JC-77"})
    assert answer.status_code == 422
    assert stranger.email in answer.content.decode()
