"""Supervision, part 1: an overdue step earns a card; somebody complains; a case ends in a suspension that is felt in a
live room; the agency asks for a review.
"""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from portal.journey import deals
from portal.journey.acting import act, form_of, hidden_from, sign_in
from portal.journey.browser import Browser, Page, Wrong
from portal.journey.joining import ITEM
from portal.journey.rooms import Seat
from portal.journey.walk import Walk, expect

LOCAL = ZoneInfo("Asia/Shanghai")
AMOUNT = Decimal("38000.00")
CEILING = "50000.00"
SIGN_WITHIN = "20"  # seconds, for this walk
STATEMENT = "中选后签约期限已过，机构仍不确认合同，电话也不接，耽误了我们的工期，请予处理。"
FACTS = "机构中选并确认后，在签约期限内拒不确认合同，经两次催促仍未办理，委托方被迫推迟开工。"
DEFENCE = "因内部流程延误未能按期确认，愿意承担责任并立即改正，请求从轻处理。"
SUMMARY = "该机构中选后无正当理由拒不签订合同，影响委托方开工。"
REASONS = "事实清楚，证据充分，已听取陈述申辩，在公布的裁量幅度内从轻处理。"
SANCTION = {"measure": "suspension", "days": "90"}


def supervise(walk: Walk) -> None:
    sign_in(walk)
    with _short_signing(walk):
        _overdue(walk)
    _complaint(walk)
    _case(walk)
    _felt(walk)
    _review(walk)


@contextmanager
def _short_signing(walk: Walk) -> Iterator[None]:
    """The operator shortens the limit for signing, and puts it back whatever happens."""
    with walk.step("运营机构公布新版签约期限", "the operator publishes a shorter limit for signing"):
        before = _new_limit(walk.browser("olga"), {"sign.n": SIGN_WITHIN, "sign.unit": "seconds"}, walk.tag)
    try:
        yield
    finally:
        _new_limit(walk.browser("olga"), before, walk.tag)


def _new_limit(olga: Browser, changes: dict[str, str], tag: str) -> dict[str, str]:
    """A new version of the rules about contracts from two seconds on; what the changed rows said before."""
    page = olga.get("/operator/rules/contracts/new/")
    form, before, values = page.form(having="effective_from"), dict[str, str](), dict[str, str]()
    held = dict(form.fields)
    for path, value in changes.items():
        field = page.find(rf'for="id_(row-\d+)"><code>{path.replace(".", "[.]")}</code>')
        before[path], values[field] = held[field], value
    start = datetime.now(LOCAL) + timedelta(seconds=2)
    values |= {"effective_from": f"{start:%Y-%m-%dT%H:%M:%S}", "note": f"旅程{tag}：临时调整签约期限"}
    olga.submit(page, form, values)
    time.sleep(2.5)
    return before


def _overdue(walk: Walk) -> None:
    bea, ana = walk.browser("bea"), walk.browser("ana")
    with walk.step("企业直接选定机构，机构确认后不签合同", "an agency wins, confirms, and does not sign"):
        title = walk.known["late title"] = f"旅程{walk.tag}逾期签约"
        page = deals.begin(bea, title, ITEM)
        need = deals.publish(bea, page, {"ceiling": str(AMOUNT)}, "direct")
        page = bea.get(f"/needs/{need}/choose/")
        values = {"agency": walk.known["ana.pk"], "amount": str(AMOUNT), "reason": "熟悉现场"}
        bea.submit(page, page.form(having="reason"), values)
        page = walk.wait(lambda: _with(bea.get(f"/needs/{need}/"), "/awards/"), "the award", patience=30)
        page = ana.get(f"/awards/{page.find(r'/awards/([0-9]+)/')}/")
        page = ana.submit(page, page.form(action="/confirm/"))
        contract = walk.known["late contract"] = page.find(r"/contracts/([0-9]+)/")
        page = bea.get(f"/contracts/{contract}/draft/")
        rows = {"milestone_title": ["全部成果"], "milestone_amount": [str(AMOUNT)], "milestone_days": ["30"]}
        bea.submit(page, page.form(having="terms"), {**rows, "confirm": "1"})
    with walk.step("期限一过，红牌自动亮出", "the limit passes and the red card comes by itself"):
        sol = walk.browser("sol")
        walk.wait(lambda: _red(sol, title), "the red card", patience=150, every=3)
        walk.wait(lambda: _carded(ana, title), "the card on the agency's own page", patience=90)
        ana.get("/inbox/")


