"""What the competition does when told or when its time has come."""

import logging
from collections.abc import Callable

from celery import shared_task
from django.db import connection, transaction

from bidding import selectors, services
from bidding.threads import LOCK_MS
from core import clock

log = logging.getLogger("market.bidding")


@shared_task(name="bidding.open_competition")
def open_competition(need_id: int) -> None:
    services.open_competition(need_id=need_id)


@shared_task(name="bidding.cancel_competition")
def cancel_competition(need_id: int, reason: str) -> None:  # noqa: ARG001 - the reason stands in the need's notice
    services.cancel_competition(need_id=need_id)


@shared_task(name="bidding.begin_due_competitions")
def begin_due_competitions() -> None:
    """Let floors act that were sealed before the start, where no room is open that would see to it."""
    for competition_id in selectors.to_begin(clock.now()):
        try:
            _turn(services.begin, competition_id)
        except Exception:
            log.exception("floors of competition %s not begun", competition_id)


@shared_task(name="bidding.close_due_competitions")
def close_due_competitions() -> None:
    """One that cannot be closed is written down and tried again; the others must not wait for it."""
    for competition_id in selectors.due(clock.now()):
        try:
            _turn(services.finalise, competition_id)
        except Exception:
            log.exception("competition %s not closed", competition_id)


@transaction.atomic
def _turn(verb: Callable[..., bool], competition_id: int) -> None:
    """No lock is waited for longer than a room would: somebody who keeps one holds up the others otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {LOCK_MS}")
    verb(competition_id=competition_id)


@shared_task(name="bidding.need_resumed")
def need_resumed(need_id: int, suspension_id: int, seconds: int) -> None:
    services.wait_longer(need_id=need_id, suspension_id=suspension_id, seconds=seconds)
