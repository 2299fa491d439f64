"""manage.py serve: the embedded default in one process: pages, live rooms, jobs and clock."""

import contextlib
import signal
import socket
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import preparation, waiting
from config.paths import BASE
from portal.selectors.people import DemoPerson, demo_people


class Server(uvicorn.Server):
    """Says so once it serves."""

    def __init__(self, config: uvicorn.Config, welcome: str) -> None:
        super().__init__(config)
        self._welcome = welcome

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(self._welcome, flush=True)


class Command(BaseCommand):
    help = "Prepare what changed, then serve. Ctrl-C stops everything it started."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_args: Any, **options: Any) -> None:
        # Taken first: a port in use should be told before a minute of preparation, not after.
        with _door(options["host"], options["port"]) as door:
            _prepare(door)
            serve(door, welcome=_welcome())


def serve(door: socket.socket, *, welcome: str) -> None:
    """Serve on a bound socket until a signal says stop."""
    server = Server(
        uvicorn.Config(
            "config.asgi:application",
            ws="config.websocket:Bounded",
            ws_per_message_deflate=False,
            ws_max_size=64 * 2**10,
            access_log=False,
            lifespan="on",
            log_level="warning",
            timeout_graceful_shutdown=3,
        ),
        welcome,
    )
    # uvicorn repeats the signal that stopped it, after everything is closed; the database still has to stop then.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGHUP, lambda *_: server.handle_exit(signal.SIGTERM, None))
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[door])


def _door(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except OSError as taken:
        raise CommandError(
            f"Port {port} cannot be used ({taken.strerror}). Choose another: bin/run --port {port + 1}"
        ) from taken
    return door


def _prepare(door: socket.socket) -> None:
    """In a process of its own, so that the memory that seeding needs is given back. What it says is shown to whoever
    looks in already.
    """
    if not preparation.due():
        return
    command = [sys.executable, str(BASE / "manage.py"), "prepare"]
    with waiting.room(door) as said, subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as work:  # noqa: S603
        try:
            for line in work.stdout or ():
                print(line, end="", flush=True)
                said.append(line.strip(" …\n"))
        except BaseException:  # whoever stops us does not mean to go on preparing
            work.terminate()
            raise
    if work.returncode:
        raise CommandError("Preparation failed; the lines above say why. What was finished stays finished.")


def _welcome() -> str:
    lines = ["", f"  中介服务网上交易平台 is open: {settings.SITE_URL}", ""]
    if people := demo_people() if settings.DEMO else []:
        lines += [*map(_line, people), "", "  Demo people sign in with one click on the sign-in page.", ""]
    lines += ["  Ctrl-C stops everything.", ""]
    return "\n".join(lines)


def _line(person: DemoPerson) -> str:
    return f"    {person.kind:<11} {person.email:<32} {person.name} · {person.organisation}"
