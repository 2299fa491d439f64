"""Bids, identities, draw and awards, each decided again from what was known at that moment."""

from collections.abc import Sequence
from decimal import Decimal

from bidding.rules import draw, outcome
from bidding.rules.auction import Accepted, Offer, decide
from bidding.rules.board import Board
from bidding.rules.record import Event, Record
from bidding.verify.finding import BrokenError


def bids(records: Sequence[Record]) -> None:
    """Every bid is decided again; what the rules would append must be what stands in the record."""
    board = Board(0)
    owed: list[Event] = []
    for record in records:
        if owed:
            if record.event != owed[0]:
                raise BrokenError(f"record {record.seq} is not the extension that bid {record.seq - 1} causes")
            owed = owed[1:]
        elif record.event.kind == "extended":
            raise BrokenError(f"record {record.seq} moves the end without a bid")
        elif record.event.kind == "bid":
            owed = _due(board, record)
        board.fold(record)


def _due(board: Board, record: Record) -> list[Event]:
    event = record.event
    offer = Offer(event.data["by"], Decimal(event.data["amount"]), event.data["ref"])
    decision = decide(board, offer, event.at)
    if not isinstance(decision, Accepted) or decision.events[0] != _by_hand(event):
        raise BrokenError(f"bid {record.seq} would not be accepted by the rules")
    return list(decision.events[1:])


def _by_hand(event: Event) -> Event:
    """An automatic bid as any other: whether a floor made it is looked at with the floors."""
    if "auto" in event.data and event.data["ref"]:
        return Event(event.kind, event.at, {})
    return Event(event.kind, event.at, {name: value for name, value in event.data.items() if name != "auto"})


def _folded(records: Sequence[Record]) -> Board:
    return Board(0).fold_all(records)


def identities(records: Sequence[Record]) -> None:
    board = _folded(records)
    if board.names and board.names.keys() != board.entrants.keys():
        raise BrokenError("the names do not belong to the entrants")
    for by, who in board.names.items():
        if draw.entry_commitment(int(who["agency"]), who["name"], who["salt"]) != board.entrants[by]:
            raise BrokenError(f"the name of {by} does not open its commitment")


def drawing(records: Sequence[Record]) -> None:
    """One draw where one was announced, by the secret and among the entrants it was announced for; none elsewhere."""
    board = _folded(records)
    draws = [record for record in records if record.event.kind == "draw"]
    due = board.fixed.method == "random_draw" and any(record.event.data.get("reason") == "time" for record in records)
    if len(draws) != due:
        raise BrokenError(f"{len(draws)} draws where {int(due)} belongs")
    for record in draws:
        data, entrants = record.event.data, sorted(board.entrants)
        if draw.commitment(data["secret"]) != board.fixed.draw_commitment:
            raise BrokenError("the secret is not the one that was committed to")
        if data["entrants"] != entrants:
            raise BrokenError(f"record {record.seq} draws among others than the entrants")
        if data["winner"] != draw.drawn(data["secret"], board.closing_head, entrants):
            raise BrokenError(f"record {record.seq} names another than the drawn one")


def awards(records: Sequence[Record]) -> None:
    """Each award goes to the best of those left, at the amount of their bid; passed over is only whose turn it is."""
    board = Board(0)
    for record in records:
        if record.event.kind in DECISIONS:
            expected = outcome.next_best(board) if board.names else None
            if fault := DECISIONS[record.event.kind](board, expected, record.event):
                raise BrokenError(f"record {record.seq} {fault}")
        board.fold(record)


def _awarding(board: Board, expected: tuple[str, Decimal] | None, event: Event) -> str:
    if expected is None:
        return "awards without a decided competition"
    data = event.data
    if (data["by"], data["amount"], data["rank"]) == (expected[0], str(expected[1]), len(board.awards) + 1):
        return ""
    return f"awards {data['by']}, the rules award {expected[0]}"


def _passing_over(_board: Board, expected: tuple[str, Decimal] | None, event: Event) -> str:
    return "" if expected and event.data["by"] == expected[0] else f"passes over {event.data['by']} out of turn"


def _none_left(_board: Board, expected: tuple[str, Decimal] | None, event: Event) -> str:
    return "fails although one could be awarded" if expected and event.data["reason"] == outcome.NONE_LEFT else ""


DECISIONS = {"awarded": _awarding, "excluded": _passing_over, "failed": _none_left}
