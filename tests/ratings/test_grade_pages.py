"""The pages of yearly grades: the operator's desk, the public lists, an agency's line and its objection."""

import csv
import io
import json

import pytest

from accounts.models import User
from core import clock, jobs
from ratings.models import Appeal, GradeLine
from tests.accounts import people
from tests.ratings.grading import (
    DAY,
    GROUNDS,
    JANUARY,
    REASONS,
    SUMMER,
    decide,
    objected,
    proposed,
    publish,
    put_right,
    told,
)
from tests.ratings.test_pages import page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True  # supervisors without a second factor


def user(name):
    return User.objects.get(email=f"{name}@example.com")


def test_a_year_by_the_pages_from_the_proposal_to_the_published_list(client, market):
    late = market["late"]
    address = f"/grades/2025/{late.pk}/"
    with clock.at(JANUARY):
        assert "还没有年度信用等级" in page(client, "/grades/")
        text = page(client, "/operator/grades/", user("olga"))
        assert "提出 2025 年度名单" in text
        assert "到年底在平台的机构 3 家" in text
        assert client.post("/operator/grades/2025/propose/").url == "/operator/grades/"
        assert "正在计算" in page(client, "/operator/grades/")
        assert client.get("/grades/2025/").status_code == 404
        jobs.drain()
    with clock.at(JANUARY + DAY):
        assert "公示中" in page(client, "/grades/")
        text = page(client, address, user("late"))
        assert f"{address}objection/" in text
        assert "拟评为：C" in page(client, f"/agencies/{late.pk}/credit/")
        assert "提出异议" not in page(client, f"/grades/2025/{market['good'].pk}/")
        answer = client.post(f"{address}objection/", {"grounds": "不服"})
        assert answer.status_code == 422
        url = client.post(f"{address}objection/", {"grounds": GROUNDS}).url
        assert client.get(f"{address}objection/").url == url
    row = Appeal.objects.get()
    put_right(market)
    with clock.at(JANUARY + 3 * DAY):
        verdict = f"/supervision/appeals/{row.pk}/"
        assert "您与其中一方有关" in page(client, verdict, user("olga"))
        text = page(client, verdict, user("sol"))
        assert "按现在已更正的档案重新计算：A，100.00" in text
        assert client.post(verdict, {"outcome": "upheld", "reasons": REASONS}).url == url
        text = page(client, address)
        assert "原拟定" in text
        assert "逾期交付" in text
        assert REASONS in text
    row = GradeLine.objects.get(agency=late, replacement=None).list
    with clock.at(row.objections_until):
        client.force_login(user("olga"))
        assert client.post("/operator/grades/2025/publish/").url == "/operator/grades/"
    with clock.at(row.objections_until + DAY):
        client.logout()
        assert "异议成立，已重新计算" in page(client, "/grades/2025/")
        assert f"/grades/2025/{late.pk}/" in page(client, f"/agencies/{late.pk}/")
        assert "2025 年度" in page(client, f"/agencies/{late.pk}/credit/")


def test_an_objection_nothing_was_put_right_for_is_refused_on_the_page_with_what_was_typed(client, market):
    proposed(market)
    row = objected(market)
    with clock.at(JANUARY + 2 * DAY):
        client.force_login(user("sol"))
        answer = client.post(f"/supervision/appeals/{row.pk}/", {"outcome": "upheld", "reasons": REASONS})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "结果与名单相同" in text
    assert REASONS in text


def test_the_list_is_found_by_grade_and_name_and_taken_along(client, market):
    proposed(market)
    with clock.at(JANUARY + DAY):
        assert "廊坊late" not in page(client, "/grades/2025/?grade=A")
        assert "廊坊late" in page(client, "/grades/2025/?grade=C")
        assert "廊坊new" in page(client, "/grades/2025/?grade=none")
        assert "廊坊good" not in page(client, "/grades/2025/?q=late")
        assert "没有符合条件的机构" in page(client, "/grades/2025/?q=nobody")
        assert client.get("/grades/2031/").status_code == 404
        assert client.get("/grades/2025/999999/").status_code == 404
        body = client.get("/grades/2025/?export=csv").content.decode("utf-8-sig")
    rows = {row["名称"]: row for row in csv.DictReader(io.StringIO(body))}
    late = next(row for name, row in rows.items() if "late" in name)
    assert (late["信用等级"], late["信用评分"], late["状态"]) == ("C", "75.00", "公示中")
    assert late["计分各行校验值"] == GradeLine.objects.get(agency=market["late"]).lines_hash
    assert {row["信用等级"] for row in rows.values()} == {"A", "C", "不评级"}


def test_a_list_that_waits_to_be_published_is_the_operator_s_first_chore(client, market):
    with clock.at(JANUARY - DAY):
        assert "提出年度信用等级名单" in page(client, "/desk/", user("olga"))
    row = proposed(market)
    with clock.at(JANUARY + DAY):
        assert "公布年度信用等级" not in page(client, "/desk/")
    with clock.at(row.objections_until):
        assert "公布年度信用等级" in page(client, "/desk/")


def test_what_is_proposed_stands_among_what_is_held_with_its_end(client, market):
    row = proposed(market)
    with clock.at(JANUARY + DAY):
        text = page(client, "/agency/held/", user("late"))
        assert "2025 年度信用等级：C" in text
        assert "对这个等级提出异议" in text
    publish(market, row.objections_until)
    with clock.at(row.objections_until + DAY):
        text = page(client, "/agency/held/")
        assert "2025 年度信用等级：C" in text
        assert "对这个等级提出异议" not in text


def test_the_published_file_names_the_grades_of_past_years(client, market):
    late = market["late"]
    row = proposed(market)
    filed = objected(market)
    put_right(market)
    decide(filed, market["sol"])
    path = f"/agencies/{late.pk}/credit/file.json"
    with clock.at(row.objections_until + DAY):
        assert json.loads(client.get(path).content)["grades"] == []
    publish(market, row.objections_until + DAY)
    with clock.at(row.objections_until + 2 * DAY):
        (found,) = json.loads(client.get(path).content)["grades"]
        before = json.loads(client.get(f"{path}?as_of={row.objections_until:%Y-%m-%d}").content)
    assert (found["year"], found["grade"], found["score"]) == (2025, "A", "100.00")
    assert before["grades"] == []


def test_a_line_of_many_agencies_costs_no_query_of_its_own(client, market, django_assert_max_num_queries):
    for number in range(8):
        with clock.at(SUMMER):
            one = people.agency(200 + number, name=f"廊坊第{number}环境咨询有限公司")
        told(one, f"more {number}", "-1.00")
    proposed(market)
    with clock.at(JANUARY + DAY), django_assert_max_num_queries(12):
        assert client.get("/grades/2025/").content.count(b"/grades/2025/") > 10
