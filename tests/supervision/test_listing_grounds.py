"""The scale decides who may be listed, for how long and at what price; the head of the regulator decides that."""

import copy
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from core import clock, rulesets
from core.errors import Refusal
from core.models import RuleSet
from ratings.models import CreditEvent
from supervision.models import Case, Listing, ListingEvent, Post
from supervision.rules.discretion import scale
from supervision.rules.listings import terms
from supervision.selectors import listings as seen
from supervision.services import cases, listings, repair_targets
from supervision.services.listing_grounds import may_approve
from tests.accounts import people
from tests.supervision.listing import NOW, WORDS, candidate, later, listed, published_case, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        yield


def code_of(verb, **given):
    with pytest.raises(Refusal) as refused, transaction.atomic():
        verb(**given)
    return refused.value.code


def propose(made, case, months=12, officer=0):
    return listings.propose_listing(
        case_number=case.number, ground="情节严重，依法列入", months=months, by=made.officers[officer]
    )


def heard(made, row):
    listings.give_notice(listing_id=row.pk, text=WORDS, by=made.officers[0])
    listings.waive(listing_id=row.pk, by=made.ana)
    return {"listing_id": row.pk, "reason": WORDS}


def head(made, officer, level="head"):
    by = made.officers[officer]
    Post.objects.create(organisation_id=by.org_id, level=level, user_id=by.user_id)


@pytest.mark.parametrize(
    ("ground", "measure", "days", "code"),
    [
        ("late_step", "reminder", 60, "listing.ground"),
        ("service_complaint", "suspension", 90, "listing.ground"),
        ("refused_contract", "warning", 200, "listing.measure"),
        ("service_complaint_third", "suspension", 200, "listing.measure"),
    ],
)
def test_a_case_the_scale_does_not_mark_leads_to_no_list(ground, measure, days, code):
    made = world()
    case = published_case(made, measure, days, ground)
    assert code_of(propose, made=made, case=case) == code
    with pytest.raises(DatabaseError), transaction.atomic():
        Listing.objects.create(
            number="BL-1", subject_id=case.subject_id, case=case, ground_code=ground, measure=measure,
            severity=scale(rulesets.by_ref(case.rules_ref).parameters)[ground].severity, ground="x", authority="x",
            legal_basis="x", months=12, opened_at=NOW, opened_user_id=made.officers[0].user_id,
            opened_org_id=made.officers[0].org_id, rules_ref="listings@2",
        )  # fmt: skip


def test_severity_bounds_the_term_and_sets_the_points():
    made = world()
    case = published_case(made, "suspension", 90, "refused_contract")
    assert code_of(propose, made=made, case=case, months=2) == "listing.months"
    assert code_of(propose, made=made, case=case, months=13) == "listing.months"
    row = propose(made, case, months=3)
    assert (row.severity, str(row.points)) == ("general", "-15.00")
    listings.approve(**heard(made, row), by=made.officers[3])
    entry = CreditEvent.objects.get(kind="listing")
    assert str(entry.points) == "-15.00"
    assert entry.expires_at - entry.happened_at == timedelta(days=365)
    row.refresh_from_db()
    assert repair_targets.of_listing(row).severity == "general"


def test_a_serious_ground_costs_more_and_stays_longer():
    made = world()
    listed(made, months=24)
    entry = CreditEvent.objects.get(kind="listing")
    assert str(entry.points) == "-40.00"
    assert entry.expires_at - entry.happened_at == timedelta(days=1095)


def test_a_case_keeps_the_scale_it_was_opened_under():
    made = world()
    first = RuleSet.objects.get(name="discretion", version=1)
    later_one = RuleSet.objects.get(name="discretion", version=2)
    assert not scale(first.parameters)["refused_contract"].listing
    with transaction.atomic():
        parameters = copy.deepcopy(later_one.parameters)
        del parameters["grounds"]["collusion"]["listing"]
        RuleSet.objects.create(
            name="discretion", version=3, effective_from=NOW, parameters=parameters, draft=True, note="不再列入"
        )
    assert code_of(propose, made=made, case=published_case(made)) == "listing.ground"


def test_old_versions_know_one_bound_for_all():
    first = RuleSet.objects.get(name="listings", version=1)
    assert (terms(first.parameters, "general").fewest, terms(first.parameters, "serious").most) == (1, 36)
    assert terms(first.parameters, "general").points is None


