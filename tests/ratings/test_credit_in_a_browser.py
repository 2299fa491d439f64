"""The credit file, appeals and approvals as people meet them: no axe violation, nothing wider than a phone."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from core import clock, jobs
from ratings import services
from ratings.models import CreditEvent
from tests.contracts.world import completed
from tests.ratings.test_appeals import GROUNDS, officer
from tests.ratings.test_rating import rate
from tests.site.looks import troubles

pytestmark = [pytest.mark.browser]


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
        report = services.use_in_approval(
            contract_number=contract.number, approval_number="廊环审〔2026〕13号", outcome="rejected",
            reasons="监测数据与现场不符，结论不能成立。", legal_basis="环境影响评价法第三十二条",
            by=officer("department", 8802),
        )  # fmt: skip
        services.rate_result(use_id=use.pk, quality=5, compliance=4, text="数据可靠，结论清楚。", by=regulator)
        free = CreditEvent.objects.get(kind="contract_completed")
        jobs.drain()
    credit = f"/agencies/{w.agency.pk}/credit/"
    return {
        w.ana: [credit, report.get_absolute_url(), f"/credit-rows/{free.pk}/objection/"],
        User.objects.get(pk=regulator.user_id): [
            appeal.get_absolute_url(), f"/supervision/appeals/{appeal.pk}/", "/supervision/appeals/", "/approvals/",
            "/approvals/new/", use.get_absolute_url(), report.get_absolute_url(),
        ],
    }  # fmt: skip


def test_pages_of_credit_are_open_to_everybody_and_fit_their_window(place, browser_page):
    assert troubles(browser_page, place) == []
