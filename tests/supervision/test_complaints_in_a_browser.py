"""Complaints as they look: whose they are, passed on, a pause asked for, and the door that says no for a while."""

from datetime import timedelta

import pytest

from accounts.models import User
from core import clock
from core.audit import By
from supervision.selectors import complaints as seen
from supervision.services import complaint_offices as offices
from supervision.services import complaint_pauses as pauses
from supervision.services import complaints
from tests.site.looks import troubles
from tests.supervision.clockwork import department
from tests.supervision.hearing import officer

pytestmark = pytest.mark.django_db(transaction=True)
SAID = "需求里的工期要求只有一家机构能做到，请核查是否有倾向性。"


def test_the_pages_of_a_complaint_fit_and_are_readable_for_everyone(live_server, browser_page):
    now = clock.now()
    body, _dora = department()
    sol, sue = officer("regulator", 9541, "sol@example.com"), officer("regulator", 9542, "sue@example.com")
    rows = []
    with clock.at(now - timedelta(hours=3)):
        for _ in range(2):
            matter = seen.matter(f"official:{body.pk}", official="审批窗口")
            receipt = complaints.file(matter=matter, statement=SAID, hidden=True, contact={}, by=By())
            rows.append(receipt.complaint)
    passed, paused = rows
    with clock.at(now - timedelta(hours=2)):
        why = "由所在县区的监管部门办理更合适。"
        offices.pass_on(complaint_id=passed.pk, office_id=sue.org_id, reasons=why, by=sol)
        offices.take(complaint_id=passed.pk, by=sue)
        complaints.accept(complaint_id=paused.pk, by=sol)
        complaints.notify(complaint_id=paused.pk, summary="有人认为工期要求过短，请说明理由。", by=sol)
        pauses.ask_pause(complaint_id=paused.pk, reasons="送检测机构检测，约需十天。", by=sol)
    reader = User.objects.get(pk=sue.user_id)
    pages = ["/supervision/complaints/", passed.get_absolute_url(), paused.get_absolute_url(), "/supervision/posts/"]
    assert troubles(browser_page, {reader: pages}) == []
