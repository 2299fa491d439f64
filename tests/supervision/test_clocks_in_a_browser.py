"""Promises, cards and the inbox as people meet them: no accessibility violation, nothing wider than a phone."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from core import clock
from core.audit import By
from supervision.models import Step
from supervision.services import stops
from supervision.services.notices import tell
from tests.accounts import people
from tests.bidding.sockets import _session
from tests.supervision.clockwork import Room, department, look, watched

pytestmark = [pytest.mark.browser]
LOOKS = [(1440, "zh-hans", False), (360, "en", True)]
KINDS = ("payment.pay", "contract.accept", "need.answer", "rating.appeal")
LONG = "广阳经济开发区精密零部件项目环境影响报告表编制及竣工环境保护验收技术服务（第二标段）"


@pytest.fixture
def people_of(transactional_db):
    """A year of two departments, a regulator and an operator, by name."""
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
    with watched(room):
        look(now)
    for place, row in enumerate(Step.objects.order_by("pk")):
        Step.objects.filter(pk=row.pk).update(kind=KINDS[place % len(KINDS)], title=LONG)
    late = Step.objects.filter(owner=one, closed_at=None, cards__colour="red").first()
    stops.excuse(step_id=late.pk, reason="国庆期间系统升级，付款指令未能发出。", by=By(dora.pk, one.pk))
    tell(organisation_id=one.pk, sentence="一件没有链接的事", path="/desk/")
    return {"dora": dora, "sol": sol, "olga": olga, "late": late, "one": one}


@pytest.mark.parametrize("seen", LOOKS)
def test_pages_of_clocks_have_no_violation_and_fit(people_of, live_market, browser_page, seen):
    width, language, dark = seen
    walks = {
        None: ["/promises/", f"/promises/{people_of['one'].pk}/"],
        "dora": ["/inbox/", people_of["late"].get_absolute_url(), "/supervision/posts/"],
        "sol": ["/supervision/cards/", "/supervision/cards/?colour=yellow&state=closed"],
        "olga": ["/supervision/deliveries/"],
    }
    for who, addresses in walks.items():
        page = browser_page(width=width, language=language, dark=dark)
        if who:
            key = _session(people_of[who]).session_key
            page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_market.url}])
        for address in addresses:
            answer = page.goto(address)
            assert answer.status == 200, address
            found = Axe().run(page).response["violations"]
            assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], address
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
