"""uvicorn's end of a WebSocket, with bounds on what one connection may cost. Used as `--ws config.websocket:Bounded`.

A client that does not read fills the system's send buffer first, which grows to megabytes by itself, and a connection
that is closed stays as long as something in it waits to be read: for ever, with a reader that never reads. And
whatever a client sends at once is taken apart at once, before anybody else has a turn.
"""

import asyncio
import socket
from asyncio.transports import BaseTransport
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from core import clock

SENT = 64 * 2**10  # bytes on their way to one client that the system keeps; Linux doubles it for its own needs
RECEIVED = 16 * 2**10  # and from one client; its frames are of 2 KB at the most


class Arrived(asyncio.Queue[Any]):
    """What has been read and not been taken yet. A bid counts by the moment it got here, not by the one at which its
    socket has its turn.
    """

    def put_nowait(self, message: Any) -> None:
        super().put_nowait({**message, "arrived_at": clock.now()})


class Bounded(WebSocketsSansIOProtocol):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queue = Arrived()

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        door: socket.socket | None = transport.get_extra_info("socket")
        if door is not None:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENT)
            door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVED)

    def send_receive_event_to_app(self) -> None:
        """What is no UTF-8 ends the connection, and is no fault of ours to be written down with a traceback."""
        if self.close_sent or self.curr_msg_data_type != "text" or _readable(self.frames):
            super().send_receive_event_to_app()
            return
        self.frames = []
        self.conn.send_close(1007)
        self.handle_parser_exception()

    def keepalive_timeout(self) -> None:
        """Who did not answer a ping does not read either: what still waits for it is thrown away."""
        super().keepalive_timeout()
        self.transport.abort()


def _readable(frames: list[bytes]) -> bool:
    try:
        b"".join(frames).decode()
    except UnicodeDecodeError:
        return False
    return True