def _red(browser: Browser, title: str) -> bool:
    page = browser.get(f"/desk/?kind=card&q={title}")
    return title in page.html and "红牌" in page.html


def _carded(browser: Browser, title: str) -> bool:
    page = browser.get("/agency/held/")
    return title in page.html and "warning-card is-red" in page.html


def _with(page: Page, text: str) -> Page | None:
    return page if text in page.html else None


def _complaint(walk: Walk) -> None:
    anyone, sol, ana = walk.browser("anyone"), walk.browser("sol"), walk.browser("ana")
    with walk.step("不登录、不具名投诉，得到编号和查询码", "an unnamed complaint gets a number and a secret"):
        page = anyone.get(f"/complaints/new/?about=contract:{walk.known['late contract']}")
        typed = {"statement": STATEMENT, "name": f"证人{walk.tag}", "phone": "0316-2000000"}
        anyone.submit(page, page.form(having="statement"), {**typed, "statement": "太短"}, status=422).must_say("太短")
        page = anyone.submit(page, page.form(having="statement"), typed)
        number = walk.known["complaint"] = page.find(r"(TS-\d{4}-\d{6})")
        walk.known["secret"] = page.find(r"([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})")
    with walk.step("换一台设备凭编号和查询码跟进", "followed up elsewhere with number and secret"):
        other = walk.browser("elsewhere")
        page = other.get("/complaints/")
        wrong = {"number": number, "secret": "AAAA-AAAA-AAAA-AAAA"}
        other.submit(page, page.form(having="secret"), wrong, status=422)
        page = other.submit(page, page.form(having="secret"), {**wrong, "secret": walk.known["secret"]})
        page.must_say(number)
    path, told = f"/supervision/complaints/{number}/", f"/cases/complaints/{number}/"
    with walk.step("受理、通知，谁也看不到投诉人", "accepted and passed on; nobody sees who complained"):
        sol.get(f"/desk/?kind=complaint&q={number}").must_say("投诉受理", path)
        ana.get(told, status=404)
        act(sol, path, "accept")
        act(sol, path, "notify", {"text": "投诉称贵机构中选后不签合同，请在期限内说明并提供证据。"})
        for browser, place in ((sol, path), (ana, told)):
            browser.get(place).must_not_say(f"证人{walk.tag}", "0316-2000000")
    with walk.step("被投诉方答复，监管部门写明理由作出处理", "the other side replies; a decision with reasons"):
        act(ana, told, "reply", {"text": "确因内部流程延误未按期确认合同，愿意改正。"})
        act(sol, path, "decide", {"outcome": "upheld", "text": "合同期限届满未确认，机构亦承认，投诉属实。"})
        anyone.get(f"/complaints/{number}/").must_say("投诉属实")


def _case(walk: Walk) -> None:
    sol, sue, ana = walk.browser("sol"), walk.browser("sue"), walk.browser("ana")
    complaint = f"/supervision/complaints/{walk.known['complaint']}/"
    with walk.step("由投诉立案，按裁量基准告知", "a case grows from it; notice within the published scale"):
        page = act(sol, complaint, "open_case", {"ground": "refused_contract", "text": FACTS})
        number = walk.known["case"] = page.find(r"(CF-\d{4}-\d{6})")
        path, own = f"/supervision/cases/{number}/", f"/cases/{number}/"
        off = {**SANCTION, "days": "3000", "text": FACTS}
        act(sol, path, "notice", off, status=422)
        act(sol, path, "notice", {**SANCTION, "text": FACTS})
        walk.browser("anyone").get(f"/decisions/{number}/", status=404)
    with walk.step("未听取申辩不能决定；当事人申辩", "no decision before the defence; the agency defends itself"):
        hidden_from(sue, path, "decide")
        act(ana, own, "defend", {"text": DEFENCE})
        sue.get(path).must_say(DEFENCE)
    with walk.step("立案人不能参与决定", "who reported it decides nothing"):
        act(sol, path, "propose", {**SANCTION, "text": REASONS}, status=422)
    with walk.step("第一人提出暂停建议，不能自己批准", "one proposes a suspension and cannot approve it"):
        act(sue, path, "propose", {**SANCTION, "text": REASONS})
        act(sue, path, "decide", {**SANCTION, "text": REASONS}, status=422)


