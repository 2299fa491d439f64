"""Supervision, part 3: one double-random inspection from plan to publication, its draw recomputed by anyone."""

import time
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.journey import papers
from portal.journey.browser import Browser, Page, Wrong
from portal.journey.joining import ITEM
from portal.journey.walk import Walk, expect
from supervision.verify_draw import verify

LOCAL = ZoneInfo("Asia/Shanghai")
POINTS = ("公示的收费和时限与实际一致", "档案完整，签字齐全")
FOUND = "现场核对档案和公示信息，情况属实，未发现问题。"
INSPECTORS = ("sol", "sue", "sam")


def inspect(walk: Walk) -> None:
    _planned(walk)
    _drawn(walk)
    _looked_into(walk)


def _planned(walk: Walk) -> None:
    sol = walk.browser("sol")
    with walk.step("登记检查人员", "inspectors are registered"):
        for place, who in enumerate(INSPECTORS):
            page = sol.get("/supervision/inspectors/")
            if f"旅程{who}" not in page.html:
                given = {"email": f"{who}@demo.example", "badge": f"旅程{who}{walk.tag}{place}"}
                answer = sol.post("/supervision/inspectors/", given, status=None)
                expect(answer.status in {200, 422}, True, "registering an inspector")  # noqa: FBT003
    with walk.step("编制并公布抽查计划", "a plan with basis, standard and ratios is published"):
        page = sol.get("/supervision/inspections/plans/new/")
        form = page.form(having="standard")
        region = next(one for one in form.options["region"] if one == "131003")
        values: dict[str, Any] = {
            "title": f"旅程{walk.tag}土壤调查服务质量抽查",
            "basis": "《优化营商环境条例》第五十四条",
            "scope": "在本区提供土壤污染状况调查的机构",
            "region": region,
            "items": [ITEM],
            "standard": "\n".join(POINTS),
            "method": "onsite",
            "team": "2",
            **{f"ratio_{band}": "100" for band in "ABCD"},
        }
        page = sol.submit(page, form, values)
        walk.known["plan"] = page.path
        walk.browser("anyone").get(page.path, status=404)
        sol.submit(page, page.form(action="/publish/"))
        walk.browser("anyone").get(page.path).must_say(*POINTS)


def _drawn(walk: Walk) -> None:
    sol, anyone, plan = walk.browser("sol"), walk.browser("anyone"), walk.known["plan"]
    with walk.step("冻结名单，公布承诺值", "both pools are frozen, the commitment is published"):
        page = sol.get(plan)
        sol.submit(page, page.form(action="/draw/"))
        page = anyone.get(plan)
        walk.known["draw"] = page.find(r"(/inspections/draws/\d+/)record\.json")
        announced = anyone.raw(f"{walk.known['draw']}record.json").json()
        expect(announced["result"], None, "a result before the draw")
    with walk.step("任何人投入一个词，到时自动抽取", "anybody throws a word in; it draws by itself"):
        tom = walk.browser("tom")
        tom.post(f"{walk.known['draw']}words/", {"text": f"旅程{walk.tag}"})
        drawn = walk.wait(lambda: _result(anyone, walk.known["draw"]), "the draw", patience=90, every=2)
    with walk.step("下载记录，离线重算一致", "the record is downloaded and drawn again"):
        last = verify(drawn, kept=announced)[-1]
        expect(last.fault, "", f"the draw's check {last.code}")


def _result(browser: Browser, draw: str) -> dict[str, object] | None:
    record: dict[str, object] = browser.raw(f"{draw}record.json").json()
    return record if record["result"] else None


def _looked_into(walk: Walk) -> None:
    sol = walk.browser("sol")
    page = sol.get(walk.known["plan"])
    number = page.find(r"/inspections/(CC-\d{4}-\d{6})/")
    first, second = _team(walk, number)
    with walk.step("通知被查机构", "the agency is told when"):
        page = first.get(f"/inspections/{number}/")
        visit = datetime.now(LOCAL) + timedelta(minutes=3)
        values = {"visit_at": f"{visit:%Y-%m-%dT%H:%M}", "words": "请准备近半年档案。"}
        first.submit(page, page.form(action="/notify/"), values)
    with walk.step("手机上逐条记录，照片去除位置", "the record point by point, a photo without its place"):
        record = f"/supervision/inspections/{number}/record/"
        for point in range(len(POINTS)):
            _mark(first, record, point)
        page = first.get(record)
        values = {"outcome": "ok", "summary": FOUND, "ground": ""}
        first.submit(page, page.form(action="/conclude/"), values)
        walk.browser("anyone").look(f"/inspections/{number}/").must_not_say(FOUND)
    with walk.step("记录人不能公布；同组另一人公布", "who recorded cannot publish; the other one does"):
        publish = f"/supervision/inspections/{number}/publish/"
        first.post(publish, {}, status=422)
        second.post(publish, {})
        page = walk.browser("anyone").get(f"/inspections/{number}/").must_say(FOUND)
        photo = page.find(r'"(/inspections/photos/\d+/)')
        if b"SECRET-PLACE" in walk.browser("anyone").raw(photo).content:
            raise Wrong("the published photo still carries where it was taken")


def _team(walk: Walk, number: str) -> tuple[Browser, Browser]:
    """The two who were drawn: the page offers them the next step."""
    found = [walk.browser(who) for who in INSPECTORS if _may(walk.browser(who).get(f"/inspections/{number}/"))]
    if len(found) < 2:
        raise Wrong(f"{len(found)} of the inspectors may act on {number}")
    return found[0], found[1]


def _may(page: Page) -> bool:
    return any("/notify/" in form.action for form in page.forms)


def _mark(browser: Browser, record: str, point: int) -> None:
    page = browser.get(record)
    form = next(one for one in page.forms if ("point", str(point)) in one.fields)
    values = {f"p{point}-verdict": "pass", f"p{point}-words": "符合。", f"p{point}-public": "on"}
    files = {f"p{point}-photos": ("现场.jpg", papers.scan(), "image/jpeg")} if point == 0 else None
    browser.submit(page, form, values, files=files)
    time.sleep(0.1)
