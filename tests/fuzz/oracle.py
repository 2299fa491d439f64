"""What may come back from a room, and what may be in its log, said without asking the room's own code."""

import json
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

PROTOCOL = Path(__file__).resolve().parents[2] / "docs" / "realtime.md"
TYPES = frozenset({"hello", "events", "receipt", "refused", "pong", "watchers", "bye", "my_floor"})
AMOUNT = re.compile(r" *(\d{1,10}|\d{1,3}(,\d{3}){1,3})(\.\d{1,2})? *", re.ASCII)
REF = re.compile(r"[A-Za-z0-9-]{8,40}", re.ASCII)
LARGEST = 2048
# Closed by WebSocket itself: what was sent was no WebSocket, or no UTF-8, or too large.
WIRE = frozenset({1000, 1002, 1003, 1006, 1007, 1009})


def documented() -> tuple[frozenset[str], frozenset[int]]:
    """Refusal codes and close codes as docs/realtime.md lists them."""
    text = PROTOCOL.read_text()
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `") or re.match(r"\| \d{4} ", line)]
    codes, family = set(), ""
    for code in re.findall(r"`([a-z_.]+)`", " ".join(rows)):
        family = code.split(".")[0] if not code.startswith(".") else family
        codes.add(family + code if code.startswith(".") else code)
    codes |= set(re.findall(r"`([a-z]+\.[a-z_]+)`", text))
    return frozenset(codes), frozenset(int(row) for row in rows if row.strip().isdigit())


class Sent:
    """Every frame that might be a bid: reference -> amounts it may have asked for."""

    def __init__(self):
        self.amounts = defaultdict(set)

    def note(self, frame):
        """Remember it."""
        kind, ref, amount = _asked(frame)
        if kind == "bid":
            self.amounts[ref].add(amount)


def asked(frame):
    """The amount of a frame that might be taken as a bid or a floor, or None."""
    return _asked(frame)[2]


def _asked(frame):
    command = _parsed(frame)
    if not isinstance(command, dict) or command.get("type") not in ("bid", "floor"):
        return None, None, None
    ref, amount = command.get("ref"), command.get("amount")
    if (
        not isinstance(ref, str)
        or not REF.fullmatch(ref)
        or not isinstance(amount, str)
        or not AMOUNT.fullmatch(amount)
    ):
        return None, None, None
    return command["type"], ref, Decimal(amount.strip().replace(",", ""))


def _parsed(frame):
    """As strict JSON; None for everything else."""
    if isinstance(frame, bytes) or len(frame) > LARGEST:
        return None
    try:
        return json.loads(frame, parse_constant=_never)
    except (ValueError, RecursionError):
        return None


def _never(literal):
    raise ValueError(literal)
