"""What whoever comes too early is told: while the market is made ready, its door answers with what is being done."""

import json
import mimetypes
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation

from config.paths import BASE

PAGE = BASE / "templates" / "errors" / "preparing.html"
AGAIN = 3  # seconds after which to come back


class _Clerk(BaseHTTPRequestHandler):
    """Pages for people, JSON for machines; /healthz says the process is up, everything else that it is not ready."""

    server: "_Room"
    timeout = 5  # seconds an idle visitor is kept: soon the market itself is behind this door

    def do_GET(self) -> None:
        found = _static_file(self.path)
        if found:
            self._answer(
                HTTPStatus.OK, mimetypes.guess_type(found)[0] or "application/octet-stream", found.read_bytes()
            )
        elif "text/html" in self.headers.get("Accept", ""):
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, "text/html; charset=utf-8", self.server.page().encode())
        elif self.path == "/healthz":
            self._say(HTTPStatus.OK, {"status": "up"})
        else:
            said = {"status": "not ready", "code": "market.preparing", "done": self.server.said}
            self._say(HTTPStatus.SERVICE_UNAVAILABLE, said)

    def _say(self, status: HTTPStatus, answer: Mapping[str, object]) -> None:
        self._answer(status, "application/json", json.dumps(answer, ensure_ascii=False).encode())

    def _answer(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", len(content)), ("Retry-After", AGAIN)):
            self.send_header(name, str(value))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_HEAD = do_POST = do_GET  # noqa: N815 - names the base class looks for

    def log_message(self, *_args: object) -> None:
        """The terminal shows what is being done, not who asks."""


class _Room(ThreadingHTTPServer):
    block_on_close = False

    def __init__(self, door: socket.socket) -> None:
        super().__init__(door.getsockname()[:2], _Clerk, bind_and_activate=False)
        self.socket.close()
        self.socket = door.dup()
        self.said: list[str] = []

    def page(self) -> str:
        lines = "".join(f"<li>{escape(line)}</li>" for line in self.said)
        return PAGE.read_text(encoding="utf-8").format(lines=lines, again=AGAIN)


def _static_file(path: str) -> Path | None:
    """Styles and fonts are there before the market is."""
    if not path.startswith("/static/"):
        return None
    try:
        found = finders.find(unquote(path.removeprefix("/static/").partition("?")[0]))
    except SuspiciousFileOperation:
        return None
    return Path(found) if isinstance(found, str) and Path(found).is_file() else None


@contextmanager
def room(door: socket.socket) -> Iterator[list[str]]:
    """Answer at a bound socket until the block ends; who knocks after that waits for whoever serves there next.

    Gives the list that the page shows, line by line; its owner fills it.
    """
    waiting = _Room(door)
    waiting.server_activate()
    thread = threading.Thread(target=waiting.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield waiting.said
    finally:
        waiting.shutdown()
        waiting.server_close()
