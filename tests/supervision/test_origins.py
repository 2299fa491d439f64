"""A red card or a rating becomes a case once, on who may answer for it, by somebody without a part in it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from core import clock
from core.audit import By
from core.errors import Refusal
from ratings.texts import DIMENSIONS
from supervision.models import Case, Step
from supervision.rules import origins as rules
from supervision.selectors import cards
from supervision.selectors import origins as seen
from supervision.services import cases
from supervision.services.origins import open_case_on_card, open_case_on_rating
from supervision.services.process import declare_relation
from tests.accounts import people
from tests.contracts.world import completed
from tests.ratings.test_appeals import appealed, decide, heard, rated
from tests.ratings.test_rating import rate
from tests.supervision.clockwork import days, department, look
from tests.supervision.hearing import officer
from tests.supervision.test_clocks import DUE, room  # noqa: F401 - a fixture
from tests.supervision.test_races import at_once, faults

pytestmark = pytest.mark.django_db
WHY = "经核实，机构没有按期办理，事实清楚。"
LATER = DUE + days(2)


@pytest.fixture
def sol(db):
    return officer("regulator", 9801, "sol@example.com")


def code_of(verb, **given):
    with pytest.raises(Refusal) as refused, transaction.atomic():
        verb(**given)
    return refused.value.code


def red(room, owner, reference="thing:1", **more):  # noqa: F811
    room.add(owner, reference=reference, **more)
    look(LATER)
    return Step.objects.get(reference=reference)


def on_card(step, by, ground="late_step"):
    with clock.at(LATER):
        return open_case_on_card(step_id=step.pk, ground=ground, facts=WHY, by=by)


def on_rating(row, by, subject=None, ground="service_complaint"):
    subject = subject or row.ratee_id
    return open_case_on_rating(rating_id=row.pk, subject_id=subject, ground=ground, facts=WHY, by=by)


# A card.


def test_a_red_card_becomes_a_case_on_the_agency_and_only_once(room, sol):  # noqa: F811
    agency = people.agency(1)
    step = red(room, agency.pk)
    case = on_card(step, sol)
    assert (case.subject_id, case.origin_kind, case.origin_reference) == (agency.pk, "card", f"card:{step.pk}")
    assert case.origin_path == step.get_absolute_url()
    assert case.opened_user_id == sol.user_id
    assert code_of(on_card, step=step, by=officer("regulator", 9802, "sue@example.com")) == "card.case_open"
    assert seen.case_of("card", step.pk) == case


def test_what_is_not_late_yet_becomes_no_case(room, sol):  # noqa: F811
    room.add(people.agency(1).pk)
    look(DUE - days(1))
    step = Step.objects.get(reference="thing:1")
    assert step.cards.get().colour == "yellow"
    with clock.at(DUE - days(1)):
        assert code_of(open_case_on_card, step_id=step.pk, ground="late_step", facts=WHY, by=sol) == "card.not_red"


@pytest.mark.parametrize("kind", ["department", "regulator", "enterprise"])
def test_a_card_of_somebody_else_opens_no_case_against_an_agency(room, sol, kind):  # noqa: F811
    owner = people.organisation(kind, 9810, people.user("dora@example.com"), name="廊坊市水务局")
    step = red(room, owner.pk, respondent=people.agency(1).pk)
    assert code_of(on_card, step=step, by=sol) == "card.not_agency"
    assert not Case.objects.exists()


def test_only_a_regulator_without_a_part_in_it_opens_a_case_from_a_card(room, sol):  # noqa: F811
    agency, other = people.agency(1), officer("regulator", 9803, "other@example.com")
    step = red(room, agency.pk, respondent=other.org_id)
    own = By(agency.organisation.memberships.get().user_id, agency.pk)
    assert code_of(on_card, step=step, by=own) == "access.not_yours"
    assert code_of(on_card, step=step, by=officer("operator", 9804, "olga@example.com")) == "access.not_yours"
    assert code_of(on_card, step=step, by=By()) == "access.not_yours"
    assert code_of(on_card, step=step, by=other) == "process.related"
    declare_relation(organisation_id=agency.pk, ground="近亲属在该单位任职，需要回避。", by=sol)
    assert code_of(on_card, step=step, by=sol) == "process.related"


def test_the_other_side_of_a_card_decides_nothing_about_its_case(room, sol):  # noqa: F811
    agency, other = people.agency(1), officer("regulator", 9803, "other@example.com")
    case = on_card(red(room, agency.pk, respondent=other.org_id), sol)
    with clock.at(LATER + timedelta(hours=1)):
        assert code_of(cases.drop, case_id=case.pk, reasons=WHY, by=other) == "process.related"
        assert code_of(cases.drop, case_id=case.pk, reasons=WHY, by=sol) == "process.reporter"
        cases.drop(case_id=case.pk, reasons=WHY, by=officer("regulator", 9805, "free@example.com"))


def test_the_database_keeps_one_case_for_each_card_and_rating(room, sol):  # noqa: F811
    agency = people.agency(1)
    origins = [cases.Origin("card", "card:7", "一张牌"), cases.Origin("rating", "rating:7", "一条评价")]
    given = {"subject_id": agency.pk, "ground": "late_step", "facts": WHY, "by": sol}
    for origin in origins:
        cases.open_case(origin=origin, **given)
        with pytest.raises(IntegrityError, match="one_case_per_card_or_rating"), transaction.atomic():
            cases.open_case(origin=origin, **given)
    for _ in range(2):
        cases.open_case(origin=cases.Origin("report", "report", "日常监管"), **given)


@pytest.mark.django_db(transaction=True)
def test_two_who_open_it_at_once_open_one(room):  # noqa: F811
    step = red(room, people.agency(1).pk)
    two = [officer("regulator", 9820 + n, f"sol{n}@example.com") for n in range(2)]
    answers = at_once(*(lambda by=by: on_card(step, by) for by in two), at=LATER)
    assert not faults(answers)
    assert "card.case_open" in answers
    assert Case.objects.count() == 1


def test_the_form_quotes_the_step_with_its_end_and_names_the_ground(room, sol):  # noqa: F811
    agency = people.agency(1)
    step = red(room, agency.pk)
    said = seen.of_card(cards.step(step.pk))
    assert [one.pk for one in said.subjects] == [agency.pk]
    assert said.ground == "late_step"
    assert "一件事" in said.facts
    assert "2026-03-10 00:00 前办结" in said.facts
    assert "至今没有办结" in said.facts
    assert rules.ground_of_step("contract.deliver") == "late_delivery"


# A rating.


def test_a_revealed_rating_becomes_a_case_on_one_of_its_sides_and_only_once(sol):
    _w, row = rated()
    case = on_rating(row, sol)
    assert (case.subject_id, case.origin_reference) == (row.ratee_id, f"rating:{row.pk}")
    assert case.origin_path == f"/supervision/ratings/{row.pk}/"
    assert code_of(on_rating, row=row, by=sol) == "rating.case_open"
    assert code_of(on_rating, row=row, by=sol, subject=row.rater_id) == "rating.case_open"


def test_a_rating_says_nothing_about_anybody_else(sol):
    _w, row = rated()
    assert code_of(on_rating, row=row, by=sol, subject=people.agency(1).pk) == "rating.not_concerned"


def test_a_sealed_rating_becomes_no_case(sol, client):
    w, contract = completed()
    row = rate(w, contract, "buyer", stars=1)
    with pytest.raises(type(row).DoesNotExist):
        on_rating(row, sol)
    client.force_login(User.objects.get(pk=sol.user_id))
    assert client.get(f"/supervision/ratings/{row.pk}/").status_code == 404


def test_only_a_regulator_without_a_part_in_it_opens_a_case_from_a_rating(sol):
    w, row = rated()
    assert code_of(on_rating, row=row, by=w.as_buyer) == "access.not_yours"
    assert code_of(on_rating, row=row, by=officer("operator", 9804, "olga@example.com")) == "access.not_yours"
    people.organisation("regulator", 9806, w.bea, name="廊坊市市场监督管理局")
    moonlighting = By(w.bea.pk, w.bea.memberships.get(organisation__kind="regulator").organisation_id)
    assert code_of(on_rating, row=row, by=moonlighting) == "process.related"
    w.bea.memberships.filter(organisation=w.buyer).delete()
    assert code_of(on_rating, row=row, by=moonlighting) == "process.reporter"
    declare_relation(organisation_id=row.rater_id, ground="近亲属在该单位任职，需要回避。", by=sol)
    assert code_of(on_rating, row=row, by=sol) == "process.related"


def test_a_rating_to_which_the_regulator_is_a_party_is_not_its_own_to_pursue():
    """A department that became a regulator keeps what it bought before."""
    w, row = rated()
    w.buyer.kind = "regulator"
    w.buyer.save()
    sue = people.user("sue@example.com")
    w.buyer.memberships.create(user=sue)
    assert code_of(on_rating, row=row, by=By(sue.pk, w.buyer.pk)) == "process.related"


def test_an_appeal_is_decided_first_and_one_upheld_leaves_only_whoever_rated(sol):
    w, row, appeal = appealed()
    assert code_of(on_rating, row=row, by=sol) == "rating.appealed"
    heard(appeal, w)
    decide(appeal, officer("operator", 9804, "olga@example.com"))
    assert code_of(on_rating, row=row, by=sol) == "rating.not_concerned"
    assert [one.pk for one in seen.of_rating(row).subjects] == [row.rater_id]
    assert on_rating(row, sol, subject=row.rater_id, ground="false_praise").subject_id == row.rater_id


def test_a_rejected_appeal_leaves_both_sides(sol):
    w, row, appeal = appealed()
    heard(appeal, w)
    decide(appeal, officer("operator", 9804, "olga@example.com"), upheld=False)
    assert on_rating(row, sol).subject_id == row.ratee_id


def test_whoever_rated_decides_nothing_about_the_case(sol):
    w, row = rated()
    case = on_rating(row, sol)
    sue = officer("regulator", 9802, "sue@example.com")
    w.buyer.memberships.create(user_id=sue.user_id)
    assert code_of(cases.drop, case_id=case.pk, reasons=WHY, by=sue) == "process.related"


@pytest.mark.parametrize(
    ("low", "of_service", "withdrawn", "ground"),
    [
        ("timeliness", True, False, "late_delivery"),
        ("fees", True, False, "fee_complaint"),
        ("quality", True, False, "service_complaint"),
        ("fees", False, False, "late_step"),
        ("attitude", False, False, ""),
        ("", True, False, ""),
        ("", True, True, "false_praise"),
    ],
)
def test_the_lowest_mark_points_to_a_ground_where_one_fits(low, of_service, withdrawn, ground):
    marks = dict.fromkeys(DIMENSIONS, 4) | ({low: 1} if low else {})
    assert rules.ground_of_rating(marks, of_service=of_service, withdrawn=withdrawn) == ground


# The pages.


def test_a_case_and_its_card_lead_to_each_other_for_those_who_may_know(room, sol, client):  # noqa: F811
    agency, (body, dora) = people.agency(1), department()
    step = red(room, agency.pk, respondent=body.pk)
    client.force_login(User.objects.get(pk=sol.user_id))
    with clock.at(LATER):
        page = client.get(step.get_absolute_url()).content.decode()
        assert "立案处理" in page
        assert seen.of_card(cards.step(step.pk)).facts in page
        form = {"subject": agency.pk, "ground": "late_step", "facts": "短"}
        assert client.post(f"{step.get_absolute_url()}case/", form).status_code == 422
        made = client.post(f"{step.get_absolute_url()}case/", form | {"facts": WHY})
        case = Case.objects.get()
        assert made.url == case.get_absolute_url()
        assert step.get_absolute_url() in client.get(made.url).content.decode()
        page = client.get(step.get_absolute_url()).content.decode()
        assert case.get_absolute_url() in page
        assert "立案处理" not in page
    owner = agency.organisation.memberships.get().user
    client.force_login(owner)
    assert case.number not in client.get(step.get_absolute_url()).content.decode()
    with clock.at(LATER + timedelta(hours=1)):
        cases.give_notice(case_id=case.pk, measure="warning", days=100, reasons=WHY, by=sol)
        assert f"/cases/{case.number}/" in client.get(step.get_absolute_url()).content.decode()
        assert step.get_absolute_url() in client.get(f"/cases/{case.number}/").content.decode()
        client.force_login(dora)
        assert case.number not in client.get(step.get_absolute_url()).content.decode()
        client.force_login(people.user("nora@example.com"))
        assert client.get(step.get_absolute_url()).status_code == 404


def test_a_case_and_its_rating_lead_to_each_other_for_those_who_may_know(sol, client):
    w, row = rated()
    address = f"/supervision/ratings/{row.pk}/"
    client.force_login(User.objects.get(pk=sol.user_id))
    assert address in client.get(f"/contracts/{row.window.contract_id}/rate/").content.decode()
    page = client.get(address).content.decode()
    assert row.text in page
    assert "立案处理" in page
    form = {"subject": row.ratee_id, "ground": "service_complaint", "facts": WHY}
    assert client.post(f"{address}case/", form | {"ground": "whim"}).status_code == 422
    case_page = client.post(f"{address}case/", form).url
    case = Case.objects.get()
    assert address in client.get(case_page).content.decode()
    assert case_page in client.get(address).content.decode()
    client.force_login(w.ana)
    assert case.number not in client.get(address).content.decode()
    cases.give_notice(case_id=case.pk, measure="warning", days=200, reasons=WHY, by=sol)
    assert f"/cases/{case.number}/" in client.get(address).content.decode()
    assert address in client.get(f"/cases/{case.number}/").content.decode()
    client.force_login(w.bea)
    assert case.number not in client.get(address).content.decode()
    client.force_login(people.user("nora@example.com"))
    assert client.get(address).status_code == 404


def test_a_regulator_who_is_tied_is_told_instead_of_offered_the_form(room, sol, client):  # noqa: F811
    agency = people.agency(1)
    step = red(room, agency.pk)
    declare_relation(organisation_id=agency.pk, ground="近亲属在该单位任职，需要回避。", by=sol)
    client.force_login(User.objects.get(pk=sol.user_id))
    page = client.get(step.get_absolute_url()).content.decode()
    assert "不能由您立案" in page
    assert 'name="facts"' not in page
