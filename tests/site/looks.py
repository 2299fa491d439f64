"""How pages are looked at: at a desk and on a phone, in both languages, light and dark.

Each page is seen in one of four looks, taken in turn; EVERY_LOOK=1 shows every page in all four, and PICTURES names a
folder that keeps what was seen.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page

from accounts.models import User
from tests.bidding.sockets import session_of


class Look(NamedTuple):
    """`width` in CSS pixels."""

    width: int
    language: str
    dark: bool

    def __str__(self) -> str:
        return f"{self.width}-{self.language}-{'dark' if self.dark else 'light'}"


LOOKS = (
    Look(1440, "zh-hans", dark=False),
    Look(360, "zh-hans", dark=True),
    Look(1440, "en", dark=True),
    Look(360, "en", dark=False),
)
EVERY_LOOK = os.environ.get("EVERY_LOOK") == "1"
PICTURES = os.environ.get("PICTURES")


def troubles(
    browser_page: Callable[..., Page], walks: Mapping[User | None, Sequence[str]], status: int = 200
) -> list[str]:
    """What is wrong with the pages each reader reads (None: a stranger), each line with page and look: an answer with
    another status, a violation of accessibility, something wider than the window.
    """
    found = []
    for number, look in enumerate(LOOKS):
        page = browser_page(width=look.width, language=look.language, dark=look.dark)
        for reader, addresses in walks.items():
            mine = [address for at, address in enumerate(addresses) if EVERY_LOOK or at % len(LOOKS) == number]
            if mine:
                _become(page, reader, look.language)
                found += [f"{one} {look}: {fault}" for one in mine for fault in _faults(page, one, look, status)]
        page.context.close()
    return found


def _become(page: Page, reader: User | None, language: str) -> None:
    """Whoever looked before leaves styles and fonts behind, and nothing else."""
    cookies = {settings.LANGUAGE_COOKIE_NAME: language}
    if reader:
        cookies[settings.SESSION_COOKIE_NAME] = str(session_of(reader).session_key)
    page.context.clear_cookies()
    page.context.add_cookies([{"name": n, "value": v, "domain": "localhost", "path": "/"} for n, v in cookies.items()])


def _faults(page: Page, address: str, look: Look, status: int) -> list[str]:
    answer = page.goto(address)
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{quote(address, safe='')}-{look}.png", full_page=True)
    found = [] if answer and answer.status == status else [f"answers {answer and answer.status}"]
    found += [f"{rule['id']} {rule['nodes'][0]['html']}" for rule in Axe().run(page).response["violations"]]
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > look.width:
        found.append(f"{wide} px wide")
    return found
