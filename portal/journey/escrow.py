"""Money, way 2: an enterprise pays through escrow; part is released, the rest disputed, settled and refunded."""

import random
import re
from decimal import Decimal

from portal.journey import deals
from portal.journey.browser import Page
from portal.journey.joining import ITEM
from portal.journey.treasury import _has
from portal.journey.walk import Walk, expect

AMOUNT, FIRST = Decimal("40000.00"), Decimal("15000.00")
PARTLY, TO_SUPPLIER = Decimal("5000.00"), Decimal("8000.00")
POOR, SECURE = "4000000000009995", "4000002760003184"
PATIENCE = 60


def entrust(walk: Walk) -> None:
    for who in ("olga",):
        walk.browser(who).get("/account/login/")
        walk.browser(who).post("/demo/sign-in/", {"email": f"{who}@demo.example"})
    _contract(walk)
    _onboard(walk)
    _fund(walk)
    _release(walk)
    _dispute(walk)
    _webhooks(walk)
    _reconcile(walk)
    _papers(walk)


def _contract(walk: Walk) -> None:
    bea, ana = walk.browser("bea"), walk.browser("ana")
    with walk.step("企业直接选取，签订两阶段合同", "an enterprise picks an agency; a contract of two milestones"):
        page = deals.begin(bea, f"旅程{walk.tag}企业委托调查", ITEM)
        need = deals.publish(bea, page, {"ceiling": str(AMOUNT)}, "direct")
        page = bea.get(f"/needs/{need}/choose/")
        values = {"agency": walk.known["ana.pk"], "amount": str(AMOUNT), "reason": "熟悉现场"}
        page = bea.submit(page, page.form(having="reason"), values)
        page = walk.wait(lambda: _has(bea.get(f"/needs/{need}/"), "/awards/"), "the award", patience=30)
        award = f"/awards/{page.find(r'/awards/([0-9]+)/')}/"
        page = ana.get(award)
        page = ana.submit(page, page.form(action="/confirm/"))
        path = walk.known["escrow contract"] = f"/contracts/{page.find(r'/contracts/([0-9]+)/')}/"
        deals.sign(walk, path, "bea", "ana", [("初稿", FIRST), ("终稿", AMOUNT - FIRST)])


def _onboard(walk: Walk) -> None:
    ana = walk.browser("ana")
    with walk.step("机构开通收款账户", "the agency opens its payout account"):
        page = ana.get("/money/payouts/")
        page = ana.submit(page, page.form(action="/payouts/open/"))
        ana.submit(page, page.form(having="complete"), {"complete": "yes"}).must_say("已经开通")


def _fund(walk: Walk) -> None:
    bea = walk.browser("bea")
    with walk.step("付款：余额不足被拒，身份验证后到账", "declined, then paid after 3-D Secure"):
        page = bea.get(walk.known["escrow contract"])
        page = bea.submit(page, page.form(action="/fund/"))
        card = {"method": "card", "number": POOR}
        page = bea.submit(page, page.form(having="method"), card).must_say("余额不足")
        page = bea.submit(page, page.form(having="method"), {**card, "number": SECURE})
        page = bea.submit(page, page.form(action="authenticate/"), {"passed": "yes"})
        page = bea.get(walk.known["escrow contract"])
        walk.known["escrow"] = f"/money/escrows/{page.find(r'/money/escrows/([0-9]+)/')}/"
    with walk.step("资金已托管，双方可见", "the money is held; both see it"):
        for who in ("bea", "ana"):
            walk.wait(lambda who=who: _says(walk, who, "已托管"), "the money", patience=PATIENCE)  # type: ignore[misc]
        walk.browser("tom").get(walk.known["escrow"], status=403)


def _says(walk: Walk, who: str, *texts: str) -> Page | None:
    page = walk.browser(who).get(walk.known["escrow"])
    return page if all(text in page.words for text in texts) else None


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f} 元"


