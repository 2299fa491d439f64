"""The walk from award to completion through plain forms, and what pages say when something is refused."""

import pytest

from bidding.models import Award
from contracts import services
from contracts.models import Contract, Deliverable
from tests.contracts.world import after_publicity, delivered, drafted, result, signed, world

pytestmark = pytest.mark.django_db


def page(client, path):
    return client.get(path).content.decode()


def draft_fields(contract, rows, **extra):
    titles, amounts, days = zip(*rows, strict=True)
    return {
        "version": contract.version,
        "terms": contract.terms,
        "milestone_title": titles,
        "milestone_amount": amounts,
        "milestone_days": days,
        **extra,
    }


def test_the_whole_walk_by_forms(client):
    w = world()
    client.force_login(w.ana)
    answer = client.post(f"/awards/{w.award.pk}/confirm/")
    contract = Contract.objects.get(award=w.award)
    assert answer.url == f"/contracts/{contract.pk}/"
    rows = [("踏勘报告", "8,500.00", "5"), ("报批稿", "40000", "20"), ("", "", "")]
    with after_publicity(w.award):
        client.post(f"/contracts/{contract.pk}/draft/", draft_fields(contract, rows, confirm="1"))
        client.force_login(w.bea)
        client.post(f"/contracts/{contract.pk}/confirm/", {"version": "2"})
    contract.refresh_from_db()
    assert contract.signed_at
    assert [str(m.amount) for m in contract.milestones.all()] == ["8,500.00", "40,000.00"]
    for milestone in contract.milestones.all():
        client.force_login(w.ana)
        client.post(f"/milestones/{milestone.pk}/deliver/", {"file": result(), "note": "请验收"})
        client.force_login(w.bea)
        client.post(f"/deliverables/{milestone.deliverables.get().pk}/accept/")
    contract.refresh_from_db()
    assert contract.completed_at


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_state_has_a_page_in_both_languages(client, language):
    client.cookies["django_language"] = language
    w, contract = drafted()
    for user in (w.ana, w.bea):
        client.force_login(user)
        assert client.get(f"/contracts/{contract.pk}/").status_code == 200
        assert client.get(f"/contracts/{contract.pk}/draft/").status_code == 200
    assert client.get(f"/awards/{w.award.pk}/").status_code == 200
    w, contract = signed()
    deliverable = delivered(w, contract)
    services.return_(deliverable_id=deliverable.pk, defects=["缺页"], by=w.as_buyer)
    client.force_login(w.ana)
    assert "缺页" in page(client, f"/contracts/{contract.pk}/")


def test_a_sum_that_does_not_fit_loses_nothing_typed(client):
    w, contract = drafted()
    client.force_login(w.bea)
    rows = [("踏勘报告", "8500.00", "5"), ("报批稿", "39999.99", "20")]
    fields = draft_fields(contract, rows, terms="改过的条款")
    answer = client.post(f"/contracts/{contract.pk}/draft/", fields)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "相差 0.01 元" in text
    assert "改过的条款" in text
    assert "39999.99" in text


@pytest.mark.parametrize("amount", ["1e5", "-5", "NaN", "５００", "1.234", "9" * 30, ""])
@pytest.mark.parametrize("days", ["5", "五", "-1", "1.5", "9" * 9])
def test_odd_rows_are_refused_with_a_hint(client, amount, days):
    w, contract = drafted()
    client.force_login(w.bea)
    answer = client.post(f"/contracts/{contract.pk}/draft/", draft_fields(contract, [("报批稿", amount, days)]))
    assert answer.status_code == 422
    contract.refresh_from_db()
    assert contract.version == 1


def test_a_name_no_text_field_takes_is_refused_with_a_hint(client):
    w, contract = drafted()
    client.force_login(w.ana)
    rows = [("报批\0稿", "48500.00", "20")]
    answer = client.post(f"/contracts/{contract.pk}/draft/", draft_fields(contract, rows))
    assert answer.status_code == 422


