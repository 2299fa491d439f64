"""Changes through plain forms: what both sides see, what is refused where it was typed, and the versions before."""

from datetime import timedelta

import pytest

from contracts import services
from contracts.models import Amendment
from contracts.services.amending import last_day
from core import clock
from supervision.models import Card, Step
from supervision.services import clocks
from tests.contracts.changing import proposal, two_stages

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal():
    w, contract = two_stages()
    with clock.at(contract.signed_at + timedelta(hours=1)):
        yield w, contract


def fields(contract, **changed):
    rows = list(contract.milestones.all())
    return {
        "reason": "资料晚到",
        "terms": contract.terms,
        "version": contract.version,
        "stage_title": [one.title for one in rows],
        "stage_amount": [str(one.amount) for one in rows],
        "stage_due": [(last_day(one) + timedelta(days=7 * place)).isoformat() for place, one in enumerate(rows)],
        **changed,
    }


def test_the_walk_from_proposal_to_the_new_version_by_forms(client_of, deal):
    w, contract = deal
    page, form = f"/contracts/{contract.pk}/", f"/contracts/{contract.pk}/amend/"
    assert form in client_of(w.ana).get(page).content.decode()
    assert client_of(w.ana).get(form).status_code == 200
    assert client_of(w.ana).post(form, fields(contract)).status_code == 302
    amendment = Amendment.objects.get()
    agree = f"/amendments/{amendment.pk}/agree/"
    own = client_of(w.ana).get(page).content.decode()
    assert agree not in own
    assert f"/amendments/{amendment.pk}/withdraw/" in own
    theirs = client_of(w.bea).get(page).content.decode()
    assert agree in theirs
    assert amendment.stages[1]["before"]["due"] in theirs
    assert amendment.stages[1]["due"] in theirs
    assert client_of(w.bea).post(agree).status_code == 302
    old, new = (client_of(w.bea).get(f"{page}versions/{n}/").content.decode() for n in (2, 3))
    assert amendment.stages[1]["before"]["due"] in old
    assert amendment.stages[1]["due"] in new
    assert client_of(w.bea).get(f"{page}versions/4/").status_code == 404


def test_what_is_refused_keeps_what_was_typed_and_says_why(client_of, deal):
    w, contract = deal
    form, client = f"/contracts/{contract.pk}/amend/", client_of(w.bea)
    answer = client.post(form, fields(contract, stage_amount=["8500.00", "99000.00"], reason="加价"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "超过 10%" in text
    assert "99000.00" in text
    assert "加价" in text
    for wrong in ({"stage_due": ["", "2026-02-30"]}, {"stage_amount": ["x", "1e5"]}, {"reason": " "}, {"terms": ""}):
        assert client.post(form, fields(contract, **wrong)).status_code == 422
    assert client.post(form, fields(contract, version=1)).status_code == 422
    assert not Amendment.objects.exists()


@pytest.mark.parametrize("title", ["报批\0稿", "长" * 121])
def test_a_stage_s_name_that_cannot_be_kept_is_refused_beside_its_row(client_of, deal, title):
    w, contract = deal
    path = f"/contracts/{contract.pk}/amend/"
    answer = client_of(w.bea).post(path, fields(contract, stage_title=["踏勘报告", title]))
    assert answer.status_code == 422
    assert not Amendment.objects.exists()


def test_returning_needs_a_reason_beside_its_field(client_of, deal):
    w, contract = deal
    amendment = proposal(w, contract)
    path = f"/amendments/{amendment.pk}/return/"
    assert client_of(w.bea).post(path, {"reason": " "}).status_code == 422
    assert client_of(w.bea).post(path, {"reason": "资料没有晚到"}).status_code == 302
    assert "资料没有晚到" in client_of(w.ana).get(f"/contracts/{contract.pk}/").content.decode()


def test_the_other_side_has_three_working_days_and_earns_cards(deal):
    w, contract = deal
    amendment = proposal(w, contract)
    clocks.watch()
    step = Step.objects.get(kind="contract.amend")
    assert (step.owner_id, step.respondent_id, step.due_at) == (w.buyer.pk, w.agency.pk, amendment.answer_by)
    with clock.at(amendment.answer_by + timedelta(hours=1)):
        clocks.watch()
    assert set(Card.objects.filter(step=step).values_list("colour", flat=True)) == {"yellow", "red"}


def test_an_answer_in_time_ends_the_step_without_a_card(deal):
    w, contract = deal
    amendment = proposal(w, contract)
    clocks.watch()
    services.agree_amendment(amendment_id=amendment.pk, by=w.as_buyer)
    with clock.at(amendment.answer_by + timedelta(hours=1)):
        clocks.watch()
    assert not Card.objects.filter(step__kind="contract.amend").exists()
    step = Step.objects.get(kind="contract.deliver", reference=f"milestone:{contract.milestones.last().pk}")
    assert step.due_at == contract.milestones.last().due_at


def test_the_desk_of_who_has_to_answer_says_so(client_of, deal):
    w, contract = deal
    proposal(w, contract)
    assert f"/contracts/{contract.pk}/#changes" in client_of(w.bea).get("/desk/").content.decode()
    assert f"/contracts/{contract.pk}/#changes" not in client_of(w.ana).get("/desk/").content.decode()
