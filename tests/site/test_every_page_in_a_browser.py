"""Every page of the table of roles as somebody who may read it: no accessibility violation, no broken script,
nothing wider than a phone (looks.py).
"""

from collections import defaultdict

import httpx
import pytest
from django.conf import settings

from accounts.models import User
from tests.site import city as city_of
from tests.site.answers import OK, ROLES, Row
from tests.site.looks import troubles
from tests.site.roles import TABLE
from tests.site.test_roles import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# Whom a page shows most, first; what is everybody's is read by an outsider.
READERS = ("operator", "regulator", "department", "supplier", "bidder", "enterprise", "agency", "nobody")


def reader(row: Row) -> str:
    if all(row.get[role] == OK for role in ROLES):
        return "outsider"
    return next((role for role in READERS if row.get[role] == OK), "")


def pages(walk: Walk, url: str) -> dict[User | None, list[str]]:
    """Addresses that answer with a page, by who reads them."""
    found = defaultdict(list)
    for row in TABLE:
        if role := reader(row):
            address, who = walk.address(row), walk.sessions.get(role)
            cookies = {settings.SESSION_COOKIE_NAME: who.session_key} if who else {}
            answer = httpx.get(url + address, cookies=cookies, timeout=60, trust_env=False, verify=False)
            if answer.text[:15].lower() == "<!doctype html>":
                found[walk.city.users[role]].append(address)
    return found


@pytest.fixture
def walk(transactional_db) -> Walk:
    """Made before the market lives: its clock would move what the city moves by hand."""
    return Walk(city_of.build())


def test_every_page_is_accessible_fits_its_window_and_runs_its_scripts(walk, live_market, browser_page):
    shown = pages(walk, live_market.url)
    assert sum(map(len, shown.values())) > 80
    assert troubles(browser_page, shown) == []