def test_rows_that_miss_a_cell_are_left_out_and_the_sum_tells(client):
    w, contract = drafted()
    client.force_login(w.bea)
    fields = {"version": 1, "terms": "x", "milestone_title": ["a"], "milestone_amount": []}
    assert client.post(f"/contracts/{contract.pk}/draft/", fields).status_code == 422


def test_declining_without_a_reason_keeps_the_page_and_says_so(client):
    w = world()
    client.force_login(w.ana)
    answer = client.post(f"/awards/{w.award.pk}/decline/", {"reason": " "})
    assert answer.status_code == 422
    assert "请写明放弃中选的理由" in answer.content.decode()
    client.post(f"/awards/{w.award.pk}/decline/", {"reason": "人员已排满"})
    w.award.refresh_from_db()
    assert w.award.outcome == Award.Outcome.DECLINED
    client.logout()
    assert "人员已排满" in page(client, f"/awards/{w.award.pk}/")


def test_two_clicks_on_confirm_make_one_contract(client):
    w = world()
    client.force_login(w.ana)
    first, second = (client.post(f"/awards/{w.award.pk}/confirm/") for _ in range(2))
    assert first.url == second.url
    assert Contract.objects.count() == 1


def test_confirming_an_older_version_is_refused_with_a_page(client):
    w, contract = drafted()
    client.force_login(w.bea)
    answer = client.post(f"/contracts/{contract.pk}/confirm/", {"version": "7"})
    assert answer.status_code == 409
    assert "contract.version" in answer.content.decode()


def test_a_wrong_file_is_refused_beside_its_field(client):
    w, contract = signed()
    client.force_login(w.ana)
    path = f"/milestones/{contract.milestones.get().pk}/deliver/"
    answer = client.post(path, {"file": result("x.exe", b"MZ" * 50), "note": "说明还在"})
    assert answer.status_code == 422
    assert "不接受这种文件" in answer.content.decode()
    assert "说明还在" in answer.content.decode()
    assert client.post(path, {"note": "x"}).status_code == 422
    assert not Deliverable.objects.exists()


def test_returning_without_a_list_is_refused_and_a_second_return_shows_the_way_out(client):
    w, contract = signed()
    deliverable = delivered(w, contract)
    client.force_login(w.bea)
    assert client.post(f"/deliverables/{deliverable.pk}/return/", {"defects": "\n \n"}).status_code == 422
    client.post(f"/deliverables/{deliverable.pk}/return/", {"defects": "缺页\n\n缺附图 3"})
    deliverable.refresh_from_db()
    assert deliverable.defects == ["缺页", "缺附图 3"]
    again = services.deliver(milestone_id=deliverable.milestone_id, upload=result(), note="", by=w.as_agency)
    answer = client.post(f"/deliverables/{again.pk}/return/", {"defects": "还是缺页"})
    assert answer.status_code == 409
    assert "deliverable.returned_before" in answer.content.decode()


def test_typed_text_is_shown_as_text(client):
    w, contract = drafted()
    services.draft(
        contract_id=contract.pk,
        terms="<script>alert(1)</script>",
        milestones=[("<b>踏勘</b>", contract.amount, 5)],
        side="buyer",
        by=w.as_buyer,
    )
    client.force_login(w.ana)
    text = page(client, f"/contracts/{contract.pk}/")
    assert "<script>alert(1)" not in text
    assert "<b>踏勘" not in text


def test_an_empty_list_says_what_will_appear(client):
    w = world()
    client.force_login(w.ana)
    assert "empty-state" in page(client, "/contracts/")


def test_the_list_does_not_query_more_for_more_rows(client, django_assert_max_num_queries):
    w, _contract = drafted()
    client.force_login(w.ana)
    client.get("/contracts/")
    with django_assert_max_num_queries(20):
        client.get("/contracts/?open=1")