def _felt(walk: Walk) -> None:
    with walk.step("当事机构正在一场竞价中领先", "meanwhile the agency leads in a live auction"):
        room = _room(walk)
    path, number = f"/supervision/cases/{walk.known['case']}/", walk.known["case"]
    with ExitStack() as sockets:
        ana, tom = (Seat(sockets.enter_context(walk.browser(who).socket(f"/ws{room}"))) for who in ("ana", "tom"))
        _wait_for(ana.hello["snapshot"]["starts_at"])
        expect(tom.bid(CEILING)["type"], "receipt", "the first bid")
        expect(ana.bid("45000.00")["type"], "receipt", "the leading bid")
        with walk.step("第二人决定，公布即执行", "the second person decides; published is in force"):
            act(walk.browser("olga"), path, "decide", {**SANCTION, "text": REASONS})
            act(walk.browser("sol"), path, "publish", {"text": SUMMARY})
            walk.browser("anyone").get(f"/decisions/{number}/").must_say(SUMMARY, REASONS, "听取了当事人的意见")
        with walk.step("已打开的竞价室立即拒绝新报价", "the open socket refuses its next bid at once"):
            frame = ana.bid("44000.00")
            expect((frame["type"], frame.get("code")), ("refused", "entry.restricted"), "a bid while suspended")
            walk.browser("ana").get(f"/agencies/{walk.known['ana.pk']}/").must_say("已暂停")
        with walk.step("已有报价留在记录，中选依次递补", "its earlier bid stays in the log and is passed over"):
            awarded = tom.event("awarded", patience=240)
            expect(awarded["by"], tom.hello["you"]["pseudonym"], "who is awarded")
            record = walk.browser("anyone").raw(f"/competitions/{room.strip('/').rpartition('/')[2]}/record/").json()
            if "45000.00" not in json.dumps(record):
                raise Wrong("the suspended agency's bid is missing from the record")


def _room(walk: Walk) -> str:
    """A need whose auction runs for two minutes, entered by both; the room's path."""
    bea = walk.browser("bea")
    page = deals.begin(bea, f"旅程{walk.tag}处罚期间竞价", ITEM)
    page = deals.advance(bea, page, {"ceiling": CEILING}, "method")
    page = deals.advance(bea, page, {"method": "live_auction"}, "schedule")
    values = {"closing": "earliest", "auction_minutes": "2", "delivery_days": "30"}
    page = deals.advance(bea, page, values, "check")
    page = bea.submit(page, page.form(action="/publish/"))
    need = page.find(r"/needs/(\d+)/")
    page = walk.wait(lambda: _with(bea.get(f"/needs/{need}/"), "/competitions/"), "the competition", patience=30)
    room = f"/competitions/{page.find(r'/competitions/([0-9]+)/')}/"
    for who in ("ana", "tom"):
        page = walk.browser(who).get(room)
        walk.browser(who).submit(page, page.form(action="/enter/")).must_say("报名成功")
    return room


def _wait_for(moment: str) -> None:
    left = (datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds()
    time.sleep(max(left, 0) + 0.3)


def _review(walk: Walk) -> None:
    ana, path = walk.browser("ana"), f"/supervision/cases/{walk.known['case']}/"
    profile = f"/agencies/{walk.known['ana.pk']}/"
    with walk.step("申请复核，措施暂停执行", "a review is asked for; meanwhile the measure is stayed"):
        act(ana, f"/cases/{walk.known['case']}/", "review", {"text": "处理过重，且已主动改正，请求复核。"})
        walk.browser("tom").get(profile).must_not_say("已暂停")
    with walk.step("原决定人不能复核；另一人维持", "whoever decided cannot review; another officer upholds"):
        verdict = {"outcome": "upheld", "text": "原决定事实清楚，幅度适当，予以维持。"}
        act(walk.browser("sue"), path, "review", verdict, status=422)
        act(walk.browser("sam"), path, "review", verdict)
        walk.browser("tom").get(profile).must_say("已暂停")
        if form_of(walk.browser("sol").get(path), "correct"):
            act(walk.browser("sol"), path, "correct", {"text": f"更正：补充公布机构登记地址（旅程{walk.tag}）。"})
        walk.browser("anyone").get(f"/decisions/{walk.known['case']}/").must_say(SUMMARY, f"旅程{walk.tag}")
