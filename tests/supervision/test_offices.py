"""A complaint has one regulator that answers for it from the moment it is filed, and its cards are that regulator's."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Organisation, Region, User
from agencies import services as agencies
from core import clock
from core.audit import By
from core.errors import Refusal
from supervision.models import Card, Notice, Post, Step
from supervision.rules.offices import Body, nearest
from supervision.selectors import complaints as seen
from supervision.selectors.offices import office_for
from supervision.services import clocks, complaints, repairs, stops
from supervision.services import complaint_offices as offices
from tests.accounts import people
from tests.bidding import world
from tests.site.city import PDF
from tests.supervision.hearing import NOW, officer
from tests.supervision.test_complaints import SAID

pytestmark = pytest.mark.django_db
COUNTY, CITY, PROVINCE = "131002", "131000", "130000"
BETTER = "由所在县区的监管部门办理更合适。"


def code_of(work, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        work(*args, **kwargs)
    return caught.value.code


@pytest.fixture
def place():
    return world.competition(now=NOW)


@pytest.fixture
def first():
    """Registered first, and in another city: it answered for everything once."""
    by = officer("regulator", 9521, "first@example.com")
    return placed(by, "130100")


@pytest.fixture
def sol(first):
    return officer("regulator", 9522, "sol@example.com")  # of the city the need is in


def placed(by, region):
    Organisation.objects.filter(pk=by.org_id).update(region=region)
    return by


def filed(place, at=NOW):
    with clock.at(at):
        matter = seen.matter(f"need:{place.need.pk}")
        return complaints.file(matter=matter, statement=SAID, hidden=True, contact={}, by=By()).complaint


@pytest.mark.parametrize(
    ("bodies", "expected"),
    [
        ([("1", COUNTY), ("2", CITY)], "1"),
        ([("1", PROVINCE), ("2", CITY)], "2"),
        ([("1", PROVINCE), ("2", "130100")], "1"),
        ([("1", "130102"), ("2", "130100")], "2"),  # none up the tree: a city's
        ([("1", "130102")], "1"),
        ([], None),
    ],
)
def test_the_nearest_regulator_up_the_tree_answers(bodies, expected):
    found = nearest([COUNTY, CITY, PROVINCE], [Body(int(pk), region) for pk, region in bodies])
    assert found == (int(expected) if expected else None)


def test_a_complaint_goes_to_the_regulator_of_its_place_and_only_its_people_hear_of_it(place, first, sol):
    row = filed(place)
    assert row.office_id == sol.org_id
    assert set(Notice.objects.values_list("organisation_id", flat=True)) == {sol.org_id}


def test_those_named_as_handlers_hear_of_it_alone(place, sol):
    handler = people.user("handler@example.com")
    Post.objects.create(organisation_id=sol.org_id, level="handler", user=handler)
    filed(place)
    assert list(Notice.objects.values_list("user_id", flat=True)) == [handler.pk]


def test_nobody_answers_for_a_complaint_about_itself(first, sol):
    city = Region.objects.get(pk=CITY)
    assert office_for(city, but=sol.org_id) == first.org_id
    Organisation.objects.filter(kind="regulator").exclude(pk=sol.org_id).delete()
    operator = officer("operator", 9523, "tom@example.com")
    assert office_for(city, but=sol.org_id) == operator.org_id


def test_the_red_card_of_an_untouched_complaint_is_its_offices(place, first, sol):
    filed(place)
    with clock.at(NOW + timedelta(days=9)):
        clocks.watch()
    assert Card.objects.get(colour="red", step__kind="complaint.accept").step.owner_id == sol.org_id


def test_it_is_passed_on_with_reasons_and_its_clock_begins_anew_there(place, first, sol):
    county = placed(officer("regulator", 9524, "county@example.com"), COUNTY)
    row = filed(place)
    given = {"complaint_id": row.pk, "reasons": BETTER}
    with clock.at(NOW + timedelta(days=2)):
        assert code_of(offices.pass_on, **given, office_id=county.org_id, by=first) == "complaint.office"
        assert code_of(offices.pass_on, **given, office_id=sol.org_id, by=sol) == "complaint.passed"
        assert code_of(offices.pass_on, **given, office_id=place.buyer.pk, by=sol) == "complaint.passed"
        offices.pass_on(**given, office_id=county.org_id, by=sol)
        assert code_of(offices.pass_on, **given, office_id=sol.org_id, by=county) == "complaint.passed"  # never back
        clocks.watch()
    row.refresh_from_db()
    assert row.office_id == county.org_id
    steps = {step.owner_id: step for step in Step.objects.filter(kind="complaint.accept")}
    assert steps[sol.org_id].closed_at == NOW + timedelta(days=2)
    assert steps[county.org_id].started_at == NOW + timedelta(days=2)
    assert Notice.objects.filter(organisation_id=county.org_id).exists()


def test_nobody_passes_a_complaint_round_for_ever(place, first, sol):
    row = filed(place)
    others = [officer("regulator", 9530 + n, f"r{n}@example.com") for n in range(3)]
    with clock.at(NOW + timedelta(hours=1)):
        for giver, taker in ((sol, others[0]), (others[0], others[1])):
            offices.pass_on(complaint_id=row.pk, office_id=taker.org_id, reasons=BETTER, by=giver)
        again = code_of(offices.pass_on, complaint_id=row.pk, office_id=others[2].org_id, reasons=BETTER, by=others[1])
    assert again == "complaint.passed"


def test_a_person_of_the_office_takes_it_and_whoever_accepts_it_answers_for_it(place, first, sol):
    row = filed(place)
    with clock.at(NOW + timedelta(hours=1)):
        assert code_of(offices.take, complaint_id=row.pk, by=first) == "complaint.office"
        offices.take(complaint_id=row.pk, by=sol)
        assert code_of(offices.take, complaint_id=row.pk, by=sol) == "complaint.taken"
        row.refresh_from_db()
        assert row.officer_id == sol.user_id
        complaints.accept(complaint_id=row.pk, by=first)
    row.refresh_from_db()
    assert (row.office_id, row.officer_id) == (first.org_id, first.user_id)
    with clock.at(NOW + timedelta(days=9)):
        clocks.watch()
    assert Step.objects.get(kind="complaint.notify").owner_id == first.org_id


def test_the_officers_page_says_whose_it_is_and_offers_to_pass_it_on(place, first, sol):
    row = filed(place)
    browser = Client()
    browser.force_login(_user(sol))
    page = browser.get(row.get_absolute_url()).content.decode()
    assert 'value="pass_on"' in page
    other = Client()
    other.force_login(_user(first))
    assert 'value="pass_on"' not in other.get(row.get_absolute_url()).content.decode()
    assert row.number in browser.get("/supervision/complaints/?office=own").content.decode()
    assert row.number not in other.get("/supervision/complaints/?office=own").content.decode()
    sent = {"act": "pass_on", "pass_on-office": str(first.org_id), "pass_on-text": BETTER}
    browser.post(row.get_absolute_url(), sent)
    row.refresh_from_db()
    assert row.office_id == first.org_id


def test_nobody_tied_to_a_complaint_stops_its_clock(place, first, sol):
    about = officer("regulator", 9525, "about@example.com")
    with clock.at(NOW):
        matter = seen.matter(f"official:{about.org_id}", official="窗口")
        complaints.file(matter=matter, statement=SAID, hidden=True, contact={}, by=By(first.user_id, first.org_id))
        clocks.watch()
        step = Step.objects.get(kind="complaint.accept")
        asked = {"step_id": step.pk, "ground": "expert_opinion", "reason": "需要专家评审，约十个工作日。"}
        for tied in (about, first):  # complained about, and complained
            proof = SimpleUploadedFile("函.pdf", PDF, "application/pdf")
            assert code_of(stops.ask_stop, **asked, by=tied, evidence=proof) == "process.related"
        other = officer("operator", 9526, "other@example.com")
        proof = SimpleUploadedFile("函.pdf", PDF, "application/pdf")
        assert stops.ask_stop(**asked, by=other, evidence=proof).latest_end == NOW + timedelta(days=30)


def test_a_repair_nobody_has_touched_is_its_nearest_regulators(place, first, sol):
    agency = place.agencies[0]
    with clock.at(NOW):
        row = agencies.restrict(agency_id=agency.pk, kind="warned", starts_at=NOW, ends_at=NOW + timedelta(days=300),
                                ground="逾期", source="/notices/1/")  # fmt: skip
        by = By(agency.organisation.memberships.get().user_id, agency.pk)
        repairs.apply(kind="restriction", target_id=row.pk, commitment=True, text="已完成整改，制度见附件。", by=by,
                      uploads=[SimpleUploadedFile("整改.pdf", PDF, "application/pdf")])  # fmt: skip
    with clock.at(NOW + timedelta(days=9)):
        clocks.watch()
    step = Step.objects.get(kind="repair.check")
    assert step.owner_id == sol.org_id
    assert step.cards.filter(colour="red").exists()


def _user(by):
    return User.objects.get(pk=by.user_id)
