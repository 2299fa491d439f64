"""Who opens a socket: the session of the browser's cookie and its user, read once.

Channels' own session middleware stands between a socket and every frame it is sent, to save sessions that changed.
Ours never change there, so frames go straight to the server: a fifth of what handing one out costs.
"""

import logging
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

from channels.sessions import CookieMiddleware
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import Error

from bidding.threads import in_thread

App = Callable[[dict[str, Any], Any, Any], Awaitable[Any]]
log = logging.getLogger("market.server")
TRY_AGAIN = 1013
UPGRADE_REQUIRED = 426


class _Identified:
    def __init__(self, inner: App) -> None:
        self.inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        session = SessionStore(scope["cookies"].get(settings.SESSION_COOKIE_NAME))
        try:
            # On the connections of the rooms: when the database comes back, so do the sockets, before any page.
            user = await in_thread(get_user, SimpleNamespace(session=session))  # type: ignore[arg-type]
        except Error as fault:
            log.warning("a socket cannot be identified now: %s", fault)
            await receive()
            await send({"type": "websocket.close", "code": TRY_AGAIN})
            return None
        return await self.inner({**scope, "session": session, "user": user}, receive, send)


def identified(inner: App) -> App:
    """Adds cookies, session and user to the scope of a socket."""
    return CookieMiddleware(_Identified(inner))  # type: ignore[no-any-return]


class SocketsOnly:
    """Answers who asks for a page below /ws/, where none is, without asking anybody: a handshake that came out broken,
    or somebody who tries the address in a browser. A page that says "not found" would ask the database for its frame,
    and be an error whenever that is away.
    """

    _SAYS = "这个地址只接受 WebSocket 连接。\nThis address takes WebSocket connections only.\n".encode()

    def __init__(self, pages: App) -> None:
        self._pages = pages

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if not scope["path"].startswith("/ws/"):
            await self._pages(scope, receive, send)
            return
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"upgrade", b"websocket")]
        length = (b"content-length", str(len(self._SAYS)).encode())
        await send({"type": "http.response.start", "status": UPGRADE_REQUIRED, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": self._SAYS})
