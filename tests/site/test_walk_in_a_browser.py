"""The main job as people do it, each in a browser of their own: join, ask for a service, compete, win.

The limits come from rule set versions of this test, so the notice takes seconds and the auction a minute. The picture
of the room is left in var/test/live-room.png; the one the README shows is a copy of it.
"""

import re
import time
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from accounts.models import Membership, Organisation
from agencies.models import Agency
from bidding import selectors, services
from bidding.models import Entry
from core import clock, rulesets, upkeep
from core.audit import SYSTEM, By
from tests.accounts import people
from tests.bidding import world
from tests.bidding.test_views import logged

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PICTURE = Path(__file__).parents[2] / "var/test/live-room.png"
PASSWORD = "correct horse battery 9"
NOTICE = {"n": 15, "unit": "seconds"}
QUICK = {
    "marketplace": {
        "notice_tiers": [{"limit": NOTICE}],
        "urgent_notice": {"n": 5, "unit": "seconds"},
        "auction_minutes": [1, 2],
        "default_auction_minutes": 1,
    },
    "bidding": {"soft_close_seconds": 5, "extension_seconds": 5, "hard_end_minutes": 1, "closing_grace_seconds": 1},
}
TITLE = "老厂区地块土壤污染状况调查"
SCOPE = (
    "完成老厂区地块第一阶段土壤污染状况调查：资料收集、现场踏勘、人员访谈，"
    "编制调查报告送审稿，按评审意见修改，提交纸质版 6 份和电子版 1 份。"
)


@pytest.fixture
def quick(live_market):
    now = clock.now()
    with clock.at(now):
        for name, changes in QUICK.items():
            parameters = {**rulesets.current(name).parameters, **changes}
            upkeep.add_version(
                name=name, effective_from=now, parameters=parameters, draft=True, note="测试用的短时限", by=SYSTEM
            )


@pytest.fixture
def signed_in(browser_page, live_market):
    """Opens a browser as a person who has an account."""

    def open_browser(user, **options):
        client = Client()
        client.force_login(user)
        page = browser_page(**options)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_market.url}])
        return page

    return open_browser


def member(agency):
    return Membership.objects.get(organisation_id=agency.pk).user


def part(page, name):
    return page.locator(f'[data-el="{name}"]')


def register_agency(page, name):
    """Join and announce one service, both through the forms a stranger finds on the home page; gives the agency."""
    page.goto("/join/")
    page.locator('main a[href="/join/agency/"]').first.click()
    page.fill("#id_email", "ana@walk.example")
    page.fill("#id_password", PASSWORD)
    page.fill("#id_name", name)
    page.fill("#id_credit_code", people.code(1))
    page.select_option("#id_region", people.LANGFANG)
    page.fill("#id_contact_name", "安楠")
    page.fill("#id_contact_phone", people.PHONE)
    page.check("#id_commitment")
    page.locator("form.join .form-actions button").click()
    expect(page).to_have_url(re.compile("/agency/profile/$"))
    page.goto("/agency/services/")
    page.select_option("#id_item", world.ITEM)
    page.fill("#id_fee_note", "1.5 万元起，按点位计价")
    page.fill("#id_days", "20")
    page.locator("form:has(#id_item) button.btn-primary").click()
    expect(page.locator(".preview")).to_contain_text("1.5 万元起")
    return Agency.objects.get(organisation__name=name)


def post_need(page):
    """The guided form from its first page to publication; gives the address of the need."""
    page.goto("/needs/new/")
    page.get_by_role("button", name="开始填写").click()
    page.fill("#find", "土壤污染状况")
    page.locator(f'input[name=item][value="{world.ITEM}"]').check()
    forward = page.get_by_role("button", name="保存，下一步")
    forward.click()
    page.fill("#id_title", TITLE)
    page.fill("#id_scope", SCOPE)
    forward.click()
    page.fill("#id_ceiling", "50,000")
    forward.click()
    page.locator('input[name=method][value="live_auction"]').check()
    forward.click()
    page.select_option("#id_auction_minutes", "1")
    page.fill("#id_delivery_days", "30")
    forward.click()
    page.get_by_role("button", name="确认发布").click()
    expect(page).to_have_url(re.compile(r"/needs/\d+/$"))
    return page.url


