"""What lives as long as a server process: the look at its clock, and the runner threads of the embedded default."""

import asyncio
import gc
import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

from bidding import keyring
from config.pauses import Pauses
from config.schedule import PERIODIC, SIMULATED
from core.jobs import Runners
from core.skew import Watch

log = logging.getLogger("market.server")
SWEEP = "core.sweep_jobs"
SWITCH = 0.0005  # seconds; Python's own 5 ms are for programs that only compute
App = Callable[[dict[str, Any], Callable[..., Awaitable[Any]], Callable[..., Awaitable[Any]]], Awaitable[None]]


def runners() -> Runners | None:
    """Runner threads as the settings want them; None where Celery does their work."""
    if settings.JOB_RUNNERS <= 0:
        return None
    wanted = PERIODIC | SIMULATED if settings.SIMULATE else PERIODIC
    return Runners(settings.JOB_RUNNERS, wanted)


class Lifespan:
    """Wraps an ASGI application: starts the runners before the first request, stops them after the last."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._pauses = Pauses()
        self._runners: Runners | None = None
        self._watch = Watch("web")
        self._noting: asyncio.Task[None] | None = None

    async def __call__(
        self, scope: dict[str, Any], receive: Callable[..., Awaitable[Any]], send: Callable[..., Awaitable[Any]]
    ) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._start()
                await send({"type": "lifespan.startup.complete"})
            else:
                self._pauses.stop()
                if self._noting is not None:
                    self._noting.cancel()
                await asyncio.to_thread(self._stop)
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _start(self) -> None:
        # What was loaded stays for good: looking through it again is a pause of 100 ms that bidders would feel.
        gc.collect()
        gc.freeze()
        # A thread back from the database waits this long for one that computes, five times for one bid.
        sys.setswitchinterval(SWITCH)
        self._pauses.start()
        self._noting = asyncio.get_running_loop().create_task(keyring.at_start())
        self._watch.start()
        self._runners = runners()
        if self._runners:
            self._runners.start()

    def _stop(self) -> None:
        self._watch.stop()
        if self._runners:
            self._runners.stop()
