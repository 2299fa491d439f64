"""Promises, cards and the inbox as people meet them: no accessibility violation, nothing wider than a phone."""

from datetime import timedelta

import pytest

from core import clock
from core.audit import By
from supervision.models import Step
from supervision.services import stops
from supervision.services.notices import tell
from tests.accounts import people
from tests.site.looks import troubles
from tests.supervision.clockwork import Room, department, look, pretend, watched

pytestmark = [pytest.mark.browser]
KINDS = ("payment.pay", "contract.accept", "need.answer", "rating.appeal")
LONG = "广阳经济开发区精密零部件项目环境影响报告表编制及竣工环境保护验收技术服务（第二标段）"


@pytest.fixture
def people_of(transactional_db):
    """A year of two departments, a regulator and an operator, each with what they read."""
    now, room = clock.now(), Room()
    (one, dora), (two, _dan) = department(), department(9710, "廊坊市水务局")
    sol, olga = people.user("sol@example.com"), people.user("olga@example.com")
    people.organisation("regulator", 9720, sol, name="廊坊市政务服务监管处")
    people.organisation("operator", 9721, olga, name="廊坊市中介服务平台")
    for number in range(60):
        start = now - timedelta(days=6 * number + 9)
        body, late = (one, two)[number % 2], number % 7 == 0
        due = start + timedelta(days=5)
        closed = None if number < 3 else due + timedelta(days=2 if late else -1)
        room.add(body.pk, reference=f"n:{number}", start=start, due=due, closed_at=closed)
    room.add(one.pk, reference="soon", start=now - timedelta(days=5), due=now + timedelta(hours=9))
    room.add(one.pk, reference="fresh", start=now, due=now + timedelta(days=7), provisional=True)
    over = now - timedelta(days=2)
    room.add(one.pk, reference="right", start=now - timedelta(days=9), due=over, closed_at=over, right=True)
    with watched(room):
        look(now)
    for place, row in enumerate(Step.objects.order_by("pk")):
        pretend(Step.objects.filter(pk=row.pk), kind=KINDS[place % len(KINDS)], title=LONG)
    late = Step.objects.filter(owner=one, closed_at=None, cards__colour="red").first()
    stops.excuse(step_id=late.pk, reason="国庆期间系统升级，付款指令未能发出。", by=By(dora.pk, one.pk))
    tell(organisation_id=one.pk, sentence="一件没有链接的事", path="/desk/")
    return {
        None: ["/promises/", f"/promises/{one.pk}/"],
        dora: ["/inbox/", late.get_absolute_url(), "/supervision/posts/"],
        sol: [
            Step.objects.get(right=True).get_absolute_url(),
            "/supervision/cards/?state=closed",
            "/supervision/cards/",
            "/supervision/cards/?colour=yellow&state=closed",
        ],
        olga: ["/supervision/deliveries/"],
    }


def test_pages_of_clocks_have_no_violation_and_fit(people_of, browser_page):
    assert troubles(browser_page, people_of) == []