def _release(walk: Walk) -> None:
    bea = walk.browser("bea")
    with walk.step("验收第一阶段，自动放款到机构", "the first milestone is accepted and released"):
        deals.finish(walk, walk.known["escrow contract"], "bea", "ana", "初稿")
        walk.wait(lambda: _says(walk, "bea", "已划到服务机构", _money(FIRST)), "the release", patience=PATIENCE)
    with walk.step("第二阶段提前放款一部分", "part of the second is released early"):
        page = bea.get(walk.known["escrow"])
        bea.submit(page, page.form(action=r"/parts/\d+/release/"), {"amount": str(PARTLY)})
        walk.wait(lambda: _says(walk, "bea", _money(FIRST + PARTLY)), "the partial release", patience=PATIENCE)


def _dispute(walk: Walk) -> None:
    bea, ana, path = walk.browser("bea"), walk.browser("ana"), walk.known["escrow"]
    with walk.step("提出争议，资金冻结", "a dispute freezes what is left"):
        page = bea.get(path)
        bea.submit(page, page.form(action="/stop/"), {"reason": "第二阶段范围有出入"}).must_say("争议冻结")
    with walk.step("双方同意方案：部分付给机构，其余退款", "they agree: part to the agency, the rest back"):
        page = ana.get(path)
        ana.submit(page, page.form(action="/propose/"), {"to_supplier": str(TO_SUPPLIER), "reason": "按已完成部分结算"})
        page = bea.get(path)
        bea.submit(page, page.form(action="/answer/"), {"accepted": "yes"})
        back = AMOUNT - FIRST - PARTLY - TO_SUPPLIER
        walk.wait(lambda: _says(walk, "bea", "已结清", _money(back)), "the refund", patience=PATIENCE)


def _webhooks(walk: Walk) -> None:
    olga = walk.browser("olga")
    with walk.step("通知乱序重放，账目不变", "webhooks replayed in any order change nothing"):
        before = _amounts(olga.get(walk.known["escrow"]))
        ids = sorted(set(re.findall(r"/money/provider/events/(\d+)/", olga.get("/money/provider/").html)))
        random.Random(walk.tag).shuffle(ids)  # noqa: S311 - an order, no secret
        for number in ids:
            olga.post(f"/money/provider/events/{number}/replay/", {})
        last = f"/money/provider/events/{ids[-1]}/"
        walk.wait(lambda: _has(olga.get(last), "state-good") or _has(olga.get(last), "state-neutral"), "the replay")
        expect(_amounts(olga.get(walk.known["escrow"])), before, "the escrow's money")


def _amounts(page: Page) -> list[str]:
    return re.findall(r"<dd>([\d,.]+ 元)", page.html)


def _reconcile(walk: Walk) -> None:
    olga = walk.browser("olga")
    with walk.step("与支付平台对账，没有差异", "reconciliation finds no difference"):
        page = olga.get("/money/provider/")
        olga.submit(page, page.form(action="/provider/reconcile/")).must_say("没有差异")
    with walk.step("全部单位借贷平衡", "over all organisations debits equal credits"):
        olga.get("/money/books/").must_say("借贷平衡")


def _papers(walk: Walk) -> None:
    bea, ana, path = walk.browser("bea"), walk.browser("ana"), walk.known["escrow contract"]
    with walk.step("开具请款单，金额大写", "an invoice with its amount in Chinese capitals"):
        page = ana.get(path)
        page = ana.submit(page, page.form(action="/invoice/"), {"tax": ""}).must_say("壹万伍仟元整")
        expect(ana.raw(f"{page.path}paper.pdf").content[:4], b"%PDF", "the beginning of an invoice")
        bea.get(page.path).must_say("QK-")
        walk.browser("tom").get(page.path, status=403)
    with walk.step("托管、放款、退款各有收据", "receipts for escrow, releases and the refund"):
        for kind, count in (("held", 1), ("paid", 3), ("refunded", 1)):
            walk.wait(lambda kind=kind, count=count: _count(bea, kind) == count, f"{count} × {kind}", patience=PATIENCE)  # type: ignore[misc]


def _count(browser: object, kind: str) -> int:
    page: Page = browser.get(f"/money/papers/?kind={kind}")  # type: ignore[attr-defined]
    return len(set(re.findall(r"SJ-\d{4}-\d{6}", page.html)))
