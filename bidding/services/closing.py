"""Closing: whoever looks after the end may do it, and doing it twice changes nothing.

A bid that reached any server before the end still counts, so the close waits a short grace for queues to empty.
"""

from datetime import datetime, timedelta

from django.db import transaction

from bidding.events import CompetitionFailed
from bidding.log import event
from bidding.models import Competition, Entry
from bidding.rules import draw, outcome
from bidding.rules.board import Board
from bidding.rules.record import Event
from bidding.services.appending import append, locked_board
from bidding.services.awards import award_next
from core import clock, rulesets
from core.outbox import emit
from marketplace import services as marketplace
from marketplace.models import Method


@transaction.atomic
def finalise(*, competition_id: int) -> bool:
    """Close a competition whose end has passed: draw or rank, reveal, award or fail. Says whether it did."""
    board = locked_board(competition_id)
    competition = Competition.objects.select_related("need").get(pk=competition_id)
    now = clock.now()
    if board.closed_at or board.failed or not due(competition, board, now):
        return False
    if outcome.too_few(board):
        _fail(competition, board, outcome.TOO_FEW, [event("closed", now, reason=outcome.TOO_FEW)], now)
        return True
    events = [event("closed", now, reason="time")]
    if competition.method == Method.RANDOM_DRAW:
        events.append(_draw(competition, board, now))
    elif not board.bids:
        _fail(competition, board, outcome.NO_BID, events, now)
        return True
    append(board, [*events, event("revealed", now, names=_names(competition_id))])
    marketplace.mark_selected(need_id=competition.need_id)
    award_next(competition, board)
    return True


def due(competition: Competition, board: Board, now: datetime) -> bool:
    """Entry closed with too few entrants, or the end and its grace passed."""
    if now >= board.fixed.starts_at and outcome.too_few(board):
        return True
    grace = rulesets.by_ref(competition.rules_ref)["closing_grace_seconds"]
    return now >= board.end + timedelta(seconds=grace)


def _fail(competition: Competition, board: Board, reason: str, events: list[Event], now: datetime) -> None:
    append(board, [*events, event("failed", now, reason=reason)])
    marketplace.mark_failed(need_id=competition.need_id, reason=reason)
    emit(CompetitionFailed(competition.pk, competition.need_id, reason))


def _draw(competition: Competition, board: Board, now: datetime) -> Event:
    """The draw uses the head as it was when entry had closed: the last record before "closed"."""
    entrants = sorted(board.entrants)
    winner = draw.drawn(competition.draw_secret, board.head, entrants)
    return event("draw", now, secret=competition.draw_secret, entrants=entrants, winner=winner)


def _names(competition_id: int) -> dict[str, dict[str, str]]:
    """Pseudonym -> who it was and the salt that opens the entry's commitment."""
    entries = Entry.objects.filter(competition_id=competition_id, withdrawn_at=None)
    return {
        entry.pseudonym: {"agency": str(entry.agency_id), "name": entry.agency.organisation.name, "salt": entry.salt}
        for entry in entries.select_related("agency__organisation")
    }
