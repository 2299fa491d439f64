"""What the clock does in this room."""

import logging
from collections.abc import Callable, Iterable

from celery import shared_task

from bidding.selectors import barred_awards
from bidding.services.entries import BARRING
from contracts import selectors
from contracts.services.award import take_silence_as_decline
from contracts.services.barring import pass_over
from contracts.services.delivery import take_silence_as_acceptance
from contracts.services.signing import sign_if_ready
from contracts.services.terminating import take_silence_as_agreement, tell_escrow_again
from core import clock
from core.errors import Refusal

log = logging.getLogger("market.contracts")


@shared_task(name="contracts.watch_deadlines")
def watch_deadlines() -> None:
    """Silence after an award declines it, a restriction passes it on, silence of an enterprise accepts a result,
    silence about a proposed end ends the contract, publicity over signs.

    Every move compares the state it expects, so running it twice or late changes nothing more.
    """
    now = clock.now()
    _each(barred_awards(BARRING, now), pass_over)
    _each(selectors.silent_awards(now), take_silence_as_decline)
    _each(selectors.unanswered(now), take_silence_as_acceptance)
    _each(selectors.silent_terminations(now), take_silence_as_agreement)
    _each(selectors.ready_to_sign(now), sign_if_ready)


@shared_task(name="contracts.tell_escrow_again")
def tell_again(contract_id: int) -> None:
    """For contracts that ended before a stopped escrow was told so (migration 0007)."""
    tell_escrow_again(contract_id)


def _each(ids: Iterable[int], move: Callable[[int], object]) -> None:
    for pk in ids:
        try:
            move(pk)
        except Refusal as refusal:
            log.info("%s %s: somebody was faster (%s)", move.__name__, pk, refusal.code)
