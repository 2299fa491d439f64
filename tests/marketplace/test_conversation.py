"""Writing a need in the browser: nothing typed is lost, nothing wrong gets through, whatever is clicked."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from core.money import Money
from marketplace import services
from marketplace.models import Need
from tests.marketplace import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def bea():
    return world.member("enterprise")


@pytest.fixture
def browser(bea):
    return world.client_of(bea)


def step_url(need, step):
    return reverse("marketplace:edit", args=[need.pk, step])


ANSWERS = {
    "item": {"item": world.ITEM},
    "scope": {"title": "城东污水处理厂二期环评", "scope": world.SCOPE, "region": world.REGION, "place": "和平路 12 号"},
    "money": {"ceiling": "48,500.00"},
    "method": {"method": "live_auction"},
    "schedule": {"closing": "earliest", "auction_minutes": "30", "delivery_days": "20"},
}


def chosen(closes):
    return {**ANSWERS["schedule"], "closing": "chosen", "entry_closes_at": closes}


def test_the_whole_way_with_plain_posts(browser):
    answer = browser.post("/needs/new/")
    need = Need.objects.get()
    assert answer.url == step_url(need, "item")
    for step, values in ANSWERS.items():
        assert browser.get(answer.url).status_code == 200
        answer = browser.post(step_url(need, step), values)
        assert answer.status_code == 302, answer.context["form"].errors
    assert answer.url == step_url(need, "check")
    page = browser.get(answer.url)
    assert page.context["stopping"] == []
    answer = browser.post(reverse("marketplace:publish", args=[need.pk]))
    need.refresh_from_db()
    assert answer.url == f"/needs/{need.pk}/"
    assert need.ceiling == Money.of("48500")
    assert need.number
    again = browser.post(reverse("marketplace:publish", args=[need.pk]))
    assert again.url == f"/needs/{need.pk}/"
    assert Need.objects.values_list("number", flat=True).get() == need.number


def test_a_department_says_who_pays_and_gets_no_direct_choice():
    dong = world.member("department")
    browser, need = world.client_of(dong), world.draft(dong)
    assert b'value="direct"' not in browser.get(step_url(need, "method")).content
    answer = browser.post(step_url(need, "method"), {"method": "direct"})
    assert answer.status_code == 422
    assert "竞争选择" in answer.content.decode()
    answer = browser.post(step_url(need, "money"), {"ceiling": "10"})
    assert "budget_line" in answer.context["form"].errors
    answer = browser.post(step_url(need, "item"), {"item": world.ITEM})
    assert "own_project" in answer.context["form"].errors


def test_starting_twice_starts_once(browser):
    first, second = browser.post("/needs/new/"), browser.post("/needs/new/")
    assert first.url == second.url
    browser.post("/needs/new/", {"item": world.ITEM})
    assert Need.objects.get().item.code == world.ITEM


@pytest.mark.parametrize(
    ("step", "typed", "field"),
    [
        ("money", {"ceiling": "1e9"}, "ceiling"),
        ("money", {"ceiling": "NaN"}, "ceiling"),
        ("money", {"ceiling": "-5"}, "ceiling"),
        ("money", {"ceiling": "４８５００"}, "ceiling"),
        ("money", {"ceiling": "1.005"}, "ceiling"),
        ("money", {"ceiling": "9" * 400}, "ceiling"),
        ("money", {"ceiling": "0"}, "ceiling"),
        ("scope", {**ANSWERS["scope"], "scope": "字" * 20_000}, "scope"),
        ("scope", {**ANSWERS["scope"], "scope": "短"}, "scope"),
        ("scope", {**ANSWERS["scope"], "region": "999999"}, "region"),
        ("schedule", chosen("2020-01-01T09:00"), "entry_closes_at"),
        ("schedule", chosen("9999-12-31T23:59"), "entry_closes_at"),
        ("schedule", chosen("soon"), "entry_closes_at"),
        ("schedule", chosen(""), "entry_closes_at"),
        ("schedule", {**ANSWERS["schedule"], "delivery_days": "-1"}, "delivery_days"),
        ("schedule", {**ANSWERS["schedule"], "delivery_days": "99999999999999999999"}, "delivery_days"),
        ("schedule", {**ANSWERS["schedule"], "auction_minutes": "7"}, "auction_minutes"),
        ("method", {"method": "whoever"}, "method"),
        ("item", {"item": "99999"}, "item"),
        ("item", {"item": "'; DROP"}, "item"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_shown_again_and_kept(bea, browser, step, typed, field):
    need = world.draft(bea)
    before = Need.objects.values().get(pk=need.pk)
    answer = browser.post(step_url(need, step), typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    later = browser.get(step_url(need, step))
    form = later.context["form"]
    assert form.data[field] == typed[field]
    assert field in form.errors
    after = Need.objects.values().get(pk=need.pk)
    assert {**after, "typed": {}} == {**before, "typed": {}}
    assert browser.get(step_url(need, "check")).context["stopping"]


def test_leaving_and_going_back_save_too(bea, browser):
    need = services.start_need(actor=bea)
    answer = browser.post(step_url(need, "scope"), {"title": "写到一半", "scope": "", "go": "later"})
    assert answer.url == "/needs/new/"
    assert "写到一半" in browser.get(step_url(need, "scope")).content.decode()
    answer = browser.post(step_url(need, "money"), {"ceiling": "100", "go": "back"})
    assert answer.url == step_url(need, "scope")
    need.refresh_from_db()
    assert need.ceiling == Money.of(100)
    browser.post(step_url(need, "scope"), ANSWERS["scope"])
    need.refresh_from_db()
    assert (need.title, need.typed) == (ANSWERS["scope"]["title"], {})


def test_unfair_words_are_saved_but_keep_one_on_the_page(bea, browser):
    need = world.draft(bea)
    answer = browser.post(step_url(need, "scope"), {**ANSWERS["scope"], "scope": world.SCOPE + "仅限本市注册企业"})
    assert answer.url == step_url(need, "scope")
    page = browser.get(answer.url).content.decode()
    assert "公平竞争审查条例" in page
    browser.post(reverse("marketplace:publish", args=[need.pk]))
    need.refresh_from_db()
    assert need.published_at is None


def test_the_check_comments_while_one_types(browser):
    answer = browser.post("/needs/check-text/", {"scope": "仅限国有企业，<b>注册资本不低于1亿</b>"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<b>" not in page
    assert "所有制" in page
    assert (
        "finding" not in browser.post("/needs/check-text/", {"scope": "编制报告表一份"}).content.decode().split("<p")[0]
    )
    assert browser.post("/needs/check-text/", {"scope": "指定" * 20_000}).status_code == 200
    assert browser.post("/needs/check-text/", {}).status_code == 200


def test_typed_markup_stays_text(bea, browser):
    need = world.draft(bea, title="<script>alert(1)</script>", scope="<img src=x onerror=alert(1)>" + "二" * 30)
    for step in ("scope", "check"):
        page = browser.get(step_url(need, step)).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize("step", ["nonsense", "publish", "ITEM"])
def test_a_step_that_does_not_exist(bea, browser, step):
    need = world.draft(bea)
    assert browser.get(f"/needs/{need.pk}/edit/{step}/").status_code == 404
    assert browser.post(f"/needs/{need.pk}/edit/{step}/", {}).status_code == 404


def test_a_published_need_is_not_edited(bea, browser):
    need = world.published(bea)
    answer = browser.post(step_url(need, "money"), {"ceiling": "1"})
    assert answer.url == f"/needs/{need.pk}/"
    need.refresh_from_db()
    assert need.ceiling == Money.of(50000)


def test_a_chosen_time_is_beijing_time(bea, browser):
    need = world.draft(bea)
    day = (clock.now() + timedelta(days=20)).date().isoformat()
    browser.post(step_url(need, "schedule"), chosen(f"{day}T17:00"))
    need.refresh_from_db()
    assert need.entry_closes_at.isoformat() == f"{day}T09:00:00+00:00"
    assert f'value="{day}T17:00"' in browser.get(step_url(need, "schedule")).content.decode()


def test_the_item_page_offers_no_item_departments_pay_for(browser):
    need_url = browser.post("/needs/new/").url
    answer = browser.post(need_url, {"item": world.DEPARTMENT_ITEM})
    assert answer.status_code == 422
    assert "由部门支付" in answer.content.decode()


def test_cancelled_items_are_refused_and_drafts_hear_of_it(bea, browser):
    need = world.draft(bea)
    services.cancel_item(code=world.ITEM, reason="国发〔2027〕1号", by=world.member("operator").by)
    assert "已经取消" in browser.get(step_url(need, "scope")).content.decode()
    answer = browser.post("/needs/new/", {"item": world.ITEM})
    assert answer.status_code == 422
    assert "已经取消" in answer.content.decode()
    page = browser.get(f"/catalogue/{world.ITEM}/").content.decode()
    assert "这个事项已经取消" in page
    assert "为这项服务发布需求" not in page


def test_discarding_and_copying(bea, browser):
    need = world.draft(bea)
    assert browser.post(reverse("marketplace:discard", args=[need.pk])).url == "/needs/new/"
    assert not Need.objects.exists()
    need = world.published(bea)
    answer = browser.post(reverse("marketplace:discard", args=[need.pk]))
    assert answer.status_code == 409
    services.cancel(need_id=need.pk, reason="x", by=bea.by)
    answer = browser.post(reverse("marketplace:copy", args=[need.pk]))
    assert browser.get(answer.url).context["stopping"] == []


def test_cancelling_asks_for_a_reason_and_keeps_it(bea, browser):
    need = world.published(bea)
    url = reverse("marketplace:cancel", args=[need.pk])
    assert browser.post(url, {"reason": " "}).status_code == 422
    services.mark_selected(need_id=need.pk)
    answer = browser.post(url, {"reason": "项目停建"})
    assert answer.status_code == 422
    assert "项目停建" in answer.content.decode()
