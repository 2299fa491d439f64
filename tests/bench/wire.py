"""A WebSocket client as cheap as can be, so that the load generator does not become what is measured."""

import asyncio
import os
import struct
from collections.abc import Callable


def request(path: str, host: str, cookie: str = "") -> bytes:
    """What opens a connection."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nCookie: {cookie}\r\n\r\n"
    ).encode()


def masked(payload: bytes, opcode: int = 0x81) -> bytes:
    """A client's frame. A mask of zeros is allowed by the protocol and costs nothing."""
    size = len(payload)
    head = bytes([opcode, 0x80 | size]) if size < 126 else bytes([opcode, 0xFE]) + struct.pack("!H", size)
    return head + b"\0\0\0\0" + payload


class Wire(asyncio.Protocol):
    """Client side of one connection. `on_text(bytes)` gets each text frame's payload."""

    def __init__(self, path: str, host: str, cookie: str, on_text: Callable[[bytes], None]) -> None:
        self._request = request(path, host, cookie)
        self._on_text = on_text
        self._buffer = bytearray()
        self.lost = False
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport) -> None:
        self._transport = transport
        transport.write(self._request)

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
        self._transport.write(masked(payload, opcode))

    def raw(self, data: bytes) -> None:
        self._transport.write(data)

    def backlog(self) -> int:
        """Bytes that the system has not taken yet."""
        return self._transport.get_write_buffer_size()

    def close(self) -> None:
        self._transport.close()

    def connection_lost(self, fault) -> None:
        self.lost = True
        if not self.open.done():
            self.open.set_exception(fault or ConnectionError("closed"))


async def connect(port: int, path: str, on_text: Callable[[bytes], None], cookie: str = "") -> Wire:
    host = f"127.0.0.1:{port}"
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(lambda: Wire(path, host, cookie, on_text), "127.0.0.1", port)
    await wire.open
    return wire


async def connect_many(port: int, path: str, on_text: Callable[[bytes], None], count: int) -> list[Wire]:
    """Strangers' connections, ten at a time."""
    made: list[Wire] = []
    while len(made) < count:
        some = (connect(port, path, on_text) for _ in range(min(10, count - len(made))))
        made += await asyncio.gather(*some)
    return made


def token() -> str:
    return os.urandom(8).hex()
