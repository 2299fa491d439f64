"""Money, way 1: a department pays from its budget, by two people, through the treasury."""

import csv
import io
import re
from decimal import Decimal

from portal.journey import deals
from portal.journey.browser import Page, Wrong
from portal.journey.walk import Walk, expect

ITEM = "02013"  # a department pays for it; no licence needed
GRANTED, CEILING = Decimal("60000.00"), Decimal("48000.00")
MAKER, CHECKER = "dan", "fay"
AGENCIES = ("ana", "tom", "cat")
RETURNED = ("batch_number", "position", "order_number", "amount", "result", "reason", "treasury_reference")
REASON = "账号与户名不符"


def spend(walk: Walk) -> None:
    for who in (MAKER, CHECKER):
        walk.browser(who).get("/account/login/")
        walk.browser(who).post("/demo/sign-in/", {"email": f"{who}@demo.example"})
    for who in AGENCIES:
        deals.offer(walk.browser(who), ITEM)
    _line(walk)
    _need(walk)
    _award(walk)
    _work(walk)
    _orders(walk)
    _batch(walk)
    _again(walk)
    _books(walk)


def _line(walk: Walk) -> None:
    dan = walk.browser(MAKER)
    with walk.step("登记预算指标，没有文号不行", "a budget line is opened, not without a document"):
        page = dan.get("/money/budget/new/")
        values = {"code": f"99-{walk.tag}", "name": f"旅程评审费{walk.tag}", "amount": str(GRANTED), "document": ""}
        page = dan.submit(page, page.form(having="document"), values, status=422)
        page = dan.submit(page, page.form(having="document"), {**values, "document": "廊财预〔2026〕99 号"})
        links = re.findall(r'href="/money/budget/(\d+)/"[^>]*>(.*?)</a>', dan.get("/money/budget/").html, re.DOTALL)
        walk.known["line"] = next(number for number, words in links if walk.tag in words)
        _stands(walk, free=GRANTED)
    with walk.step("同行单位和企业看不到", "others cannot read it"):
        for who in ("bea", "ana"):
            walk.browser(who).get(f"/money/budget/{walk.known['line']}/", status=403)


def _stands(walk: Walk, **stages: Decimal) -> None:
    """The line's page shows these amounts."""
    page = walk.browser(MAKER).get(f"/money/budget/{walk.known['line']}/")
    for stage, amount in stages.items():
        if f"{amount:,.2f}" not in page.html:
            raise Wrong(f"{page.path} does not show {amount:,.2f} {stage}")


def _need(walk: Walk) -> None:
    dan, title = walk.browser(MAKER), f"旅程{walk.tag}部门技术评审"
    walk.known["department title"] = title
    page = deals.begin(dan, title, ITEM)
    with walk.step("可用余额不足：需求被拒", "a need without enough free money is refused"):
        short = {"ceiling": str(GRANTED + 1), "budget_line": walk.known["line"], "go": "next"}
        page = dan.submit(page, page.form(having="ceiling"), short, status=422).must_say(f"{GRANTED:,.2f}")
    with walk.step("金额合适：发布并预留", "with enough it is published, and the money reserved"):
        money = {"ceiling": str(CEILING), "budget_line": walk.known["line"]}
        walk.known["department need"] = deals.publish(dan, page, money, "random_draw")
        _stands(walk, free=GRANTED - CEILING, reserved=CEILING)


def _award(walk: Walk) -> None:
    anyone, path = walk.browser("anyone"), f"/needs/{walk.known['department need']}/"
    with walk.step("三家报名，到点随机抽取", "three agencies enter, one is drawn"):
        page = walk.wait(lambda: _has(anyone.get(path), "/competitions/"), "the competition", patience=30)
        room = f"/competitions/{page.find(r'/competitions/([0-9]+)/')}/"
        for who in AGENCIES:
            page = walk.browser(who).get(room)
            walk.browser(who).submit(page, page.form(action="/enter/"))
        page = walk.wait(lambda: _has(anyone.get(path), "/awards/"), "the draw", patience=150, every=2)
        award = f"/awards/{page.find(r'/awards/([0-9]+)/')}/"
    with walk.step("中选机构确认，资金转为承诺", "the winner confirms, the money is committed"):
        walk.known["winner"] = next(who for who in AGENCIES if "/confirm/" in walk.browser(who).get(award).html)
        winner = walk.browser(walk.known["winner"])
        page = winner.get(award)
        page = winner.submit(page, page.form(action="/confirm/"))
        walk.known["department contract"] = f"/contracts/{page.find(r'/contracts/([0-9]+)/')}/"
        _stands(walk, free=GRANTED - CEILING, committed=CEILING)


def _has(page: Page, text: str) -> Page | None:
    return page if text in page.html else None


def _work(walk: Walk) -> None:
    path, winner = walk.known["department contract"], walk.known["winner"]
    half = CEILING / 2
    with walk.step("签订两阶段合同，逐一验收，转为应付", "two milestones are accepted, the money is payable"):
        deals.sign(walk, path, MAKER, winner, [("送审稿", half), ("报批稿", half)])
        for words in ("送审稿", "报批稿"):
            deals.finish(walk, path, MAKER, winner, words)
        _stands(walk, payable=CEILING)