def test_the_database_keeps_subject_ground_term_and_facts():
    made = world()
    row = candidate(made)
    other = people.agency(2, name="廊坊市他人咨询有限公司")
    copied = {field.attname: getattr(row, field.attname) for field in Listing._meta.concrete_fields}
    del copied["id"]
    for wrong in ({"subject_id": other.pk}, {"ground_code": "false_entry"}, {"measure": "removal"},
                  {"severity": "general"}, {"months": 6}):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            Listing.objects.create(**{**copied, "number": "BL-X", **wrong})
    for wrong in ({"ground_code": "x"}, {"points": 0}, {"severity": "general"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Listing.objects.filter(pk=row.pk).update(**wrong)


def test_where_there_is_a_head_only_the_head_approves():
    made = world()
    given = heard(made, candidate(made))
    head(made, 4)
    assert code_of(listings.approve, **given, by=made.officers[3]) == "listing.head"
    with pytest.raises(DatabaseError), transaction.atomic():
        ListingEvent.objects.create(
            listing_id=given["listing_id"], seq=4, kind="listed", at=NOW, by_user_id=made.officers[3].user_id,
            by_org_id=made.officers[3].org_id,
        )  # fmt: skip
    assert listings.approve(**given, by=made.officers[4]).state == "listed"


def test_the_head_of_another_regulator_is_no_head_here():
    made = world()
    given = heard(made, candidate(made))
    head(made, 4)
    stranger = people.user("head@example.com")
    other = people.organisation("regulator", 9777, stranger, name="三河市市场监督管理局")
    Post.objects.create(organisation=other, level="head", user=stranger)
    assert code_of(listings.approve, **given, by=type(made.ana)(stranger.pk, other.pk)) == "listing.head"


def test_a_leader_stands_above_the_head_and_a_head_who_proposed_needs_another():
    made = world()
    given = heard(made, candidate(made))
    head(made, 0)
    assert code_of(listings.approve, **given, by=made.officers[0]) == "listing.second"
    assert not may_approve(Listing.objects.get(pk=given["listing_id"]), made.officers[0])  # nor does the page offer it
    assert code_of(listings.approve, **given, by=made.officers[3]) == "listing.head"
    head(made, 3, "leader")
    assert listings.approve(**given, by=made.officers[3]).state == "listed"


def reduced(made, case, measure, days):
    cases.ask_review(case_id=case.pk, reasons="处理过重，请求复核本决定。", by=made.ana)
    terms_now = {"outcome": "changed", "measure": measure, "days": days, "reasons": WORDS}
    cases.decide_review(case_id=case.pk, **terms_now, by=made.officers[4])


def test_a_decision_reduced_below_the_mark_takes_its_listing_with_it():
    made = world()
    case = published_case(made, "suspension", 90, "refused_contract")
    row = propose(made, case)
    listings.approve(**heard(made, row), by=made.officers[3])
    reduced(made, case, "warning", 200)
    row.refresh_from_db()
    assert (row.state, made.kinds) == ("delisted", ("warned",))


def test_a_decision_reduced_within_the_mark_keeps_it():
    made = world()
    case = published_case(made, "removal", 400)
    row = propose(made, case)
    listings.approve(**heard(made, row), by=made.officers[3])
    reduced(made, case, "suspension", 180)
    row.refresh_from_db()
    assert row.state == "listed"


def test_the_choice_shows_what_permits_a_listing_and_says_why_the_rest_does_not(client):
    made = world()
    good = published_case(made)
    light = published_case(made, "reminder", 60, "late_step")
    may, others = seen.proposable()
    assert (list(may), list(others)) == ([good], [light])
    client.force_login(people.User.objects.get(pk=made.officers[0].user_id))
    page = client.get("/supervision/listings/new/").content.decode()
    assert f"?case={good.number}" in page
    assert f"?case={light.number}" not in page
    assert "按立案时的裁量基准，这种情形不能列入名单。" in page
    form = client.get(f"/supervision/listings/new/?case={good.number}").content.decode()
    assert "《政府采购法》第七十七条" in form
    assert "12 至 36 个月" in form
    refused = client.get(f"/supervision/listings/new/?case={light.number}").content.decode()
    assert 'name="months"' not in refused
    typed = {"case_number": light.number, "ground": "逾期", "legal_basis": "法", "months": "12"}
    answer = client.post("/supervision/listings/new/", typed)
    assert (answer.status_code, Listing.objects.count()) == (422, 0)
    assert "不能列入名单" in answer.content.decode()
    assert "提出列入" in client.get(good.get_absolute_url()).content.decode()
    assert "提出列入" not in client.get(light.get_absolute_url()).content.decode()
    assert client.get("/supervision/listings/new/?case=CF-2026-999999").status_code == 404
    propose(made, good)
    assert list(seen.proposable()[0]) == []


def test_a_listing_that_waits_names_its_head_and_offers_approval_to_nobody_else(client):
    made = world()
    given = heard(made, candidate(made))
    head(made, 4)
    path = Listing.objects.get(pk=given["listing_id"]).get_absolute_url()
    for officer, offered in ((3, False), (4, True)):
        client.force_login(people.User.objects.get(pk=made.officers[officer].user_id))
        page = client.get(path).content.decode()
        assert ('value="approve"' in page) is offered
        assert "由本部门负责人批准" in page
    with later(1):
        assert Case.objects.get().state == "in_force"


def test_the_published_scale_says_what_may_be_listed(client):
    page = client.get("/discretion/").content.decode()
    assert "可以列入" in page
    assert "12–36" in page
