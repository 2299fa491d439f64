"""Everything happens in its time, and the terms are what the published rules make of the need."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bidding.rules import outcome
from bidding.rules.board import Board
from bidding.rules.record import Event, Record, canonical, digest
from bidding.rules.terms import Terms, step_for
from bidding.verify.finding import BrokenError


def course(records: Sequence[Record]) -> None:
    """Everything happens in its time: entry before the start, one close, nothing but the decision after it."""
    board, ending = Board(0), ""
    for record in records:
        if fault := _misplaced(board, ending, record.event):
            raise BrokenError(f"record {record.seq} {fault}")
        if record.event.kind == "closed":
            ending = record.event.data["reason"]
        board.fold(record)
    if not ending:
        raise BrokenError("the record ends before the close")
    if not board.awards and not board.failed:
        raise BrokenError("the record ends without a decision")


def _misplaced(board: Board, ending: str, event: Event) -> str:
    if event.kind in WHILE_OPEN and ending:
        return "comes after the close"
    if event.kind in AFTER_CLOSE and not ending:
        return "comes before the close"
    return PLACES[event.kind](board, ending, event) if event.kind in PLACES else ""


def _entering(board: Board, _ending: str, event: Event) -> str:
    if event.at >= board.fixed.starts_at:
        return "enters after entry closed"
    return "enters under a pseudonym that was given before" if event.data["by"] in board.pseudonyms else ""


def _leaving(board: Board, _ending: str, event: Event) -> str:
    if event.at >= board.fixed.starts_at:
        return "leaves after entry closed"
    return "" if event.data["by"] in board.entrants else "lets one leave who has not entered"


def _closing(board: Board, _ending: str, event: Event) -> str:
    reason = event.data["reason"]
    if reason == "cancelled":
        return ""
    if (reason == outcome.TOO_FEW) != outcome.too_few(board):
        return "closes for another reason than the number of entrants gives"
    due = board.fixed.starts_at if reason == outcome.TOO_FEW else board.end
    return "" if event.at >= due else "closes before the end"


def _revealing(board: Board, ending: str, _event: Event) -> str:
    return "" if ending == "time" and not board.names else "reveals names out of turn"


def _failing(board: Board, ending: str, event: Event) -> str:
    unsold = board.fixed.method == "live_auction" and not board.bids
    expected = ending if ending != "time" else outcome.NO_BID if unsold else outcome.NONE_LEFT
    return "" if event.data["reason"] == expected else f"fails for another reason than {expected}"


WHILE_OPEN = frozenset({"entered", "withdrawn", "bid", "extended", "floor_sealed", "closed"})
AFTER_CLOSE = frozenset({"floors_opened", "draw", "revealed", "excluded", "awarded", "failed"})
PLACES: dict[str, Callable[[Board, str, Event], str]] = {
    "entered": _entering,
    "withdrawn": _leaving,
    "closed": _closing,
    "revealed": _revealing,
    "failed": _failing,
}


def rules(published: Mapping[str, Any] | None, records: Sequence[Record]) -> None:
    """The rule set in the file is the one named at the opening, and the terms are what it makes of the need."""
    stored = records[0].event.data["terms"]
    if "rules_digest" not in stored and published is None:
        return
    if published is None or published["ref"] != stored["rules"]:
        raise BrokenError(f"the file does not bring the rules {stored['rules']}")
    if digest(canonical(published["parameters"])) != stored.get("rules_digest"):
        raise BrokenError(f"the rules {stored['rules']} are not those named at the opening")
    if astray := _astray(Terms.from_json(stored), published["parameters"]):
        raise BrokenError(f"the rules {stored['rules']} give another {astray[0]}")


def _astray(terms: Terms, given: Mapping[str, Any]) -> list[str]:
    """The terms that the rules' parameters would make another."""
    least = step_for(terms.ceiling, share=Decimal(given["step_share"]), rounding=Decimal(given["step_rounding"]))
    longest = timedelta(minutes=given["hard_end_minutes"] if terms.method == "live_auction" else 0)
    followed = {
        "step": terms.step == least,
        "hard_ends_at": terms.hard_ends_at == terms.ends_at + longest,
        "soft_close_seconds": terms.soft_close == timedelta(seconds=given["soft_close_seconds"]),
        "extension_seconds": terms.extension == timedelta(seconds=given["extension_seconds"]),
        "min_entrants": terms.min_entrants in (given["min_entrants_department"], given["min_entrants_enterprise"]),
    }
    return [name for name, true in followed.items() if not true]
