"""Closing: whoever looks after the end may do it, and doing it twice changes nothing.

A bid that reached any server before the end still counts. So the close waits a short grace, in which every server says
that it has such bids, and then until none has any (bidding.holding).
"""

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction

from bidding import holding
from bidding.events import CompetitionFailed
from bidding.log import event
from bidding.models import Competition, Entry
from bidding.rules import draw, outcome, proxy
from bidding.rules.board import Board
from bidding.rules.record import Event
from bidding.services.appending import append, locked_board
from bidding.services.awards import award_next
from bidding.services.floors import Book, started
from bidding.services.opening import cancelled
from core import clock, rulesets
from core.outbox import emit
from marketplace import selectors as needs
from marketplace import services as marketplace
from marketplace.models import Method

logger = logging.getLogger("market.bidding")
SETTLED = 3  # seconds in which every server has found its way back to the database


@transaction.atomic
def finalise(*, competition_id: int) -> bool:
    """Close a competition whose end has passed: draw or rank, reveal, award or fail. Says whether it did."""
    now = clock.now()
    seen = _competition(competition_id)
    if not _worth_locking(seen, now) or _held_up(seen, now) or needs.suspension(seen.need_id, now):
        return False
    board, competition = locked_board(competition_id), _competition(competition_id)
    if board.closed_at or board.failed or not due(competition, board, now):
        return False
    if competition.need.cancelled_at:
        append(board, cancelled(now))
        return True
    if outcome.too_few(board):
        _fail(competition, board, outcome.TOO_FEW, [event("closed", now, reason=outcome.TOO_FEW)], now)
        return True
    book = Book(board)
    if not started(board, book, now) or due(competition, board, now):
        _conclude(
            competition, board, [event("closed", now, reason="time"), *proxy.opening(board, book.seals, now)], now
        )
    return True


def _conclude(competition: Competition, board: Board, events: list[Event], now: datetime) -> None:
    """The time is over: draw or rank, reveal and award, or fail without a bid."""
    if competition.method == Method.RANDOM_DRAW:
        events.append(_draw(competition, board, now))
    elif not board.bids:
        _fail(competition, board, outcome.NO_BID, events, now)
        return
    append(board, [*events, event("revealed", now, names=_names(competition.pk))])
    marketplace.mark_selected(need_id=competition.need_id)
    award_next(competition, board)


def _competition(competition_id: int) -> Competition:
    return Competition.objects.select_related("need").get(pk=competition_id)


def _worth_locking(competition: Competition, now: datetime) -> bool:
    """A look at the columns first: who asks every second must not stop the bidding to fold the whole log."""
    if competition.closed_at:
        return False
    least = rulesets.by_ref(competition.rules_ref)[f"min_entrants_{competition.need.buyer_kind}"]
    empty = now >= competition.starts_at and competition.entrant_count < least
    return empty or now >= competition.ends_at + _grace(competition)


def due(competition: Competition, board: Board, now: datetime) -> bool:
    """Entry closed with too few entrants, or the end and its grace passed."""
    if now >= board.fixed.starts_at and outcome.too_few(board):
        return True
    return now >= board.end + _grace(competition)


def _grace(competition: Competition) -> timedelta:
    return timedelta(seconds=rulesets.by_ref(competition.rules_ref)["closing_grace_seconds"])


def _held_up(competition: Competition, now: datetime) -> bool:
    """Has a server bids from before the end, or may one have them that could not say so yet? Servers that hang, or come
    late, hold up nobody for more than a minute.
    """
    if not competition.ends_at <= now:
        return False
    held = _just_connected(competition.ends_at) or not holding.nobody_holds(competition.pk)
    if held and now >= competition.ends_at + holding.LONGEST:
        logger.warning("competition %s is closed although a server still holds it", competition.pk)
        return False
    return held


def _just_connected(end: datetime) -> bool:
    """Is our own connection younger than the servers need to come back after the database did? Then they may not have
    had the time to say that they have bids. A minute after the end nobody has any.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT now() BETWEEN %s AND %s AND backend_start > now() - make_interval(secs => %s)"
            " FROM pg_stat_activity WHERE pid = pg_backend_pid()",
            [end, end + holding.LONGEST, SETTLED],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


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
