"""Supervision, part 2: the case leads to the platform's list, departments answer, the agency repairs and is free."""

import re
import time

from portal.journey.acting import act, hidden_from
from portal.journey.browser import Browser
from portal.journey.walk import Walk, expect

GROUND = "中选后拒不签订合同，情节严重"
BASIS = "《政府采购法》第七十七条；《河北省社会信用信息条例》第二十八条"
REASONS = "事实清楚，已听取申辩，符合列入条件，决定列入并公布。"
MENDED = "已签订承诺并完成整改：建立合同确认值守制度，附制度文本和培训记录。"
MEASURE = "列入期间不邀请参加本部门委托的技术服务采购"


def blacklist(walk: Walk) -> None:
    _listed(walk)
    _shared(walk)
    _repaired(walk)


def _listed(walk: Walk) -> None:
    sol, sue, ana, anyone = (walk.browser(who) for who in ("sol", "sue", "ana", "anyone"))
    with walk.step("按裁量基准提出列入黑名单", "a listing is proposed where the scale marks ground and measure"):
        page = sol.get(f"/supervision/listings/new/?q={walk.known['case']}").must_say(
            "可以提出列入", walk.known["case"]
        )
        page = sol.get(f"/supervision/listings/new/?case={walk.known['case']}").must_say("3 至 12 个月")
        values = {"ground": GROUND, "legal_basis": BASIS, "months": "24"}
        sol.submit(page, page.form(having="legal_basis"), values, status=422).must_say("3 至 12 个月")
        page = sol.submit(page, page.form(having="legal_basis"), {**values, "months": "12"})
        number = walk.known["listing"] = page.find(r"(BL-\d{4}-\d{6})")
        anyone.get(f"/blacklist/{number}/", status=404)
    path, own = f"/supervision/listings/{number}/", f"/agency/listings/{number}/"
    with walk.step("告知、申辩", "notice and defence"):
        act(sol, path, "notice", {"text": "拟列入的事实和依据如下，可以在期限内陈述申辩。"})
        page = ana.get(own)
        form = page.form(having="text")
        ana.submit(page, form, {"text": "已经改正，请求不予列入。", "do": "defend"})
        walk.browser("tom").get(own, status=404)
    with walk.step(
        "提出人和其他人员不能批准；负责人批准并公布", "neither proposer nor colleague approves; the head does"
    ):
        for who in ("sol", "sam"):
            hidden_from(walk.browser(who), path, "approve")
        act(sue, path, "approve", {"text": REASONS})
        anyone.get(f"/blacklist/{number}/").must_say(walk.known["ana.name"], GROUND, BASIS)
        anyone.get(f"/blacklist/?q={walk.known['ana.name']}").must_say(walk.known["ana.name"])


def _shared(walk: Walk) -> None:
    dan, number = walk.browser("dan"), walk.known["listing"]
    with walk.step("部门签收并反馈措施", "a department acknowledges it and says what it does"):
        page = dan.get("/department/lists/").must_say(number)
        share = _share(page.html, number)
        page = dan.submit(page, page.form(action=f"/lists/{share}/receive/"))
        form = page.form(action=f"/lists/{share}/measure/")
        values = {f"m{share}-text": MEASURE, f"m{share}-legal_basis": BASIS, f"m{share}-until": "2099-01-01"}
        dan.submit(page, form, values)
        walk.browser("sol").get(f"/supervision/listings/{number}/").must_say(MEASURE)


def _share(html: str, number: str) -> str:
    """The newest share of a listing: the first form after its number."""
    found = re.search(r"/department/lists/(\d+)/(?:receive|measure)/", html[html.index(number) :])
    return found.group(1) if found else ""


def _repaired(walk: Walk) -> None:
    ana, sol, sam = walk.browser("ana"), walk.browser("sol"), walk.browser("sam")
    with walk.step("公示期未满不能修复；期满提交整改证明", "too early is refused; then proof and a promise"):
        time.sleep(11)
        numbers = _apply(ana)
        expect(len(numbers), 2, "things to repair: the listing and the measure")
    with walk.step("提出人不能审查；另一人准予修复", "who brought it up cannot judge; another officer grants"):
        for number in numbers:
            act(sol, f"/supervision/repairs/{number}/", "accept", {}, status=422)
            act(sam, f"/supervision/repairs/{number}/", "accept", {})
            act(sam, f"/supervision/repairs/{number}/", "grant", {"text": "整改属实，符合修复条件，准予修复。"})
    with walk.step("同一时刻移出名单、解除措施", "delisted and lifted the same moment, everywhere"):
        anyone, number = walk.browser("anyone"), walk.known["listing"]
        anyone.get(f"/blacklist/{number}/").must_say("已移出")
        profile = anyone.get(f"/agencies/{walk.known['ana.pk']}/")
        profile.must_not_say("已暂停")
        walk.browser("dan").get("/department/lists/").must_say("移出")
        ana.get("/agency/held/").must_say("准予修复")
        hidden_from(sol, f"/supervision/listings/{number}/", "approve")


def _apply(ana: Browser) -> list[str]:
    """Ask for a repair of everything that weighs on the agency; the numbers of the applications."""
    page = ana.get("/agency/repairs/")
    links = sorted(set(re.findall(r"/agency/repairs/new/[a-z]+/\d+/", page.html)))
    for link in links:
        form_page = ana.get(link)
        form = form_page.form(having="commitment")
        ana.submit(form_page, form, {"text": MENDED, "commitment": ""}, status=422)
        ana.submit(form_page, form, {"text": MENDED, "commitment": "on"})
    return sorted(set(re.findall(r"(XF-\d{4}-\d{6})", ana.get("/agency/repairs/").html)))
