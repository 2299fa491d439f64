"""The sealed floor in the room: sealed, answered for before everybody, taken back, and known to its owner alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import expect

from tests.bidding.test_views_live import built, part, visit

__all__ = ["visit"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def damaged(sealed):
    """Put something else into the one seal there is; what was in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM bidding_sealedfloor")
        was = bytes(cursor.fetchone()[0])
        cursor.execute("ALTER TABLE bidding_sealedfloor DISABLE TRIGGER USER")
        cursor.execute("UPDATE bidding_sealedfloor SET sealed = %s", [sealed])
        cursor.execute("ALTER TABLE bidding_sealedfloor ENABLE TRIGGER USER")
    return was


def opened(page):
    page.locator(".room-floor > summary").click()
    return page


def test_a_floor_answers_for_its_owner_and_can_be_taken_back(visit):
    place = built()
    owner, second = opened(visit(place, place.agencies[0].pk)), visit(place, place.agencies[0].pk, width=360)
    rival = visit(place, place.agencies[1].pk)
    part(owner, "floor-field").fill("46,000")
    expect(part(owner, "floor-note")).to_contain_text("最低替您报到 46,000.00")
    part(owner, "floor-button").click()
    expect(part(owner, "floor-note")).to_contain_text("底价 46,000.00 已密封")
    expect(part(owner, "floor-field")).to_have_value("")
    for page in (owner, second):
        expect(part(page, "floor-state")).to_have_text("46,000.00，您领先")
    part(rival, "bid-field").fill("48,000")
    part(rival, "bid-field").press("Enter")
    expect(part(rival, "price")).to_have_text("47,750.00")
    expect(part(rival, "feed").locator("li").first).to_contain_text("自动报价 47,750.00")
    expect(part(rival, "floor-state")).to_have_text("未设置")
    assert "46,000" not in rival.content()
    part(owner, "floor-back").click()
    for page in (owner, second):
        expect(part(page, "floor-state")).to_have_text("未设置")
    expect(part(owner, "floor-own")).to_be_hidden()


def test_a_floor_that_was_passed_says_so_and_a_new_one_helps(visit):
    place = built()
    owner, rival = opened(visit(place, place.agencies[0].pk)), visit(place, place.agencies[1].pk)
    part(owner, "floor-field").fill("49000")
    part(owner, "floor-field").press("Enter")
    expect(part(owner, "floor-state")).to_have_text("49,000.00，您领先")
    part(rival, "bid-field").fill("48800")
    part(rival, "bid-field").press("Enter")
    part(rival, "bid-confirm").locator("[data-answer=yes]").click() if part(rival, "bid-confirm").is_visible() else None
    expect(part(owner, "floor-state")).to_have_text("49,000.00，已被越过")
    part(owner, "floor-field").fill("48700")
    expect(part(owner, "floor-note")).to_contain_text("底价须不高于当前可接受的最高报价 48,550.00")
    part(owner, "floor-field").fill("48000")
    part(owner, "floor-button").click()
    expect(part(owner, "floor-state")).to_have_text("48,000.00，您领先")
    expect(part(owner, "price")).to_have_text("48,550.00")


def test_before_the_start_a_floor_waits(visit):
    place = built(running=False)
    owner = opened(visit(place, place.agencies[0].pk, language="en"))
    part(owner, "floor-field").fill("46000")
    part(owner, "floor-button").click()
    expect(part(owner, "floor-state")).to_have_text("46,000.00, acts from the start")
    owner.reload()
    expect(part(owner, "floor-state")).to_have_text("46,000.00, acts from the start")


def test_a_bid_that_cannot_be_decided_now_is_sent_again_until_it_can(visit):
    place = built()
    owner, rival = opened(visit(place, place.agencies[0].pk)), visit(place, place.agencies[1].pk)
    part(owner, "floor-field").fill("46000")
    part(owner, "floor-button").click()
    expect(part(owner, "floor-note")).to_contain_text("已密封")
    was = damaged(b"damaged")
    part(rival, "bid-field").fill("48,000")
    part(rival, "bid-field").press("Enter")
    expect(part(rival, "alert")).to_contain_text("底价现在无法读取")
    expect(part(rival, "bid-pending")).to_contain_text("48,000.00")
    damaged(was)
    expect(part(rival, "price")).to_have_text("47,750.00", timeout=15_000)
    expect(part(rival, "bid-note")).to_contain_text("48,000.00 已计入")


@pytest.mark.parametrize("look", [{"width": 360}, {"dark": True}])
def test_everybody_can_use_it(visit, look):
    place = built()
    owner = opened(visit(place, place.agencies[0].pk, **look))
    part(owner, "floor-field").fill("60000")
    found = Axe().run(owner)
    assert not found.response["violations"], found.generate_report()
    assert owner.evaluate("document.documentElement.scrollWidth <= innerWidth")
