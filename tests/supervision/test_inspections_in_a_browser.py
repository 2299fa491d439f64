"""Inspections, exposure and flags as people meet them: no accessibility violation, nothing wider than a phone."""

import pytest

from accounts.models import User
from core import clock
from supervision.models import FlagHit, Inspection
from supervision.services import inspections, judge
from tests.agencies.conftest import upload
from tests.site.looks import troubles
from tests.supervision import inspecting
from tests.supervision.inspecting import NOW

pytestmark = [pytest.mark.browser]


@pytest.fixture
def place(transactional_db):
    """Three agencies inspected: one in order, one to be mended, one on its way; a draw that waits; a flag. Made before
    the market lives: its clock would go on with what lies in the past.
    """
    office = inspecting.bureau()
    ana, *_ = inspecting.agencies("DDDBC")
    inspecting.drawn(office)
    good, bad, way, *_ = Inspection.objects.order_by("subject_id")
    inspecting.published(office, good)
    inspecting.noticed(office, bad)
    first, second = inspecting.officers(office, bad)
    with clock.at(NOW + inspecting.timedelta(days=3)):
        for public in (True, False):
            inspections.add_photo(number=bad.number, point=2, upload=upload(), public=public, by=first)
    inspecting.recorded(office, bad, failing=[2])
    with clock.at(NOW + inspecting.timedelta(days=4)):
        summary = "三项要点逐条核对，收费没有公示，责令二十个工作日内整改。"
        inspections.conclude(number=bad.number, outcome="fix", summary=summary, by=first)
        inspections.publish(number=bad.number, by=second)
        inspections.reply(
            number=bad.number, text="装修期间收起了公示栏，已经重新挂出。", by=inspecting.agency_by(bad.subject_id)
        )
    inspecting.noticed(office, way)
    waiting = inspecting.plan(office, title="收费公示专项检查")
    inspecting.drawings.announce_draw(plan_id=waiting.pk, by=office.head)
    hit = FlagHit.objects.create(
        rule="drafts_again", key="x", about=ana.organisation, organisations=[ana.pk], evidence={"n": "4"},
        found_at=NOW, rules_ref="flags@1",
    )  # fmt: skip
    judge(hit_id=hit.pk, verdict="confirmed", reasons="核对了四稿合同，价格条款三次变动。", by=office.head)
    lead = User.objects.get(pk=inspecting.officers(office, way)[0].user_id)
    public = [
        "/inspections/",
        waiting.get_absolute_url(),
        good.plan.get_absolute_url(),
        bad.get_absolute_url(),
        "/exposure/",
    ]
    own = [
        "/supervision/inspections/", "/supervision/inspections/plans/new/", "/supervision/inspectors/",
        way.get_absolute_url(), f"/supervision/inspections/{way.number}/record/",
        "/supervision/flags/", hit.get_absolute_url(), "/supervision/flags/rules/",
    ]  # fmt: skip
    return {None: public, lead: own}


def test_pages_of_supervision_are_open_to_everybody_and_fit_their_window(place, browser_page):
    assert troubles(browser_page, place) == []
