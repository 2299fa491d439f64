"""Whoever comes while the market is being prepared is told so, and gets in as soon as it serves."""

import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from config import waiting


@pytest.fixture
def door():
    with socket.create_server(("127.0.0.1", 0)) as bound:
        yield bound


def ask(door, path="/", accept="text/html", method="GET"):
    url = f"http://127.0.0.1:{door.getsockname()[1]}{path}"
    return httpx.request(method, url, headers={"Accept": accept}, timeout=10, trust_env=False)


def test_people_read_what_is_being_done_in_both_languages_and_the_page_looks_again(door):
    with waiting.room(door) as said:
        said += ["数据表 database tables", "<b>2026-03</b>"]
        answer = ask(door, "/needs/?q=x")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    for part in (
        "市场正在准备开门",
        "is getting ready",
        "数据表 database tables",
        "&lt;b&gt;2026-03",
        'http-equiv="refresh"',
    ):
        assert part in answer.text


@pytest.mark.parametrize(("path", "status", "told"), [("/healthz", 200, "up"), ("/readyz", 503, "not ready")])
def test_machines_are_told_whether_to_wait(door, path, status, told):
    with waiting.room(door) as said:
        said.append("数据表 database tables")
        answer = ask(door, path, accept="*/*")
    assert (answer.status_code, answer.json()["status"]) == (status, told)


def test_the_page_comes_with_its_style_and_fonts_and_with_no_other_file(door):
    with waiting.room(door):
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', ask(door).text)
        answers = [ask(door, sheet, accept="text/css,*/*;q=0.1") for sheet in sheets]
        escapes = [ask(door, path, accept="*/*").status_code for path in ("/static/", "/static/%2e%2e/manage.py")]
    assert [(one.status_code, one.headers["Content-Type"]) for one in answers] == [(200, "text/css")] * 2
    assert ".done" in answers[1].text
    assert escapes == [503, 503]


def test_what_is_sent_too_early_is_refused_and_heads_have_no_body(door):
    with waiting.room(door):
        assert ask(door, "/join/", method="POST", accept="*/*").json()["code"] == "market.preparing"
        assert ask(door, method="HEAD").content == b""


def test_whoever_knocks_between_preparation_and_service_is_served(door):
    class Market(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(204)
            self.end_headers()

    with waiting.room(door):
        pass
    answers = []
    visitor = threading.Thread(target=lambda: answers.append(ask(door).status_code))
    visitor.start()
    market = HTTPServer(door.getsockname(), Market, bind_and_activate=False)
    market.socket.close()
    market.socket = door
    market.handle_request()
    visitor.join()
    assert answers == [204]
