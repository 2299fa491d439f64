"""A living market for tests that need a real server: browsers, sockets, jobs.

`live_market` gives its address. It is the whole application behind uvicorn on a free port, in a thread of this
process, on this worker's test database, in demo mode, with job runners and clock. The server lives as long as the
session; runners live as long as the test that asked, and the database is put back after it.

    def test_a_page(live_market, page):
        page.goto(live_market.url + "/needs/")

`page` is a Chromium page with the market's address as base and fails the test on any script error or refused
resource; `browser_page(width=360, dark=True, language="en")` makes more of them. Tests that use them are marked
`browser` and are skipped, saying so, where Chromium is missing.
"""

import contextlib
import os
import shutil
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from django.db import connections
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 60
QUEUE = 1024  # who comes while the loop is busy waits here; more than any test sends
# For every new context Chromium's address bar would load two pages of its own, at the price of ten of ours. Only the
# last list of this kind counts, so what Playwright's own list (chromiumSwitches.ts) keeps quiet is repeated here.
FEATURES_OFF = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable"),
    *("HttpsUpgrades", "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints"),
    *("PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning"),
)
CHROMIUM_OPTIONS = ["--no-proxy-server", f"--disable-features={','.join(FEATURES_OFF)}"]
expect.set_options(timeout=30_000)  # milliseconds: other tests may share the machine
LANGUAGES = {"zh-hans": "zh-CN", "en": "en-GB"}


@dataclass(frozen=True)
class LiveMarket:
    """`url` without a slash at its end; `ws` the same for sockets."""

    url: str
    ws: str


class Server(threading.Thread):
    """uvicorn as `serve` runs it, without its lifespan: each test starts its own runners."""

    def __init__(self) -> None:
        super().__init__(name="live-market", daemon=True)
        self.door = socket.create_server(("127.0.0.1", 0), backlog=QUEUE)
        self.port = self.door.getsockname()[1]
        config = uvicorn.Config(
            "config.asgi:application",
            ws="config.websocket:Bounded",
            ws_per_message_deflate=False,
            access_log=False,
            lifespan="off",
            log_level="warning",
            timeout_graceful_shutdown=1,
        )
        self.server = uvicorn.Server(config)

    def run(self) -> None:
        self.server.run(sockets=[self.door])

    def awake(self) -> None:
        """Does the loop answer? What a test before left behind is named here, not by whoever waits in vain later."""
        try:
            # Reading all certificates of the world takes longer than the answer.
            httpx.get(f"http://127.0.0.1:{self.port}/ws/", timeout=PATIENCE, trust_env=False, verify=False)
        except httpx.TransportError as fault:
            raise AssertionError(f"the live server does not answer; it stands at\n{self._place()}") from fault

    def _place(self) -> str:
        frame = sys._current_frames().get(self.ident or 0)
        return "".join(traceback.format_stack(frame)) if frame else "nothing: its thread has ended"

    def stop(self) -> None:
        self.server.should_exit = True
        self.join(timeout=10)
        self.door.close()


@pytest.fixture(scope="session")
def _live_server(django_db_setup) -> Iterator[Server]:
    server = Server()
    server.start()
    # The door is open already: whoever comes before uvicorn is ready waits in its queue.
    yield server
    server.stop()


@pytest.fixture
def live_market(transactional_db, _live_server, settings) -> Iterator[LiveMarket]:
    """The living market; everything it wrote is gone after the test."""
    from config.lifespan import runners

    settings.SITE_URL = f"http://localhost:{_live_server.port}"
    _live_server.awake()
    working = runners()
    assert working
    working.start()
    try:
        yield LiveMarket(settings.SITE_URL, f"ws://localhost:{_live_server.port}")
    finally:
        working.stop()
        connections.close_all()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser per module: playwright's loop occupies the thread, so async tests need modules of their own."""
    if not CHROMIUM:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as tool, pytest.MonkeyPatch.context() as patch:
        # Django sees that loop and would forbid the test itself to look into the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield tool.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)


@pytest.fixture
def browser_page(live_market, chromium) -> Iterator[Callable[..., Page]]:
    """Makes pages, each in a browser profile of its own: browser_page(width=360, dark=True, language="en")."""
    troubles: list[str] = []
    with contextlib.ExitStack() as contexts:

        def make(*, width: int = 1440, height: int = 900, dark: bool = False, language: str = "zh-hans") -> Page:
            context = chromium.new_context(
                base_url=live_market.url,
                viewport={"width": width, "height": height},
                color_scheme="dark" if dark else "light",
                locale=LANGUAGES[language],
                reduced_motion="reduce",
            )
            contexts.callback(context.close)
            made = context.new_page()
            made.on("pageerror", lambda fault: troubles.append(f"script error: {fault}"))
            made.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
            return made

        yield make
    # Answers with an error status, or no answer at all, are what a test may be after; refused resources and broken
    # scripts never are.
    expected = ("Failed to load resource", "net::ERR_INTERNET_DISCONNECTED")
    assert [text for text in troubles if not any(one in text for one in expected)] == []


@pytest.fixture
def page(browser_page) -> Page:
    """A page as most people see it: 1440 px, light, Chinese."""
    return browser_page()
