"""Part 4: award, contract, delivery, rating, credit file."""

import csv
import io
import re
from decimal import Decimal

from portal.journey import papers
from portal.journey.browser import Page, Wrong
from portal.journey.walk import Walk, expect

PRAISE, THANKS = "成果扎实，修改及时，旅程满意。", "资料齐全，验收及时，旅程感谢。"
DIMENSIONS = ("quality", "timeliness", "attitude", "fees", "compliance")


def work(walk: Walk) -> None:
    _award(walk)
    _contract(walk)
    _delivery(walk)
    _ratings(walk)
    _credit(walk)


def _award(walk: Walk) -> None:
    anyone, ana = walk.browser("anyone"), walk.browser("ana")
    with walk.step("中选公告：编号、二维码、PDF", "the award notice has a number, a QR code and a PDF"):
        page = anyone.get(f"/competitions/{walk.known['competition']}/")
        walk.known["award"] = page.find(r"/awards/(\d+)/")
        page = anyone.get(_award_path(walk)).must_say(walk.known["ana.name"], "<svg")
        number = page.find(r"(ZX-\d{4}-\d{6})")
        _pdf(anyone.raw(f"{_award_path(walk)}letter.pdf").content)
        anyone.get(f"/papers/{number}/").must_say(number)
        _pdf(anyone.raw(f"/papers/{number}.pdf").content)
    with walk.step("他人不能确认；中选机构确认", "only the winner can confirm, and does"):
        walk.browser("tom").get(_award_path(walk))
        walk.browser("tom").post(f"{_award_path(walk)}confirm/", {}, status=403)
        page = ana.get(_award_path(walk))
        page = ana.submit(page, page.form(action="/confirm/"))
        walk.known["contract"] = page.find(r"/contracts/(\d+)/")


def _award_path(walk: Walk) -> str:
    return f"/awards/{walk.known['award']}/"


def _contract_path(walk: Walk) -> str:
    return f"/contracts/{walk.known['contract']}/"


def _pdf(content: bytes) -> None:
    expect(content[:4], b"%PDF", "the beginning of a PDF")


def _contract(walk: Walk) -> None:
    bea, ana, path = walk.browser("bea"), walk.browser("ana"), _contract_path(walk)
    with walk.step("委托方拟定两个阶段；合计不符被拒", "two milestones; sums that do not fit are refused"):
        page = bea.get(f"{path}draft/")
        total = Decimal(walk.known["amount"])
        first = (total * Decimal("0.4")).quantize(Decimal("1"))
        rows = {"milestone_title": ["提交送审稿", "提交报批稿"], "milestone_days": ["10", "30"], "confirm": "1"}
        wrong = {**rows, "milestone_amount": [str(first), str(total)]}
        form = page.form(having="terms")
        bea.submit(page, form, wrong, status=422).must_say("提交送审稿", "相差")
        page = bea.submit(page, form, {**rows, "milestone_amount": [str(first), str(total - first)]})
        expect(page.path, path, "where the draft ends")
    with walk.step("外人看不到合同", "outsiders cannot read it"):
        walk.browser("tom").get(path, status=403)
    with walk.step("机构确认，公示期满自动签订", "the agency confirms; signed once publicity is over"):
        page = ana.get(path)
        ana.submit(page, page.form(action="/confirm/"))
        walk.wait(lambda: "/deliver/" in ana.get(path).html, "the signature", patience=90, every=2)
        _pdf(bea.raw(f"{path}contract.pdf").content)


def _delivery(walk: Walk) -> None:
    path, bea = _contract_path(walk), walk.browser("bea")
    with walk.step("提交第一阶段成果", "the first result is handed in"):
        _deliver(walk, "送审稿")
    with walk.step("一次列明问题退回整改", "it is returned once with a list of defects"):
        page = bea.get(path)
        page = bea.submit(page, page.form(action="/return/"), {"defects": "缺少监测点位图\n附件 3 单位有误"})
        page.must_say("缺少监测点位图", "附件 3 单位有误")
        walk.browser("ana").get(path).must_say("缺少监测点位图")
    with walk.step("整改后重新提交并验收", "handed in again and accepted"):
        _deliver(walk, "送审稿修改版")
        page = bea.get(path)
        if any("/return/" in form.action for form in page.forms):
            raise Wrong("a result may be returned a second time")
        file = page.find(r'"(/deliverables/\d+/file/)')
        walk.browser("tom").raw(file, status=403)
        bea.submit(page, page.form(action="/accept/"))
    with walk.step("第二阶段提交并验收，合同完成", "the second is accepted; the contract is done"):
        _deliver(walk, "报批稿")
        page = bea.get(path)
        bea.submit(page, page.form(action="/accept/"))
        ready = f"{path}rate/"
        walk.wait(lambda: _may_rate(bea.look(ready)), "the rating window", patience=30)


def _may_rate(page: Page) -> bool:
    return any("quality" in form.names() for form in page.forms)


def _deliver(walk: Walk, words: str) -> None:
    ana, path = walk.browser("ana"), _contract_path(walk)
    page = ana.get(path)
    upload = {"file": (f"{words}.pdf", papers.result(words), "application/pdf")}
    page = ana.submit(page, page.form(action="/deliver/"), {"note": words}, files=upload)
    page.must_say(f"{words}.pdf", "SHA-256")


def _ratings(walk: Walk) -> None:
    bea, ana, path = walk.browser("bea"), walk.browser("ana"), f"{_contract_path(walk)}rate/"
    with walk.step("委托方评价，对方看不到", "the buyer rates; the other side sees nothing"):
        page = bea.get(path)
        bea.submit(page, page.form(having="quality"), {**dict.fromkeys(DIMENSIONS, "5"), "text": PRAISE})
        ana.get(path).must_not_say(PRAISE)
        for address in (f"/needs/{walk.known['need']}/", _credit_path(walk)):
            walk.browser("anyone").get(address).must_not_say(PRAISE)
    with walk.step("机构评价，双方同时公开", "the agency rates; both are revealed"):
        page = ana.get(path)
        ana.submit(page, page.form(having="quality"), {**dict.fromkeys(DIMENSIONS, "4"), "text": THANKS})
        for browser in (ana, bea):
            browser.get(path).must_say(PRAISE, THANKS)


def _credit_path(walk: Walk) -> str:
    return f"/agencies/{walk.known['ana.pk']}/credit/"


def _credit(walk: Walk) -> None:
    anyone, path = walk.browser("anyone"), _credit_path(walk)
    with walk.step("诚信档案逐行有来源，相加等于总分", "the credit file's rows add up to its score"):
        page = walk.wait(lambda: _rated(anyone.get(path)), "the rating in the credit file", patience=30)
        page.must_say(walk.known["title"])
        _adds_up(page, anyone.raw(f"{path}export.csv").content.decode("utf-8-sig"))


def _rated(page: Page) -> Page | None:
    return page if PRAISE in page.html else None


def _adds_up(page: Page, exported: str) -> None:
    """The rows of the export add up to the score on the page."""
    rows = list(csv.reader(io.StringIO(exported)))
    total = Decimal(page.find(r'class="score-total">([\d.]+)<'))
    counted = rows[0].index("计入")
    amounts = [Decimal(row[counted]) for row in rows[1:] if re.fullmatch(r"[+-]?[\d.]+", row[counted])]
    expect(sum(amounts, Decimal(0)), total, "the sum of the rows")
