"""What whoever comes too early is told: while the market is made ready, its door answers with what is being done."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from config.paths import BASE

PAGE, STYLE = BASE / "templates" / "errors" / "preparing.html", BASE / "static" / "css" / "broken.css"
SHEET = "/static/css/broken.css"  # where the market itself has it too
AGAIN = 3  # seconds after which to come back


class _Clerk(BaseHTTPRequestHandler):
    """Pages for people, JSON for machines; /healthz says the process is up, everything else that it is not ready."""

    server: "_Room"
    timeout = 5  # seconds an idle visitor is kept: soon the market itself is behind this door

    def do_GET(self) -> None:
        up = self.path == "/healthz"
        if self.path == SHEET:
            kind, body = "text/css; charset=utf-8", STYLE.read_text(encoding="utf-8")
        elif "text/html" in self.headers.get("Accept", ""):
            kind, body = "text/html; charset=utf-8", self.server.page()
        else:
            answer = (
                {"status": "up"}
                if up
                else {"status": "not ready", "code": "market.preparing", "done": self.server.said}
            )
            kind, body = "application/json", json.dumps(answer, ensure_ascii=False)
        content = body.encode()
        self.send_response(HTTPStatus.OK if up or self.path == SHEET else HTTPStatus.SERVICE_UNAVAILABLE)
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
        return PAGE.read_text(encoding="utf-8").format(style=SHEET, lines=lines, again=AGAIN)


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
