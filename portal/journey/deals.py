"""From a need to a signed contract, in few steps: what both ways to pay begin with."""

from collections.abc import Sequence
from decimal import Decimal

from portal.journey import papers
from portal.journey.browser import Browser, Page
from portal.journey.walk import Walk, expect

SCOPE = "完成资料收集、现场踏勘和分析论证，编制报告送审稿，按评审意见修改后提交纸质版 6 份和电子版 1 份，配合审查。"


def offer(browser: Browser, item: str) -> None:
    """The agency announces that it does this kind of work."""
    page = browser.get("/agency/services/")
    values = {"item": item, "fee_note": "按工作量计价", "days": "20", "conditions": "提供资料。"}
    browser.submit(page, page.form(having="fee_note"), values)


def begin(browser: Browser, title: str, item: str) -> Page:
    """A need up to the step about money."""
    page = browser.get("/needs/new/")
    page = browser.submit(page, page.form(action="/needs/new/"))
    page = advance(browser, page, {"item": item}, "scope")
    return advance(browser, page, {"title": title, "scope": SCOPE, "place": "和平路"}, "money")


def publish(browser: Browser, page: Page, money: dict[str, str], method: str) -> str:
    """From the step about money to publication; the need's number."""
    page = advance(browser, page, money, "method")
    page = advance(browser, page, {"method": method}, "schedule")
    values = {"closing": "earliest", "delivery_days": "30"}
    page = advance(browser, page, {name: values[name] for name in values if name in page.html}, "check")
    page = browser.submit(page, page.form(action="/publish/"))
    return page.find(r"/needs/(\d+)/")


def advance(browser: Browser, page: Page, values: dict[str, str], step: str) -> Page:
    """Fill a step in and go on to the next."""
    first = next(iter(values))
    page = browser.submit(page, page.form(having=first), {**values, "go": "next"})
    expect(page.path.rstrip("/").rpartition("/")[2], step, "the next step of the form")
    return page


def sign(walk: Walk, path: str, buyer: str, supplier: str, parts: Sequence[tuple[str, Decimal]]) -> None:
    """The buyer draws the contract up and confirms, the agency confirms; it is signed once publicity is over."""
    browser, other = walk.browser(buyer), walk.browser(supplier)
    page = browser.get(f"{path}draft/")
    rows = {
        "milestone_title": [title for title, _ in parts],
        "milestone_amount": [str(amount) for _, amount in parts],
        "milestone_days": ["30" for _ in parts],
        "confirm": "1",
    }
    browser.submit(page, page.form(having="terms"), rows)
    page = other.get(path)
    other.submit(page, page.form(action="/confirm/"))
    walk.wait(lambda: "/deliver/" in other.get(path).html, "the signature", patience=90, every=2)


def finish(walk: Walk, path: str, buyer: str, supplier: str, words: str) -> None:
    """The next result is handed in and accepted."""
    browser, other = walk.browser(buyer), walk.browser(supplier)
    page = other.get(path)
    upload = {"file": (f"{words}.pdf", papers.result(words), "application/pdf")}
    other.submit(page, page.form(action="/deliver/"), {"note": words}, files=upload)
    page = browser.get(path)
    browser.submit(page, page.form(action="/accept/"))
