"""The list of needs, its export, and the catalogue: everybody's, quick, and safe to open in a spreadsheet."""

import io

import openpyxl
import pytest

from core.money import Money
from marketplace import services
from marketplace.models import Need
from tests.marketplace import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def needs():
    bea, dong = world.member("enterprise"), world.member("department")
    return {
        "cheap": world.published(bea, title="便宜的环评", ceiling=Money.of(1000)),
        "dear": world.published(bea, title="昂贵的勘察", item=world.EITHER_ITEM, ceiling=Money.of(900000)),
        "drawn": world.published(bea, title="抽取的环评", method="random_draw", auction_minutes=None),
        "public": world.published(dong, title="部门的技术评估", region="131002"),
        "draft": world.draft(bea, title="没发布的草稿"),
    }


def titles(client, query):
    return {row["need"].title for row in client.get(f"/needs/?{query}").context["rows"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"cheap", "dear", "drawn", "public"}),
        ("item=08048", {"dear"}),
        ("category=02", {"cheap", "drawn", "public"}),
        ("region=131002", {"public"}),
        ("region=131000", {"cheap", "dear", "drawn", "public"}),
        ("method=random_draw", {"drawn"}),
        ("payer=department", {"public"}),
        ("least=50000&most=900000", {"dear", "drawn", "public"}),
        ("most=1,000.00", {"cheap"}),
        ("least=abc", {"cheap", "dear", "drawn", "public"}),
        ("state=open", {"cheap", "dear", "drawn", "public"}),
        ("state=competing", set()),
        ("state=draft", {"cheap", "dear", "drawn", "public"}),
        ("q=昂贵", {"dear"}),
        ("q=工程勘察", {"dear"}),
        ("q=草稿", set()),
        ("q=%25", set()),
        ("q=%00", {"cheap", "dear", "drawn", "public"}),
        ("page=999&sort=nonsense", {"cheap", "dear", "drawn", "public"}),
    ],
)
def test_filters(client, needs, query, found):
    assert titles(client, query) == {needs[name].title for name in found}


def test_a_number_leads_to_its_need(client, needs):
    assert titles(client, f"q={needs['dear'].number.lower()}") == {"昂贵的勘察"}


def test_sorting(client, needs):
    rows = client.get("/needs/?sort=amount").context["rows"]
    amounts = [row["need"].ceiling for row in rows]
    assert amounts == sorted(amounts, reverse=True)
    closing = [row["need"].entry_closes_at for row in client.get("/needs/?sort=closing").context["rows"]]
    assert closing == sorted(closing)


def test_the_state_of_each_row(client, needs):
    services.mark_selected(need_id=needs["dear"].pk)
    assert titles(client, "state=selected") == {"昂贵的勘察"}
    assert "昂贵的勘察" not in titles(client, "state=open")


def test_queries_do_not_grow(client, needs, django_assert_max_num_queries):
    bea = world.member("enterprise")
    for n in range(15):
        world.published(bea, title=f"第{n}项")
    with django_assert_max_num_queries(8):
        client.get("/needs/")
    with django_assert_max_num_queries(8):
        client.get("/needs/export.csv")
    with django_assert_max_num_queries(8):
        client.get("/catalogue/")
    with django_assert_max_num_queries(8):
        client.get(f"/catalogue/{world.ITEM}/")


@pytest.mark.parametrize("title", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1"])
def test_exports_never_hold_a_formula(client, title):
    need = world.published(world.member("enterprise"))
    Need.objects.filter(pk=need.pk)
    world.published(world.member("enterprise", name=f"{title}公司"), title=title.strip() + "环评")
    text = client.get("/needs/export.csv").content.decode("utf-8-sig")
    for line in text.splitlines():
        for cell in line.split(","):
            assert not cell.lstrip('"').startswith(("=", "+", "-", "@", "\t"))
    book = openpyxl.load_workbook(io.BytesIO(client.get("/needs/export.xlsx").content))
    assert all(cell.data_type != "f" for row in book.active.rows for cell in row)


def test_exports_follow_the_filters(client, needs):
    text = client.get("/needs/export.csv?method=random_draw").content.decode("utf-8-sig")
    assert "抽取的环评" in text
    assert "便宜的环评" not in text
    assert "草稿" not in text
    assert client.get("/needs/export.pdf").status_code == 404


def test_empty_lists_say_what_will_appear(client):
    assert "还没有需求" in client.get("/needs/").content.decode()
    assert "没有符合条件的需求" in client.get("/needs/?q=无").content.decode()
    assert "没有符合条件的事项" in client.get("/catalogue/?q=无此事项").content.decode()


def test_the_catalogue_says_who_pays_and_what_is_dead(client):
    services.cancel_item(code="09057", reason="国发〔2027〕1号", by=world.member("operator").by)
    page = client.get("/catalogue/").content.decode()
    assert "招标代理" not in page
    assert "环境影响报告表编制" in page
    assert "招标代理" in client.get("/catalogue/?shows=cancelled").content.decode()
    assert client.get("/catalogue/?shows=all").context["count"] == 80
    assert client.get("/catalogue/?payer=department&self_service=on").context["count"] == 0
    assert client.get("/catalogue/?q=环评法").context["count"] >= 2
    assert client.get("/catalogue/?licensed=on").context["count"] > 20
    assert "is-dead" in client.get("/catalogue/?shows=all").content.decode()
    assert client.get("/catalogue/99999/").status_code == 404


def test_english_names_in_english(client):
    client.cookies["django_language"] = "en"
    page = client.get("/catalogue/").content.decode()
    assert "EIA table" in page
    assert "Surveying and mapping qualification" in page


def test_very_long_lists_are_counted_only_so_far(client, needs, monkeypatch):
    monkeypatch.setattr("marketplace.views.needs.COUNTED", 3)
    page = client.get("/needs/")
    assert len(page.context["rows"]) == 3
    assert "最前面的 3 项需求" in page.content.decode()
