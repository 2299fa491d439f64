"""The living market of the tests is the whole application: pages, styles, sockets, jobs."""

import asyncio
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from asgiref.sync import async_to_sync
from celery import shared_task
from django.db import connection
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from core import audit, jobs
from core.models import AuditEntry, Job


@shared_task(name="tests.leave_a_line")
def leave_a_line():
    audit.record(stream="test:live", action="ran", by=audit.SYSTEM)


def test_pages_and_their_styles_are_served(live_market):
    sheet = httpx.get(live_market.url + "/static/css/app.css", trust_env=False, timeout=30)
    assert sheet.status_code == 200
    assert httpx.get(live_market.url + "/account/login/", trust_env=False, timeout=30).status_code == 200


def test_jobs_run_by_themselves(live_market):
    jobs.enqueue("tests.leave_a_line")
    deadline = time.monotonic() + 10
    while Job.objects.filter(state=Job.State.WAITING).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert AuditEntry.objects.get(stream="test:live").action == "ran"


def test_sockets_from_foreign_pages_are_refused(live_market):
    async def knock():
        async with connect(live_market.ws + "/ws/competitions/1/", origin="http://elsewhere.example", proxy=None):
            pass

    with pytest.raises((WebSocketException, asyncio.TimeoutError)):
        async_to_sync(knock)()


@pytest.mark.browser
def test_a_browser_sees_the_page_without_script_errors(live_market, page):
    page.goto("/account/login/")
    assert page.title()


def test_pages_that_say_no_come_after_a_restart_of_the_database_too(live_market):
    with ThreadPoolExecutor(8) as visitors:

        def visit():
            urls = [f"{live_market.url}/no/such/page/"] * 16
            return Counter(visitors.map(lambda url: httpx.get(url, trust_env=False, timeout=30).status_code, urls))

        assert visit() == {404: 16}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle'"
            )
        assert visit() == {404: 16}
