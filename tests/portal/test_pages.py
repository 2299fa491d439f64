"""The pages themselves: what they say, and that their number of queries does not grow with what they show."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import files, papers, upkeep
from core.audit import SYSTEM
from core.errors import Refusal
from core.models import CalendarDay, ClockReading, Job, RuleSet
from marketplace.models import ServiceItem
from tests.bidding import world as bidding_world
from tests.contracts import world as contract_world

pytestmark = pytest.mark.django_db


def queries(client, path):
    cache.clear()
    client.get(path)
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def more_needs(market, count):
    now = datetime.now(UTC)
    for number in range(count):
        starts = now + timedelta(hours=number + 1)
        need = bidding_world.need(market.buyer, market.owner, starts=starts)
        bidding_world.services.open_competition(need_id=need.pk)


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("", "/"),
        ("", "/live/"),
        ("", "/statistics/"),
        ("enterprise", "/desk/"),
        ("bidder", "/desk/"),
        ("regulator", "/desk/"),
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_market(client, town, role, path):
    if role:
        client.force_login(town.users[role])
    more_needs(town.market, 1)
    few = queries(client, path)
    more_needs(town.market, 4)
    assert queries(client, path) == few


def test_an_empty_market_says_what_will_appear(client):
    home = client.get("/").content.decode()
    assert "此刻没有正在进行的竞价" in home
    assert "这个范围里还没有需求" in client.get("/statistics/").content.decode()


def test_the_front_page_shows_the_live_price_and_its_ceiling(client, town):
    text = client.get("/live/").content.decode()
    assert town.market.need.title in text
    assert "等待首次出价" in text


def test_an_agency_that_may_not_enter_is_told_why_and_where_to_go(client, town):
    market = bidding_world.need(town.market.buyer, town.market.owner, starts=datetime.now(UTC) + timedelta(hours=2))
    bidding_world.services.open_competition(need_id=market.pk)
    client.force_login(town.users["agency"])
    text = client.get(f"/needs/{market.pk}/").content.decode()
    assert "没有公布" in text
    assert "/agency/services/" in text
    client.force_login(town.users["bidder"])
    assert "/enter/" in client.get(f"/needs/{market.pk}/").content.decode()


def test_a_finished_need_tells_its_whole_story(client, db):
    world, contract = contract_world.completed()
    text = client.get(f"/needs/{world.need.pk}/").content.decode()
    assert world.agency.organisation.name in text
    assert f"/contracts/{contract.pk}/" not in text
    client.force_login(world.bea)
    page = client.get(f"/needs/{world.need.pk}/").content.decode()
    assert f"/contracts/{contract.pk}/rate/" in page
    assert "评价对方" in client.get("/desk/").content.decode()
    client.force_login(world.ana)
    assert "评价对方" in client.get("/desk/").content.decode()


def test_statistics_count_what_was_saved_and_filter_by_address(client, db):
    contract_world.completed(amount="48000.00")
    page = client.get("/statistics/").content.decode()
    assert "12,000.00" in page
    assert "这个范围里还没有需求" in client.get("/statistics/?buyer=department").content.decode()
    assert client.get("/statistics/?year=x&category=../&buyer=agency&region=%00").status_code == 200
    table = client.get("/statistics/data.csv").content.decode()
    assert "12000.00" in table


def paper_of(content=b"%PDF-1.7 example"):
    paper = papers.issue(prefix="ZX", kind="award", title="中选通知书", page="/awards/1/", data={})
    paper.pdf = files.keep(content, name="a.pdf", media_type="application/pdf")
    paper.save()
    return paper


def test_a_number_typed_any_way_leads_to_its_paper(client):
    paper = paper_of()
    for typed in (paper.number, f" {paper.number.lower()} ", f"http://localhost/papers/{paper.number}/"):
        answer = client.get("/verify/", {"number": typed})
        assert answer.headers["Location"] == f"/papers/{paper.number}/"
    page = client.get(f"/papers/{paper.number}/").content.decode()
    assert paper.pdf.sha256 in page
    document = client.get(f"/papers/{paper.number}.pdf")
    assert document.headers["Content-Type"] == "application/pdf"
    document.close()


def test_a_file_is_compared_by_its_hash_without_scripts_too(client):
    paper = paper_of(b"%PDF-1.7 mine")
    same = SimpleUploadedFile("x.pdf", b"%PDF-1.7 mine", "application/pdf")
    digest = hashlib.sha256(b"%PDF-1.7 mine").hexdigest()
    answer = client.post("/verify/", {"file": same})
    assert answer.headers["Location"] == f"/verify/?hash={digest}#file"
    assert paper.number in client.get(f"/verify/?hash={digest}").content.decode()
    assert "不一致" in client.get(f"/verify/?hash={'0' * 64}").content.decode()
    assert client.post("/verify/", {}).status_code == 302


def test_stuck_jobs_make_the_platform_not_ready(client):
    Job.objects.create(task="core.sweep_jobs", run_at=datetime.now(UTC) - timedelta(hours=1))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": True, "migrations": True, "jobs": False, "floors": True}


@pytest.mark.parametrize(("apart", "within"), [(timedelta(), True), (timedelta(seconds=2), False)])
def test_the_health_page_says_how_far_clocks_are_apart_and_warns(client, town, apart, within):
    now = datetime.now(UTC)
    for process, ahead in (("web a:1", timedelta()), ("worker b:2", apart)):
        ClockReading.objects.create(
            process=process, read_at=now, ahead=ahead, error=timedelta(milliseconds=1, microseconds=500)
        )
    answer = client.get("/readyz")
    bound = 3.0 + apart / timedelta(milliseconds=1)
    assert answer.json()["clock"] == {"processes": 2, "bound_ms": bound, "limit_ms": 250.0, "within": within}
    assert answer.status_code == 200
    client.force_login(town.users["operator"])
    page = client.get("/desk/").content.decode()
    assert f"{bound:.1f}" in page
    assert ("校准服务器时钟" in page) is not within


def next_version(name="bidding", **changes):
    last = RuleSet.objects.filter(name=name).latest("version")
    starts = changes.pop("starts", datetime.now(UTC) + timedelta(days=1))
    parameters = last.parameters | changes
    return upkeep.add_version(
        name=name, effective_from=starts, parameters=parameters, draft=False, note="测试", by=SYSTEM
    )


@pytest.mark.parametrize(
    ("code", "options"),
    [
        ("rules.past", {"starts": datetime(2026, 1, 1, tzinfo=UTC), "soft_close_seconds": 60}),
        ("rules.same", {}),
    ],
)
def test_a_version_of_the_past_or_without_a_change_is_refused(code, options):
    with pytest.raises(Refusal) as caught:
        next_version(**options)
    assert caught.value.code == code


def test_a_version_before_one_that_is_coming_is_refused():
    next_version(starts=datetime.now(UTC) + timedelta(days=9), soft_close_seconds=60)
    with pytest.raises(Refusal) as caught:
        next_version(soft_close_seconds=90)
    assert caught.value.code == "rules.order"


def test_the_operator_adds_a_version_by_form_and_sees_the_difference(client, town, settings):
    settings.DEMO = True
    client.force_login(town.users["operator"])
    page = client.get("/operator/rules/bidding/new/")
    form = page.context["form"]
    typed = {name: form[name].value() for name in form.fields if name.startswith("row-")}
    place = next(i for i, row in enumerate(form.rows) if row.path == "soft_close_seconds")
    wrong = client.post(page.request["PATH_INFO"], {**typed, f"row-{place}": "two", "note": "写好的说明"})
    assert wrong.status_code == 422
    assert "写好的说明" in wrong.content.decode()
    typed |= {f"row-{place}": "240", "note": "延长", "effective_from": "2031-01-01T00:00"}
    assert client.post(page.request["PATH_INFO"], typed).status_code == 422  # everybody reads why there was no time
    typed |= {"note": "系统时钟故障，须立即延长。"}
    assert client.post(page.request["PATH_INFO"], typed).status_code == 302
    row = RuleSet.objects.filter(name="bidding").latest("version")
    assert row.parameters["soft_close_seconds"] == 240
    text = client.get("/operator/rules/bidding/").content.decode()
    assert "240" in text
    assert "须立即延长" in text
    assert "未征求意见" in text


def test_the_operator_marks_a_day_and_enters_an_announced_year(client, town, settings):
    settings.DEMO = True
    client.force_login(town.users["operator"])
    past = client.post("/operator/calendar/2026/day/", {"date": "2020-01-01", "mark": "off"})
    assert past.status_code == 422
    client.post("/operator/calendar/2031/day/", {"date": "2031-03-03", "mark": "off", "name": "停电"})
    assert not CalendarDay.objects.get(date="2031-03-03").is_working
    wrong = client.post("/operator/calendar/2031/official/", {"days": "2031-02-30 休"})
    assert wrong.status_code == 422
    assert "2031-02-30" in wrong.content.decode()
    client.post("/operator/calendar/2031/official/", {"days": "2031-01-01 休 元旦\n2031-01-04 班"})
    assert list(CalendarDay.objects.filter(date__year=2031).values_list("is_working", "official")) == [
        (False, True),
        (True, True),
    ]


def test_the_operator_changes_and_cancels_an_item(client, town, settings):
    settings.DEMO = True
    client.force_login(town.users["operator"])
    page = client.get("/operator/catalogue/01001/")
    typed = {name: value for name, value in page.context["form"].initial.items() if value not in (False, "")}
    same = client.post("/operator/catalogue/01001/", typed | {"action": "change"})
    assert same.status_code == 422
    client.post("/operator/catalogue/01001/", typed | {"action": "change", "name_zh": "可行性研究"})
    assert ServiceItem.objects.filter(code="01001").latest("version").name_zh == "可行性研究"
    assert client.post("/operator/catalogue/01001/", {"action": "cancel"}).status_code == 422
    client.post("/operator/catalogue/01001/", {"action": "cancel", "reason": "依据废止"})
    assert not ServiceItem.objects.filter(code="01001", cancelled_at=None).exists()
