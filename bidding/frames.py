"""What goes over the wire, protocol version 1 (docs/realtime.md). Only here events become public frames.

No frame names an agency before the close: the log itself holds pseudonyms and commitments only.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from bidding.rules.board import Board, Standing
from bidding.rules.proxy import RESTRICTED, TAKEN_BACK, Seal
from bidding.rules.record import Event, Record, stamp
from core.errors import Refusal

PROTOCOL = 1
LADDER = 1000  # bids in a snapshot; ladder_from says how many came before them
# The fields of each kind that watchers see while the room is live; the full record follows after the close.
PUBLIC: dict[str, tuple[str, ...]] = {
    "opened": (),
    "entered": ("by",),
    "withdrawn": ("by",),
    "bid": ("by", "amount"),
    "extended": ("ends_at",),
    "floor_sealed": (),
    "closed": ("reason",),
    "draw": ("secret", "entrants", "winner"),
    "excluded": ("by", "reason"),
    "awarded": ("by", "amount", "rank"),
    "failed": ("reason",),
}


def public_event(record: Record) -> dict[str, Any]:
    event = record.event
    shown = {"seq": record.seq, "at": stamp(event.at), "kind": event.kind}
    if event.kind in _RETOLD:
        return shown | _RETOLD[event.kind](event)
    shown |= {key: event.data[key] for key in PUBLIC[event.kind]}
    return shown | {"auto": True} if "auto" in event.data else shown


def _names(event: Event) -> dict[str, Any]:
    return {"names": {by: who["name"] for by, who in event.data["names"].items()}}


def _floors(event: Event) -> dict[str, Any]:
    """The floors that were passed; whose the others were stands in the record."""
    rows = [row for row in event.data["floors"] if row.get("amount", TAKEN_BACK) not in (TAKEN_BACK, RESTRICTED)]
    return {"floors": [{"seq": row["seq"], "by": row["by"], "amount": row["amount"]} for row in rows]}


_RETOLD: dict[str, Callable[[Event], dict[str, Any]]] = {"revealed": _names, "floors_opened": _floors}


def standing(best: Standing | None) -> dict[str, Any] | None:
    return None if best is None else {"by": best.by, "amount": str(best.amount), "seq": best.seq}


def rung(bid: Standing) -> dict[str, Any]:
    shown = {"seq": bid.seq, "at": stamp(bid.at), "by": bid.by, "amount": str(bid.amount)}
    return shown | {"auto": True} if bid.auto else shown


def amount(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def events_frame(records: Sequence[Record], board: Board, now: datetime) -> str:
    """The last events of a board and its state after them, serialised once for everybody."""
    frame = {
        "type": "events",
        "from": board.seq - len(records) + 1,
        "to": board.seq,
        "events": [public_event(record) for record in records],
        **_state(board, now),
    }
    return orjson.dumps(frame).decode()


def _state(board: Board, now: datetime) -> dict[str, Any]:
    return {
        "state": board.state(now),
        "best": standing(board.best),
        "next_max": amount(board.next_max),
        "ends_at": stamp(board.end),
        "bidders": len(board.entrants),
        "head": board.head,
    }


def snapshot(board: Board, title: str, now: datetime) -> dict[str, Any]:
    """The whole picture: applying later events to it gives the same as a later snapshot."""
    terms = board.fixed
    return {
        "competition": board.competition,
        "title": title,
        "method": terms.method,
        "ceiling": str(terms.ceiling),
        "step": str(terms.step),
        "starts_at": stamp(terms.starts_at),
        "hard_ends_at": stamp(terms.hard_ends_at),
        "soft_close_seconds": int(terms.soft_close.total_seconds()),
        "extend_seconds": int(terms.extension.total_seconds()),
        "seq": board.seq,
        **_state(board, now),
        "ladder_from": max(0, len(board.bids) - LADDER),
        "ladder": [rung(bid) for bid in board.bids[-LADDER:]],
        "lowest": [rung(bid) for bid in sorted(board.lowest.values(), key=lambda bid: bid.amount)],
        "names": {by: who["name"] for by, who in board.names.items()},
        "awards": [standing(award) for award in board.awards],
        "failed": board.failed,
    }


def hello(picture: bytes, *, role: str, pseudonym: str | None, watchers: int, now: datetime) -> str:
    """The first frame; `picture` is the snapshot, serialised once for all who join at this seq."""
    frame = {
        "type": "hello",
        "protocol": PROTOCOL,
        "server_time": stamp(now),
        "role": role,
        "you": {"pseudonym": pseudonym} if pseudonym else None,
        "watchers": watchers,
        "snapshot": orjson.Fragment(picture),
    }
    return orjson.dumps(frame).decode()


def receipt(answer: dict[str, Any], ref: str) -> str:
    """`ref` is what was asked with; a floor's own record does not hold it."""
    return orjson.dumps({"type": "receipt", **answer, "ref": ref}).decode()


def floor(own: Seal | None) -> dict[str, Any] | None:
    """A bidder's floor in force, for its owner alone."""
    return {"amount": own.held, "seq": own.seq} if own is not None and own.amount is not None else None


def my_floor(own: Seal | None) -> str:
    return orjson.dumps({"type": "my_floor", "floor": floor(own)}).decode()


def refused(refusal: Refusal, ref: str | None = None, next_max: Decimal | None = None) -> str:
    frame = {
        "type": "refused",
        "ref": ref,
        "code": refusal.code,
        "texts": refusal.both(),
        "next_max": amount(next_max),
    }
    return orjson.dumps(frame).decode()


def bye(refusal: Refusal) -> str:
    return orjson.dumps({"type": "bye", "code": refusal.code, "texts": refusal.both()}).decode()


def pong(echo: Any, now: datetime) -> str:
    return orjson.dumps({"type": "pong", "t": echo, "server_time": stamp(now)}).decode()


def watchers(count: int) -> str:
    return orjson.dumps({"type": "watchers", "count": count}).decode()