def _orders(walk: Walk) -> None:
    dan, fay = walk.browser(MAKER), walk.browser(CHECKER)
    with walk.step("制单：两张支付令", "the maker writes two payment orders"):
        page = dan.get("/money/orders/?state=to_order")
        mine = _payables(walk, page)
        expect(len(mine), 2, "results to be paid for")
        walk.known["orders"] = [_order(walk, f"/money/payables/{pk}/order/") for pk in mine]
    with walk.step("制单人不能复核自己的", "the maker cannot check"):
        dan.post(f"{walk.known['orders'][0]}check/", {}, status=403)
    with walk.step("另一人复核", "somebody else checks"):
        for order in walk.known["orders"]:
            page = fay.get(order)
            fay.submit(page, page.form(action="/check/"))


def _payables(walk: Walk, page: Page) -> list[str]:
    """The numbers of this walk's results that wait for an order."""
    rows = re.split(r"<tr>", page.html)
    found = [re.search(r"/money/payables/(\d+)/order/", row) for row in rows if walk.known["department title"] in row]
    return [one.group(1) for one in found if one]


def _order(walk: Walk, address: str) -> str:
    dan = walk.browser(MAKER)
    page = dan.get(address)
    values = {"bank": "河北银行廊坊分行", "number": "6222 0200 1111 2222"}
    return dan.submit(page, page.form(having="holder"), values).path


def _batch(walk: Walk) -> None:
    dan = walk.browser(MAKER)
    with walk.step("生成国库批次文件 CSV 与 XML", "a batch goes to the treasury as CSV and XML"):
        page = dan.get("/money/orders/?state=checked")
        ids = [order.rstrip("/").rpartition("/")[2] for order in walk.known["orders"]]
        batch = dan.submit(page, page.form(action="/orders/send/"), {"order": ids}).path
        sent = list(csv.DictReader(io.StringIO(dan.raw(f"{batch}file.csv").content.decode("utf-8-sig"))))
        expect([row["amount"] for row in sent], [f"{CEILING / 2:.2f}"] * 2, "amounts in the file")
        if sent[0]["order_number"] not in dan.raw(f"{batch}file.xml").content.decode():
            raise Wrong("the XML file does not name the orders")
    with walk.step("国库回执：一笔已付，一笔退回", "the treasury pays one and rejects one"):
        page = _return(walk, sent, rejected=1)
        page.must_say(REASON)
        _stands(walk, payable=CEILING / 2, paid=CEILING / 2)
        walk.known["rejected"] = walk.known["orders"][0]
    with walk.step("同一回执再传一次，什么也不变", "the same return file again changes nothing"):
        _return(walk, sent, rejected=1)
        _stands(walk, payable=CEILING / 2, paid=CEILING / 2)


def _return(walk: Walk, sent: list[dict[str, str]], *, rejected: int = 0) -> Page:
    """Upload what the treasury answers; `rejected`: the position it rejects."""
    out = io.StringIO()
    writer = csv.DictWriter(out, RETURNED, extrasaction="ignore")
    writer.writeheader()
    for row in sent:
        bad = int(row["position"]) == rejected
        answer = {"result": "REJECTED" if bad else "PAID", "reason": REASON if bad else ""}
        writer.writerow({**row, **answer, "treasury_reference": "" if bad else f"GK{row['order_number']}"})
    dan = walk.browser(MAKER)
    page = dan.get("/money/batches/")
    upload = {"file": ("return.csv", out.getvalue().encode(), "text/csv")}
    return dan.submit(page, page.form(action="/money/batches/"), files=upload)


def _again(walk: Walk) -> None:
    dan, fay, order = walk.browser(MAKER), walk.browser(CHECKER), walk.known["rejected"]
    with walk.step("退回的支付令更正、复核、再送，付清", "the rejected order is corrected, checked, paid"):
        page = dan.get(f"{order}correct/")
        dan.submit(page, page.form(having="holder"), {"number": "6222 0200 3333 4444"})
        page = fay.get(order)
        fay.submit(page, page.form(action="/check/"))
        page = dan.get("/money/orders/?state=checked")
        batch = dan.submit(
            page, page.form(action="/orders/send/"), {"order": [order.rstrip("/").rpartition("/")[2]]}
        ).path
        _return(walk, list(csv.DictReader(io.StringIO(dan.raw(f"{batch}file.csv").content.decode("utf-8-sig")))))
        _stands(walk, paid=CEILING)


def _books(walk: Walk) -> None:
    dan, winner = walk.browser(MAKER), walk.browser(walk.known["winner"])
    with walk.step("账簿平衡，机构收到国库支付凭证", "the books balance; the agency has its receipts"):
        dan.get("/money/books/").must_say("借贷平衡", walk.tag)
        dan.raw("/money/books/journal.xlsx")
        page = walk.wait(lambda: _receipts(winner.get("/money/papers/?kind=treasury")), "the receipts", patience=30)
        pdf = winner.raw(f"{page.find(r'(/money/papers/[0-9]+/)')}paper.pdf").content
        expect(pdf[:4], b"%PDF", "the beginning of a receipt")


def _receipts(page: Page) -> Page | None:
    return page if page.html.count("/money/papers/") > 2 and "SJ-" in page.html else None