def enter(page, need_url):
    """From the need's page into the room, entered; gives the number of the competition."""
    link = page.locator('main a[href*="/competitions/"]')
    page.goto(need_url)
    for _ in range(30):
        if link.count():
            break
        page.wait_for_timeout(300)
        page.reload()
    page.goto(link.first.get_attribute("href"))
    page.get_by_role("button", name="一键报名").click()
    expect(page.locator("main")).to_contain_text("报名成功")
    page.reload()
    expect(part(page, "conn")).to_have_attribute("data-status", "connected")
    return int(re.search(r"/competitions/(\d+)/", page.url)[1])


def rivals(competition_id):
    """Three more agencies that enter and whose bids are written by the engine, so that the ladder has company."""
    for number in (3, 4, 5):
        agency = world.agency(number)
        services.enter(competition_id=competition_id, agency_id=agency.pk, by=By(None, agency.pk))
        yield Entry.objects.get(competition_id=competition_id, agency=agency)


def bid_by_button(page, amount):
    part(page, "bid-field").fill(amount)
    part(page, "bid-button").click()
    expect(part(page, "price")).to_have_text(amount)


def bid_by_keyboard(page, amount):
    part(page, "bid-field").focus()
    page.keyboard.type(amount)
    page.keyboard.press("Enter")
    expect(part(page, "price")).to_have_text(amount)


def test_a_need_becomes_an_award_in_front_of_everybody(quick, browser_page, signed_in):
    buyer = people.user("bea@walk.example", name="白雅")
    people.organisation(Organisation.Kind.ENTERPRISE, 900, buyer, name="廊坊远景精密制造有限公司")
    ana = browser_page()
    winner = register_agency(ana, "廊坊清源环境技术咨询有限公司")
    tom = signed_in(member(world.agency(2, "北京恒信工程咨询有限公司")), width=360, dark=True)
    bea = signed_in(buyer)

    need_url = post_need(bea)
    competition = enter(ana, need_url)
    assert enter(tom, need_url) == competition
    others = list(rivals(competition))
    place = selectors.competition(competition)
    wait_until(place.starts_at)

    expect(part(ana, "bid-button")).to_be_enabled()
    bid_by_button(ana, "49,500.00")
    expect(part(tom, "price")).to_have_text("49,500.00")
    expect(part(ana, "rank")).to_have_text("第 1 名")
    for entry, amount in zip(others, ("48600.00", "47900.00", "47200.00"), strict=True):
        time.sleep(3.5)
        logged(place, entry, amount)
    bid_by_keyboard(tom, "46,500.00")
    expect(part(ana, "price")).to_have_text("46,500.00")
    expect(part(ana, "rank")).to_have_text("第 5 名")
    bid_by_button(ana, "45,800.00")
    expect(part(tom, "rank")).to_have_text("第 2 名")
    for turn, amount in enumerate(("45200.00", "44650.00", "43900.00", "43300.00")):
        time.sleep(3.5)
        logged(place, others[turn % 3], amount)
    bid_by_keyboard(tom, "42,600.00")
    bid_by_keyboard(ana, "41,900.00")
    expect(ana.locator(".room-receipt")).to_have_count(3)
    part(ana, "bid-field").blur()
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    ana.screenshot(path=PICTURE)

    expect(tom.locator(".room-result h2")).to_contain_text(winner.organisation.name, timeout=90_000)
    tom.get_by_role("link", name="中选公告").click()
    expect(tom.locator("h1")).to_have_text(f"{winner.organisation.name}中选")
    expect(tom.locator(".award-amount")).to_contain_text("41,900.00")
    bea.goto(need_url)
    expect(bea.locator("main")).to_contain_text(winner.organisation.name)


def wait_until(moment: datetime):
    time.sleep(max(0.0, (moment - clock.now()).total_seconds()))
