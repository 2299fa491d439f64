"""Frames for a live room, drawn from one seeded source: commands as documented, then bent."""

import json
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

COMMANDS = ("bid", "replay", "ping", "floor", "my_floor")
KEYS = ("type", "ref", "amount", "from", "t", "protocol", "seq", "__proto__", "")
JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 1.5, -0.0, 1e308, 2**31, 2**53 + 1, 2**63, 10**30, "", " ", "x", "x" * 60, "x" * 3000,
    "\x00", "a\x00b", "\ud7ff", "💥" * 5, "１００", "٣٤", "NaN", "Infinity", "-Infinity", "1e9", "-5", "+5", "0x10",
    "1_000", "\t5", "5\n", "0", "0.00", "0.001", "00001", "1.", ".5", "1,00", "1,000", "12,34,567.00", "9" * 30,
    "1.999", [], {}, [[]], [[[[[[[[]]]]]]]], {"a": {"b": [1]}}, ["bid"], {"type": "bid"}, "null", "' OR 1=1 --",
    "{next_max}", "{0.__class__}", "%s%n", "<script>", "../../etc", "bid",
    "award", "my_floor", "BID", "bid ", "hello", "events", "closed",
)  # fmt: skip
LITERALS = ("NaN", "Infinity", "-Infinity", "1e400", "-0", "01", "0x1", "1" * 400, "'x'", "undefined", "/**/1",
            "\\ud800", '"\\ud800"', '"\\u0000"', '"\\x41"', "[" * 500, "{" * 500, "nan", "True")  # fmt: skip
Frame = str | bytes


class Frames:
    """`room` in what follows is what the sender knows of the room: next_max as text or None, seq."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self._refs: list[str] = []
        self.straight_on = False  # was the last frame as documented?

    def ref(self) -> str:
        """A new one, or one that was used before."""
        if self._refs and self.chance.random() < 0.2:
            return self.chance.choice(self._refs)
        made = f"fz-{self.chance.getrandbits(64):016x}"
        self._refs = [*self._refs[-50:], made]
        return made

    def command(self, room: dict[str, Any]) -> dict[str, Any]:
        kind = self.chance.choices(COMMANDS, (6, 1, 2, 1, 1))[0]
        if kind == "bid":
            return {"type": "bid", "ref": self.ref(), "amount": self.amount(room)}
        if kind == "replay":
            return {"type": "replay", "from": self.chance.choice((1, room["seq"], room["seq"] + 1, 5))}
        if kind == "floor":
            return {"type": "floor", "ref": self.ref(), "amount": self.chance.choice((self.amount(room), None))}
        if kind == "my_floor":
            return {"type": "my_floor"}
        return {"type": "ping", "t": self.chance.choice((1, 2.5, 123456789))}

    def amount(self, room: dict[str, Any]) -> str:
        """Around the highest amount that would be taken, written in one of the ways that are understood."""
        limit = Decimal(room["next_max"] or "0.01")
        value = limit + self.chance.choice((0, 0, -1, -1, -7, -300, -4000, 1, 100)) * Decimal("0.01")
        text = str(max(value, Decimal("0.01")))
        return self.chance.choice((text, text, text, f"{value:,.2f}", f" {text}", text.rstrip("0").rstrip(".")))

    def frame(self, room: dict[str, Any]) -> Frame:
        command = self.command(room)
        bend = self.chance.choices(_BENDS, _WEIGHTS)[0]
        self.straight_on = bend is Frames.straight
        return bend(self, command)

    # Ways to bend a command ---------------------------------------------------------------------------------------

    def straight(self, command: dict[str, Any]) -> Frame:
        return json.dumps(command)

    def without(self, command: dict[str, Any]) -> Frame:
        command.pop(self.chance.choice(list(command)))
        return json.dumps(command)

    def replaced(self, command: dict[str, Any]) -> Frame:
        """One or two values of another kind; ensure_ascii or not."""
        for _ in range(self.chance.choice((1, 1, 2))):
            command[self.chance.choice(list(command))] = self.chance.choice(JUNK)
        return json.dumps(command, ensure_ascii=self.chance.random() < 0.5)

    def added(self, command: dict[str, Any]) -> Frame:
        command[self.chance.choice(KEYS)] = self.chance.choice(JUNK)
        return json.dumps(command)

    def wrapped(self, command: dict[str, Any]) -> Frame:
        return json.dumps(
            self.chance.choice(([command], {"type": command}, [command] * 3, {"bid": command}, str(command)))
        )

    def twice(self, command: dict[str, Any]) -> Frame:
        """The same key twice in one object."""
        text = json.dumps(command)
        key = self.chance.choice(list(command))
        return f"{text[:-1]}, {json.dumps(key)}: {json.dumps(self.chance.choice(JUNK))}}}"

    def literal(self, command: dict[str, Any]) -> Frame:
        """A value that JSON does not know, or knows in no way one expects."""
        key = self.chance.choice(list(command))
        command[key] = "@@"
        return json.dumps(command).replace('"@@"', self.chance.choice(LITERALS))

    def torn(self, command: dict[str, Any]) -> Frame:
        text = json.dumps(command)
        cut = self.chance.randrange(len(text))
        return self.chance.choice(
            (text[:cut], text[cut:], text[:cut] + text[cut + 1 :], text + text, text + text[:cut])
        )

    def padded(self, command: dict[str, Any]) -> Frame:
        pad = self.chance.choice((" ", "\n", "\t", "\ufeff", "\u200b", " " * 2100, " " * 60_000))
        return self.chance.choice((pad + json.dumps(command), json.dumps(command) + pad))

    def flipped(self, command: dict[str, Any]) -> Frame:
        """Single bits. What is no longer UTF-8 ends the connection, as WebSocket demands."""
        data = bytearray(json.dumps(command).encode())
        for _ in range(self.chance.choice((1, 1, 3))):
            data[self.chance.randrange(len(data))] ^= 1 << self.chance.randrange(7)
        return data.decode()

    def binary(self, command: dict[str, Any]) -> Frame:
        return self.chance.choice(
            (json.dumps(command).encode(), self.chance.randbytes(self.chance.choice((0, 1, 40, 3000))))
        )

    def noise(self, _command: dict[str, Any]) -> Frame:
        return "".join(chr(self.chance.choice((self.chance.randrange(1, 128), 0x4E00, 0x1F4A5))) for _ in range(30))


_TABLE: dict[Callable[[Frames, dict[str, Any]], Frame], int] = {
    Frames.straight: 40, Frames.without: 5, Frames.replaced: 16, Frames.added: 8, Frames.wrapped: 3, Frames.twice: 4,
    Frames.literal: 6, Frames.torn: 5, Frames.padded: 3, Frames.flipped: 5, Frames.binary: 2, Frames.noise: 3,
}  # fmt: skip
_BENDS, _WEIGHTS = list(_TABLE), list(_TABLE.values())


def handshake(chance: Random, path: str) -> bytes:
    """The beginning of a connection that is not one, or is one and goes on with bytes that are no frames."""
    whole = (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()
    kind = chance.randrange(4)
    if kind == 0:
        return whole + chance.randbytes(chance.randrange(1, 200))
    if kind == 1:
        at = chance.randrange(len(whole))
        return whole[:at] + chance.randbytes(3) + whole[at:]
    if kind == 2:
        return whole.replace(b": 13", b": 7").replace(b"competitions", chance.choice((b"competitions", b"x", b"..")))
    return whole + b"\x81\xff" + b"\xff" * 8 + chance.randbytes(20)  # a frame of 2**64 bytes
