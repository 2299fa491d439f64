"""Every page of the table of roles as somebody who may read it: no accessibility violation, no broken script,
nothing wider than a phone.

Each page is seen in one of four looks, taken in turn; EVERY_LOOK=1 shows every page in all four.
"""

import os
from collections.abc import Iterator

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from tests.site import city as city_of
from tests.site.answers import OK, ROLES, Row
from tests.site.roles import TABLE
from tests.site.test_pages_in_a_browser import LOOKS
from tests.site.test_roles import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EVERY_LOOK = os.environ.get("EVERY_LOOK") == "1"
# Whom a page shows most, first; what is everybody's is read by strangers.
READERS = ("operator", "regulator", "department", "supplier", "bidder", "enterprise", "agency", "nobody")


def reader(row: Row) -> str:
    if all(row.get[role] == OK for role in ROLES):
        return "outsider"
    return next((role for role in READERS if row.get[role] == OK), "")


def pages(walk: Walk, url: str) -> Iterator[tuple[Row, str]]:
    """Addresses that answer with a page, each with its reader."""
    for row in TABLE:
        if role := reader(row):
            answer = httpx.get(url + walk.address(row), cookies=session(walk, role), timeout=60, trust_env=False)
            if answer.text[:15].lower() == "<!doctype html>":
                yield row, role


def session(walk: Walk, role: str) -> dict[str, str]:
    return {settings.SESSION_COOKIE_NAME: walk.sessions[role].session_key} if role in walk.sessions else {}


@pytest.fixture
def walk(transactional_db) -> Walk:
    """Made before the market lives: its clock would move what the city moves by hand."""
    return Walk(city_of.build())


def test_every_page_is_accessible_fits_its_window_and_runs_its_scripts(walk, live_market, browser_page):
    wrong, shown = [], list(pages(walk, live_market.url))
    for number, look in enumerate(LOOKS):
        for role in (*READERS, "outsider"):
            mine = [row for at, (row, who) in enumerate(shown) if who == role and (EVERY_LOOK or at % 4 == number)]
            if mine:
                wrong += troubles(opened(browser_page, walk, role, look), walk, mine, look)
    assert len(shown) > 80
    assert not wrong, "\n".join(wrong)


def opened(browser_page, walk: Walk, role: str, look):
    width, language, dark = look
    page = browser_page(width=width, language=language, dark=dark)
    cookies = {settings.LANGUAGE_COOKIE_NAME: language} | session(walk, role)
    page.context.add_cookies([{"name": n, "value": v, "domain": "localhost", "path": "/"} for n, v in cookies.items()])
    return page


def troubles(page, walk: Walk, rows: list[Row], look) -> list[str]:
    found = []
    for row in rows:
        page.goto(walk.address(row))
        rules = Axe().run(page).response["violations"]
        found += [f"{row} {look}: {rule['id']} {rule['nodes'][0]['html']}" for rule in rules]
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > look[0]:
            found.append(f"{row} {look}: {wide} px wide")
    page.context.close()
    return found
