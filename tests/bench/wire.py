"""A WebSocket client as cheap as can be, so that the load generator does not become what is measured."""

import asyncio
import os
import struct
from collections.abc import Callable


class Wire(asyncio.Protocol):
    """Client side of one connection. `on_text(bytes)` gets each text frame's payload."""

    def __init__(self, path: str, host: str, cookie: str, on_text: Callable[[bytes], None]) -> None:
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nCookie: {cookie}\r\n\r\n"
        )
        self._on_text = on_text
        self._buffer = bytearray()
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport) -> None:
        self._transport = transport
        transport.write(self._request.encode())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self.open.done():
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            status = bytes(self._buffer[:12])
            del self._buffer[: end + 4]
            if status != b"HTTP/1.1 101":
                self.open.set_exception(ConnectionError(status.decode()))
                return
            self.open.set_result(None)
        self._frames()

    def _frames(self) -> None:
        buffer, at = self._buffer, 0
        while len(buffer) - at >= 2:
            size, start = buffer[at + 1], at + 2
            if size == 126:
                if len(buffer) - at < 4:
                    break
                size, start = struct.unpack_from("!H", buffer, at + 2)[0], at + 4
            elif size == 127:
                if len(buffer) - at < 10:
                    break
                size, start = struct.unpack_from("!Q", buffer, at + 2)[0], at + 10
            if len(buffer) - start < size:
                break
            if buffer[at] == 0x81:
                self._on_text(bytes(buffer[start : start + size]))
            elif buffer[at] == 0x89:
                self._send(0x8A, bytes(buffer[start : start + size]))
            at = start + size
        del buffer[:at]

    def send(self, text: bytes) -> None:
        self._send(0x81, text)

    def _send(self, opcode: int, payload: bytes) -> None:
        """A mask of zeros is allowed by the protocol and costs nothing."""
        size = len(payload)
        head = bytes([opcode, 0x80 | size]) if size < 126 else bytes([opcode, 0xFE]) + struct.pack("!H", size)
        self._transport.write(head + b"\0\0\0\0" + payload)

    def close(self) -> None:
        self._transport.close()

    def connection_lost(self, fault) -> None:
        if not self.open.done():
            self.open.set_exception(fault or ConnectionError("closed"))


async def connect(port: int, path: str, on_text: Callable[[bytes], None], cookie: str = "") -> Wire:
    host = f"127.0.0.1:{port}"
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(lambda: Wire(path, host, cookie, on_text), "127.0.0.1", port)
    await wire.open
    return wire


def token() -> str:
    return os.urandom(8).hex()
