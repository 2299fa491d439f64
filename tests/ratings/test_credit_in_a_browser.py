"""The credit file, appeals and approvals as people meet them: no axe violation, nothing wider than a phone."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.models import User
from core import clock, jobs
from ratings import services
from ratings.models import CreditEvent
from tests.contracts.world import completed
from tests.ratings.test_appeals import GROUNDS, officer
from tests.ratings.test_rating import rate

pytestmark = [pytest.mark.browser]
LOOKS = [(1440, "zh-hans", False), (360, "zh-hans", True), (1440, "en", True), (360, "en", False)]
PICTURES = os.environ.get("PICTURES")  # a folder to keep what was seen


@pytest.fixture
def place(transactional_db):
    """An agency with a rating under appeal, an objection pending, a measure, and a result used in an approval.

    It stands before the live market starts, whose clock would settle what lies in the past.
    """
    now = datetime.now(UTC)
    with clock.at(now - timedelta(hours=30)):
        w, contract = completed()
        rating = rate(w, contract, "buyer", stars=2, text="报告一再延误，多次催促才交，沟通也不主动。")
        rate(w, contract, "supplier")
        jobs.drain()
        appeal = services.appeal(rating_id=rating.pk, grounds=GROUNDS, by=w.as_agency)
        services.state_on_appeal(appeal_id=appeal.pk, text="催促的记录都在往来函件里。", by=w.as_buyer)
        event = CreditEvent.objects.get(kind="milestone_on_time")
        services.object_to(event_id=event.pk, grounds=GROUNDS, by=w.as_agency)
        services.record_credit(
            agency_id=w.agency.pk, kind="measure_suspension", source="/decisions/CF-2026-000001/", source_key="case:1",
            summary={"case": "CF-2026-000001", "days": 90}, legal_basis="中介服务超市管理办法（草案）第二十一条",
        )  # fmt: skip
        regulator = officer("regulator", 8800)
        use = services.use_in_approval(
            contract_number=contract.number, approval_number="廊环审〔2026〕12号", outcome="accepted",
            by=officer("department", 8801),
        )  # fmt: skip
        services.rate_result(use_id=use.pk, quality=5, compliance=4, text="数据可靠，结论清楚。", by=regulator)
        free = CreditEvent.objects.get(kind="contract_completed")
        jobs.drain()
    credit = f"/agencies/{w.agency.pk}/credit/"
    return {
        w.ana: [credit, f"/credit-rows/{free.pk}/objection/"],
        User.objects.get(pk=regulator.user_id): [
            appeal.get_absolute_url(), f"/supervision/appeals/{appeal.pk}/", "/supervision/appeals/", "/approvals/",
            "/approvals/new/", use.get_absolute_url(),
        ],
    }  # fmt: skip


@pytest.mark.parametrize(("width", "language", "dark"), LOOKS)
def test_pages_of_credit_are_open_to_everybody_and_fit_their_window(place, browser_page, width, language, dark):
    for user, addresses in place.items():
        page = browser_page(width=width, language=language, dark=dark)
        page.goto("/account/login/")
        page.fill("input[name=login]", user.email)
        page.fill("input[name=password]", "correct horse battery")
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/desk/**")
        for address in addresses:
            look(page, address, width, language)


def look(page, address, width, language):
    page.goto(address)
    if PICTURES:
        name = f"{address.strip('/').replace('/', '_')}-{width}-{language}.png"
        page.screenshot(path=str(Path(PICTURES) / name), full_page=True)
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], address
    assert page.evaluate("document.documentElement.scrollWidth") <= width, address
