"""The pages of appeals, objections, uses in approvals and the published JSON: who sees and does what."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock, jobs
from ratings import published, services
from ratings.models import Appeal, ApprovalUse, CreditEvent
from ratings.services.rating import appeal_until, reply_until
from ratings.steps import move_appeal, open_steps
from supervision.models import Notice, Relation
from tests.accounts import people
from tests.contracts.conftest import everybody  # noqa: F401 - a fixture
from tests.contracts.test_award import refused
from tests.contracts.world import PDF, completed
from tests.ratings.test_appeals import GROUNDS, REASONS, appealed, decide, heard, officer, rated
from tests.ratings.test_approvals import used
from tests.ratings.test_pages import page

pytestmark = pytest.mark.django_db


def sign_in(client, name):
    user = people.user(f"{name}@example.com")
    people.organisation(name, 8700 + len(name), user, name=f"廊坊{name}")
    client.force_login(user)
    return user


def test_a_whole_appeal_by_the_pages(client):
    w, rating = rated()
    client.force_login(w.ana)
    text = page(client, f"/agencies/{w.agency.pk}/credit/")
    assert f"/ratings/{rating.pk}/appeal/" in text
    assert "公开答复" in text
    path = f"/ratings/{rating.pk}/appeal/"
    answer = client.post(path, {"grounds": "不服，"})
    assert answer.status_code == 422
    assert "不服，" in answer.content.decode()
    url = client.post(path, {"grounds": GROUNDS}).url
    row = Appeal.objects.get()
    assert url == row.get_absolute_url()
    assert client.get(path).url == url
    client.force_login(w.bea)
    assert client.post(f"{url}answer/", {"text": "资料按约定的时间交付了。"}).url == url
    sign_in(client, "operator")
    assert row.number in page(client, "/supervision/appeals/")
    decision = f"/supervision/appeals/{row.pk}/"
    assert client.post(decision, {"outcome": "upheld", "reasons": "短"}).status_code == 422
    assert client.post(decision, {"outcome": "upheld", "reasons": REASONS}).url == url
    client.logout()
    public = page(client, url)
    assert REASONS in public
    assert GROUNDS not in public
    assert "1 次评价因申诉成立不再计入" in page(client, f"/agencies/{w.agency.pk}/credit/")


def test_a_withdrawn_rating_is_no_longer_shown_in_words(client):
    w, rating, row = appealed()
    heard(row, w)
    decide(row, officer())
    for path in (f"/agencies/{w.agency.pk}/credit/", row.get_absolute_url(), f"/needs/{w.need.pk}/"):
        assert rating.text not in page(client, path)
    assert rating.text not in page(client, f"/contracts/{rating.window.contract_id}/rate/", w.bea)


def test_a_mark_stands_on_the_row_from_the_objection_on(client):
    w, _contract = completed()
    event = CreditEvent.objects.get(kind="milestone_on_time")
    client.force_login(w.ana)
    path = f"/credit-rows/{event.pk}/objection/"
    assert path in page(client, f"/agencies/{w.agency.pk}/credit/")
    assert client.post(path, {"grounds": GROUNDS}).status_code == 302
    client.logout()
    assert "异议处理中" in page(client, f"/agencies/{w.agency.pk}/credit/")


@pytest.mark.parametrize("who", ["outsider", "nobody", "enterprise", "department", "agency"])
def test_what_the_sides_wrote_is_for_them_and_supervisors(client, everybody, settings, who):  # noqa: F811
    settings.DEMO = True
    w, _rating, row = appealed()
    if everybody[who]:
        client.force_login(everybody[who])
    assert GROUNDS not in page(client, row.get_absolute_url())
    assert GROUNDS in page(client, row.get_absolute_url(), w.bea)
    assert GROUNDS in page(client, row.get_absolute_url(), everybody["regulator"])


def test_a_declared_tie_keeps_one_from_deciding(client):
    w, _rating, row = appealed()
    heard(row, w)
    user = sign_in(client, "regulator")
    Relation.objects.create(user=user, organisation=w.buyer, ground="配偶任职", declared_at=clock.now())
    assert "不能决定这件申诉" in page(client, f"/supervision/appeals/{row.pk}/")
    answer = client.post(f"/supervision/appeals/{row.pk}/", {"outcome": "upheld", "reasons": REASONS})
    assert (answer.status_code, "appeal.involved" in answer.content.decode()) == (403, True)


def test_the_sides_are_told(client):
    w, _rating, row = appealed()
    jobs.drain()
    assert Notice.objects.filter(organisation=w.buyer, path=row.get_absolute_url()).count() == 1
    heard(row, w)
    decide(row, officer())
    jobs.drain()
    assert Notice.objects.filter(organisation_id=w.agency.pk, path=row.get_absolute_url()).count() == 1


def test_the_clock_knows_who_has_to_do_what_by_when():
    _w, _rating, row = appealed()
    operator = officer()
    regulator = officer("regulator", 8600)
    _w2, contract = completed()
    use = used(contract, officer("department", 8601))
    steps = {step.kind: step for step in open_steps(clock.now()) if step.kind != "rating.rate"}
    assert (steps["rating.appeal"].owner_org, steps["rating.appeal"].due_at) == (operator.org_id, row.decide_by)
    assert (steps["rating.answer"].owner_org, steps["rating.answer"].due_at) == (row.rating.rater_id, row.heard_by)
    assert (steps["rating.regulator"].owner_org, steps["rating.regulator"].due_at) == (regulator.org_id, use.rate_by)


def test_who_was_rated_is_told_until_when_to_answer_and_to_appeal():
    w, rating = rated()
    rating.refresh_from_db()
    steps = [step for step in open_steps(clock.now()) if step.reference == f"rating:{rating.pk}"]
    assert {step.kind: (step.owner_org, step.due_at, step.right) for step in steps} == {
        "rating.reply": (rating.ratee_id, reply_until(rating), True),
        "rating.file_appeal": (rating.ratee_id, appeal_until(rating), True),
    }
    assert move_appeal(f"rating:{rating.pk}", rating.appeal_by + timedelta(days=2))
    with clock.at(rating.appeal_by + timedelta(days=1)):
        services.appeal(rating_id=rating.pk, grounds="评价所说的延误是委托方迟交资料造成的。", by=w.as_agency)


def test_a_department_writes_a_use_down_and_a_regulator_rates_it(client):
    w, contract = completed()
    sign_in(client, "department")
    form = {"contract_number": contract.number, "approval_number": "廊审〔2026〕9号", "outcome": "rejected"}
    assert client.post("/approvals/new/", form).status_code == 422
    url = client.post("/approvals/new/", form | {"outcome": "accepted"}).url
    assert "廊审〔2026〕9号" in page(client, "/approvals/")
    rate = f"{url}rating/"
    assert client.post(rate, {"quality": "5", "compliance": "5", "text": "结论清楚，程序完备。"}).status_code == 403
    sign_in(client, "regulator")
    marks = {"quality": "5", "compliance": "4", "text": "结论清楚，程序也都完备。"}
    assert client.post(rate, marks | {"quality": "9"}).status_code == 422
    assert client.post(rate, marks).url == url
    client.logout()
    assert marks["text"] in page(client, f"/agencies/{w.agency.pk}/credit/")
    assert ApprovalUse.objects.get().rating.compliance == 4


def test_a_report_is_for_its_sides_until_it_was_heard_and_confirmed(client):
    w, contract = completed()
    sign_in(client, "department")
    form = {"contract_number": contract.number, "approval_number": "廊审〔2026〕19号", "outcome": "rejected"}
    why = {"reasons": "监测数据与现场不符，结论不能成立。", "legal_basis": "环境影响评价法第三十二条"}
    url = client.post("/approvals/new/", form | why).url
    file = f"/agencies/{w.agency.pk}/credit/"
    client.logout()
    assert client.get(url).status_code == 404
    assert "廊审〔2026〕19号" not in page(client, file)
    client.force_login(w.ana)
    assert client.post(f"{url}answer/", {"text": "短"}).status_code == 422
    proof = SimpleUploadedFile("交接单.pdf", PDF, content_type="application/pdf")
    assert client.post(f"{url}answer/", {"text": "数据由委托方提供，已书面提示。", "evidence": proof}).url == url
    assert client.get(f"{url}evidence/").status_code == 200
    sign_in(client, "regulator")
    assert client.post(f"{url}verdict/", {"outcome": "confirmed", "reasons": "属实"}).status_code == 422
    verdict = {"outcome": "confirmed", "reasons": "核对原始记录，登记属实。"}
    assert client.post(f"{url}verdict/", verdict).url == url
    client.logout()
    told = page(client, url)
    assert verdict["reasons"] in told
    assert "数据由委托方提供" not in told
    assert client.get(f"{url}evidence/").status_code == 404
    assert "廊审〔2026〕19号" in page(client, file)


def test_the_published_file_gives_its_own_score_again_for_any_day(client, tmp_path, capsys):
    w, _rating, row = appealed()
    heard(row, w)
    decide(row, officer())
    for query in ({}, {"as_of": clock.now().date().isoformat()}, {"as_of": "2026-06-20"}):
        body = client.get(f"/agencies/{w.agency.pk}/credit/file.json", query).content
        assert published.differences(json.loads(body)) == []
    path = tmp_path / "file.json"
    path.write_bytes(body)
    assert published.main([str(path)]) == 0
    assert "agrees" in capsys.readouterr().out


def test_a_file_that_was_tampered_with_shows(client):
    w, _contract = completed()
    body = client.get(f"/agencies/{w.agency.pk}/credit/file.json").json()
    row = next(one for one in body["rows"] if one["kind"] == "milestone_on_time")
    row["points"] = "9.00"
    assert len(published.differences(body)) == 2
    with pytest.raises(ValueError, match="credit-file"):
        published.recompute({"format": "other/1"})


def test_the_api_says_what_was_wrong_with_the_day(client):
    w, _contract = completed()
    assert client.get(f"/agencies/{w.agency.pk}/credit/file.json", {"as_of": "x"}).status_code == 400
    assert client.get("/agencies/999999/credit/file.json").status_code == 404
    assert client.get(f"/agencies/{w.agency.pk}/credit/file.json").json()["rows"][0]["kind"] == "award_won"


def test_rows_of_measures_name_their_basis_and_cannot_be_objected_to_here(client):
    w, _contract = completed()
    call = {"summary": {"reason": "串通报价", "case": "CF-1"}, "legal_basis": "政府采购法第七十七条"}
    row = services.record_credit(
        agency_id=w.agency.pk, kind="measure_warning", source="/decisions/CF-1/", source_key="c", **call
    )
    text = page(client, f"/agencies/{w.agency.pk}/credit/", w.ana)
    assert "政府采购法第七十七条" in text
    assert f"/credit-rows/{row.pk}/" not in text
    refused("objection.elsewhere", services.object_to, event_id=row.pk, grounds=GROUNDS, by=w.as_agency)
