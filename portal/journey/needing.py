"""Part 2: a need is written step by step, published, asked about; agencies enter, one may not."""

import time

from portal.journey.browser import Browser, Page
from portal.journey.joining import ITEM
from portal.journey.walk import Walk, expect

CEILING = "50000.00"
SCOPE = (
    "完成老厂区地块第一阶段土壤污染状况调查：资料收集、现场踏勘、人员访谈，"
    "编制调查报告送审稿，按评审意见修改，提交纸质版 6 份和电子版 1 份。"
)


def need(walk: Walk) -> None:
    bea = walk.browser("bea")
    title = walk.known["title"] = f"旅程{walk.tag}老厂区地块土壤污染状况调查"
    with walk.step("开始填写需求，选事项", "a need is begun, its item chosen"):
        page = bea.get("/needs/new/")
        page = bea.submit(page, page.form(action="/needs/new/"))
        page = _next(bea, page, {"item": ITEM}, "scope")
    with walk.step("内容太短：拒绝且不丢内容", "a scope too short is refused, nothing typed is lost"):
        typed = {"title": title, "scope": "太短。", "place": "和平路"}
        page = bea.submit(page, page.form(having="scope"), {**typed, "go": "next"}, status=422)
        page.must_say(title, "太短。")
        again = bea.get(page.path)
        again.must_say("太短。")
        page = _next(bea, again, {"title": title, "scope": SCOPE, "place": "和平路"}, "money")
    with walk.step("限价写法不对：拒绝；改正后继续", "amounts that are no amounts are refused"):
        for amount in ("1e5", "-5", "５００００", "50000.001", "NaN"):
            page = bea.submit(page, page.form(having="ceiling"), {"ceiling": amount, "go": "next"}, status=422)
        page = _next(bea, page, {"ceiling": CEILING}, "method")
        page = _next(bea, page, {"method": "live_auction"}, "schedule")
        minutes = min(page.form(having="auction_minutes").options["auction_minutes"], key=int)
        page = _next(bea, page, {"closing": "earliest", "auction_minutes": minutes, "delivery_days": "30"}, "check")
    with walk.step("部门只能选竞争方式", "a department finds competitive methods only"):
        _department(walk)
    with walk.step("发布需求，公众可见", "the need is published for everybody"):
        page = bea.submit(page, page.form(action="/publish/"))
        walk.known["need"] = page.find(r"/needs/(\d+)/")
        page = _competition(walk)
    _questions(walk)
    _entries(walk)


def _next(browser: Browser, page: Page, values: dict[str, str], step: str) -> Page:
    first = next(iter(values))
    page = browser.submit(page, page.form(having=first), {**values, "go": "next"})
    expect(page.path.rstrip("/").rpartition("/")[2], step, "the next step of the form")
    return page


def _department(walk: Walk) -> None:
    dan = walk.browser("dan")
    page = dan.get("/account/login/")
    dan.post("/demo/sign-in/", {"email": "dan@demo.example"})
    page = dan.get("/needs/new/")
    page = dan.submit(page, page.form(action="/needs/new/"))
    draft = page.path.rpartition("/edit/")[0]
    page = dan.get(f"{draft}/edit/method/")
    form = page.form(having="method")
    expect(sorted(form.options["method"]), ["live_auction", "random_draw"], "methods of a department")
    dan.submit(page, form, {"method": "direct", "go": "next"}, status=422)
    check = dan.get(f"{draft}/edit/check/")
    dan.submit(check, check.form(action="/discard/"))


def _competition(walk: Walk) -> Page:
    """The need's page for a stranger, once its competition is open."""
    anyone, path = walk.browser("anyone"), f"/needs/{walk.known['need']}/"

    def ready() -> Page | None:
        page = anyone.get(path).must_say(walk.known["title"])
        return page if "/competitions/" in page.html else None

    page: Page = walk.wait(ready, "the competition of the need", patience=20)
    walk.known["competition"] = page.find(r"/competitions/(\d+)/")
    walk.known["opened"] = time.monotonic()
    return page


def _questions(walk: Walk) -> None:
    ana, bea, path = walk.browser("ana"), walk.browser("bea"), f"/needs/{walk.known['need']}/"
    with walk.step("机构提问，答复人人可见", "an agency asks, everybody sees the answer"):
        page = ana.get(path)
        ana.submit(page, page.form(action="/ask/"), {"text": "最高限价是否包含专家评审费？"})
        page = bea.get(path).must_say("最高限价是否包含专家评审费？")
        bea.submit(page, page.form(action="/questions/"), {"text": "包含，不再另行支付。"})
        public = walk.browser("anyone").get(path)
        public.must_say("包含，不再另行支付。").must_not_say(walk.known["ana.name"])


def _entries(walk: Walk) -> None:
    room = f"/competitions/{walk.known['competition']}/"
    with walk.step("符合条件的机构一键报名", "eligible agencies enter with one click"):
        for who in ("ana", "tom"):
            page = walk.browser(who).get(room)
            page = walk.browser(who).submit(page, page.form(action="/enter/"))
            page.must_say("报名成功")
    with walk.step("不符合的看到原因与出路", "the one that may not enter is told why"):
        cat = walk.browser("cat")
        cat.get(room).must_say("现在不能报名", "没有公布")
        cat.post(f"{room}enter/", {}, status=403).must_say("没有公布")
        walk.browser("bea").post(f"{room}enter/", {}, status=403)
