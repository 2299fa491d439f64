"""The live room in a browser: it moves, it bids by keyboard, it heals, it closes, and everybody can use it."""

from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from playwright.sync_api import expect

from accounts.models import Membership
from bidding import log, services
from core import clock
from core.audit import By
from marketplace.models import Method
from tests.bidding import world
from tests.bidding.test_views import finish, logged

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NO_SOCKETS = """() => void (window.WebSocket = class {
  constructor() { setTimeout(() => this.onclose({ code: 1006 })); }
  close() {}
})"""


@pytest.fixture
def visit(browser_page, live_market):
    """Opens the room as a member of an organisation, or as a stranger."""

    def open_room(place, organisation_id=None, **options):
        page = browser_page(**options)
        if organisation_id:
            client = Client()
            client.force_login(Membership.objects.filter(organisation_id=organisation_id).first().user)
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_market.url}])
        page.goto(f"/competitions/{place.pk}/")
        expect(part(page, "conn")).to_have_attribute("data-status", "connected")
        return page

    return open_room


def part(page, name):
    return page.locator(f'[data-el="{name}"]')


@transaction.atomic
def built(**wanted):
    """At once: the living market would close a competition that has started and has no entrants yet."""
    return world.competition(**wanted)


@transaction.atomic
def running_out(seconds):
    """A competition of ten minutes with one bid, `seconds` before its end."""
    start = datetime.now(UTC) - timedelta(minutes=10) + timedelta(seconds=seconds)
    place = built(minutes=10, now=start + timedelta(minutes=1))
    with clock.at(start + timedelta(minutes=2)):
        logged(place, place.entries[0], "48000.00")
    return place


def test_a_bid_by_keyboard_moves_every_room(visit):
    place = built()
    bidder, watcher = visit(place, place.agencies[0].pk), visit(place, width=360)
    field = part(bidder, "bid-field")
    field.focus()
    bidder.keyboard.type("48,000.00")
    expect(part(bidder, "bid-button")).to_have_text("出价 48,000.00，降 2,000.00")
    bidder.keyboard.press("Enter")
    expect(part(watcher, "price")).to_have_text("48,000.00")
    expect(part(bidder, "rank")).to_have_text("第 1 名")
    expect(bidder.locator(".room-receipt")).to_have_count(1)
    field.press("ArrowDown")
    expect(field).to_have_value("47,750.00")


def test_a_bid_that_looks_like_a_slip_is_asked_about_once(visit):
    place = built()
    bidder = visit(place, place.agencies[0].pk)
    part(bidder, "bid-field").fill("4800")
    bidder.keyboard.press("Enter")
    expect(part(bidder, "bid-confirm")).to_be_visible()
    bidder.keyboard.press("Enter")
    expect(part(bidder, "bid-confirm")).to_be_hidden()
    expect(part(bidder, "bid-field")).to_have_value("4800")
    expect(bidder.locator(".room-receipt")).to_have_count(0)


def test_what_is_no_acceptable_amount_is_said_beside_the_field(visit):
    place = built()
    logged(place, place.entries[1], "48000.00")
    bidder = visit(place, place.agencies[0].pk, language="en")
    part(bidder, "bid-field").fill("1e5")
    expect(part(bidder, "bid-note")).to_contain_text("48500")
    part(bidder, "bid-field").fill("47900")
    part(bidder, "bid-note").get_by_role("button").click()
    expect(part(bidder, "bid-field")).to_have_value("47,750.00")


def test_a_bid_made_without_a_connection_is_delivered_once_when_it_is_back(visit):
    place = built()
    bidder = visit(place, place.agencies[0].pk)
    bidder.context.set_offline(True)
    part(bidder, "bid-field").fill("48000")
    bidder.keyboard.press("Enter")
    expect(part(bidder, "bid-pending")).to_be_visible()
    expect(part(bidder, "conn")).not_to_have_attribute("data-status", "connected")
    logged(place, place.entries[1], "49000.00")
    bidder.context.set_offline(False)
    expect(part(bidder, "price")).to_have_text("48,000.00")
    expect(bidder.locator(".room-receipt")).to_have_count(1)
    expect(part(bidder, "bid-pending")).to_be_hidden()


