"""Opening a competition for a published need, and ending one whose need was cancelled."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from bidding.events import CompetitionOpened
from bidding.log import event
from bidding.models import Competition
from bidding.rules import draw
from bidding.rules.board import Board
from bidding.rules.record import GENESIS, Event, canonical, digest
from bidding.rules.terms import Terms, step_for
from bidding.services.appending import append, locked_board
from core import chance, clock, rulesets
from core.outbox import emit
from core.rulesets import Rules
from marketplace import selectors as marketplace
from marketplace.models import Method, Need


@transaction.atomic
def open_competition(*, need_id: int) -> Competition | None:
    """Open the competition of a need, once; a direct choice has none. The terms are fixed here for good."""
    need = marketplace.get_need(need_id)
    if need is None:
        raise Need.DoesNotExist(need_id)
    existing = Competition.objects.filter(need=need).first()
    if existing or need.method == Method.DIRECT:
        return existing
    rules, secret, now = rulesets.current("bidding"), chance.token(), clock.now()
    terms = _terms(need, rules, draw.commitment(secret))
    competition = Competition.objects.create(
        need=need,
        method=need.method,
        rules_ref=rules.ref,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        head_hash=GENESIS,
        draw_secret=secret,
    )
    append(Board(competition.pk), [event("opened", now, need=need.number, terms=terms.as_json())])
    emit(CompetitionOpened(competition.pk, need.pk))
    return competition


def _terms(need: Need, rules: Rules, commitment: str) -> Terms:
    """Raises ValueError for a need that was never completed; the database does not let one be published."""
    starts = need.entry_closes_at
    if starts is None or need.ceiling is None:
        raise ValueError(f"need {need.pk} has no schedule or ceiling")
    live = need.method == Method.LIVE_AUCTION
    ends = starts + timedelta(minutes=need.auction_minutes or 0) if live else starts
    return Terms(
        method=need.method,
        ceiling=need.ceiling.amount,
        step=step_for(
            need.ceiling.amount, share=Decimal(rules["step_share"]), rounding=Decimal(rules["step_rounding"])
        ),
        starts_at=starts,
        ends_at=ends,
        hard_ends_at=ends + timedelta(minutes=rules["hard_end_minutes"]) if live else ends,
        soft_close=timedelta(seconds=rules["soft_close_seconds"]),
        extension=timedelta(seconds=rules["extension_seconds"]),
        min_entrants=rules[f"min_entrants_{need.buyer_kind}"],
        rules=rules.ref,
        draw_commitment=commitment,
        rules_digest=digest(canonical(rules.parameters)),
    )


@transaction.atomic
def cancel_competition(*, need_id: int) -> None:
    """End the competition of a cancelled need without a winner; identities stay covered."""
    competition = Competition.objects.filter(need_id=need_id).first()
    if competition is None:
        return
    board = locked_board(competition.pk)
    if board.closed_at is None:
        append(board, cancelled(clock.now()))


def cancelled(now: datetime) -> list[Event]:
    return [event("closed", now, reason="cancelled"), event("failed", now, reason="cancelled")]