def test_a_bid_whose_session_ended_meanwhile_stays_unsettled_until_its_bidder_is_back(visit):
    """Refused it would be read as not counted, and an earlier copy of it may have counted."""
    place = built()
    bidder = visit(place, place.agencies[0].pk)
    bidder.context.set_offline(True)
    part(bidder, "bid-field").fill("48000")
    bidder.keyboard.press("Enter")
    expect(part(bidder, "bid-pending")).to_be_visible()
    expect(part(bidder, "conn")).not_to_have_attribute("data-status", "connected")
    session = Session.objects.get()
    kept, session.session_data = session.session_data, ""
    session.save()
    bidder.context.set_offline(False)
    expect(part(bidder, "conn")).to_have_attribute("data-status", "ended")
    expect(part(bidder, "alert")).to_contain_text("登录已经失效")
    expect(part(bidder, "bid-pending")).to_contain_text("48,000.00 还没有得到确认")
    session.session_data = kept
    session.save()
    bidder.reload()
    expect(part(bidder, "price")).to_have_text("48,000.00")
    expect(bidder.locator(".room-receipt")).to_have_count(1)


def test_a_bid_posted_without_a_socket_is_not_made_for_whoever_is_signed_in_by_then(visit):
    place = built()
    bidder, other = visit(place, place.agencies[0].pk), Client()
    bidder.evaluate(NO_SOCKETS)
    bidder.evaluate("dispatchEvent(new Event('offline'))")
    other.force_login(Membership.objects.filter(organisation_id=place.agencies[1].pk).first().user)
    key = other.cookies[settings.SESSION_COOKIE_NAME].value
    bidder.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": bidder.evaluate("location.origin")}]
    )
    part(bidder, "bid-field").fill("48000")
    bidder.keyboard.press("Enter")
    expect(part(bidder, "conn")).to_have_attribute("data-status", "ended", timeout=15_000)
    expect(part(bidder, "bid-pending")).to_contain_text("48,000.00 还没有得到确认")
    assert log.board(place.pk).bids == []


def test_a_room_closes_by_itself_and_can_be_replayed(visit):
    place = running_out(4)
    watcher = visit(place)
    expect(watcher.locator(".room-result h2")).to_contain_text(place.agencies[0].organisation.name)
    watcher.get_by_role("radio", name="最快").check()
    part(watcher, "replay-play").click()
    expect(part(watcher, "price")).to_have_text("48,000.00")
    expect(part(watcher, "replay-play")).to_have_text("播放")


def test_a_draw_can_be_replayed_from_the_first_entry(visit):
    place = built(bidders=4, method=Method.RANDOM_DRAW)
    with clock.at(place.competition.starts_at - timedelta(hours=1)):
        late = world.agency(9)
        services.enter(competition_id=place.pk, agency_id=late.pk, by=By(None, late.pk))
    finish(place)
    watcher = visit(place, width=360)
    entrants = part(watcher, "entrants").locator("li")
    expect(entrants).to_have_count(5)
    part(watcher, "replay-scrub").press("Home")
    expect(entrants).to_have_count(4)
    part(watcher, "replay-play").click()
    expect(part(watcher, "replay-play")).to_have_text("播放")
    expect(entrants).to_have_count(5)
    assert watcher.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize(("dark", "language"), [(False, "zh-hans"), (True, "en")])
def test_nobody_is_kept_out(visit, width, dark, language):
    place = built()
    logged(place, place.entries[0], "48000.00")
    look = {"width": width, "dark": dark, "language": language}
    bidder = visit(place, place.agencies[0].pk, **look)
    part(bidder, "table-toggle").click()
    part(bidder, "bid-field").fill("12")
    bidder.keyboard.press("Enter")
    finish(place)
    closed = visit(place, **look)
    for page in (bidder, closed):
        assert Axe().run(page).violations_count == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
