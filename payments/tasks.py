"""What jobs and the clock do in this room."""

import logging

from celery import shared_task

from core import clock, jobs
from core.audit import SYSTEM
from payments import gateway
from payments.gateway import Trouble
from payments.selectors import provider
from payments.services import cards, papers
from payments.services.escrow import arrivals, calls, events, moving, reconciling
from payments.services.escrow.arrivals import NotYet

log = logging.getLogger("market.payments")


@shared_task(name="payments.perform_call")
def perform_call(call_id: int) -> None:
    calls.perform(call_id)


@shared_task(name="payments.handle_event")
def handle_event(event_pk: int) -> None:
    events.handle(event_pk)


@shared_task(name="payments.note_fee")
def note_fee(funding_id: int) -> None:
    """Its troubles are not the job's: the clock asks again (tend_provider)."""
    try:
        arrivals.note_fee(funding_id)
    except (NotYet, Trouble) as trouble:
        log.info("fee of funding %s: %s", funding_id, trouble)


@shared_task(name="payments.milestone_accepted")
def milestone_accepted(milestone_id: int, contract_id: int, days_late: int) -> None:  # noqa: ARG001 - the event's fields
    moving.part_accepted(reference=f"milestone:{milestone_id}", by=SYSTEM)


@shared_task(name="payments.refresh_funding")
def refresh_funding(funding_id: int) -> None:
    try:
        arrivals.refresh(provider.funding(funding_id))
    except Trouble as trouble:
        log.info("funding %s: %s", funding_id, trouble)


@shared_task(name="payments.tend_provider")
def tend_provider() -> None:
    """Go on with whatever a crash, a silent provider or an early event left behind: a job for each, asked at most once
    an hour for the same attempt. The clock itself waits for nobody.
    """
    now = clock.now()
    hour = f"{now:%Y%m%d%H}"
    for pk, attempts in calls.due(now):
        jobs.enqueue("payments.perform_call", key=f"perform:{pk}:{attempts}:{hour}", call_id=pk)
    for pk, attempts in events.due(now):
        jobs.enqueue("payments.handle_event", key=f"handle:{pk}:{attempts}:{hour}", event_pk=pk)
    if gateway.available():
        for pk in provider.overdue_fundings(now):
            jobs.enqueue("payments.refresh_funding", key=f"refresh:{pk}:{hour}", funding_id=pk)
        for pk in provider.unknown_fees(now):
            jobs.enqueue("payments.note_fee", key=f"fee:{pk}:{hour}", funding_id=pk)


@shared_task(name="payments.bring_demo_events")
def bring_demo_events() -> None:
    """The demo's own Stripe sends its webhooks and settles its wallets' refunds; beside a real one there is none."""
    if gateway.available() and not gateway.real():
        desk = gateway.desk()
        for refund in desk.pending_refunds():
            desk.settle_refund(refund, arrived=True)
        desk.deliver(events.receive)


@shared_task(name="payments.reconcile_yesterday")
def reconcile_yesterday() -> None:
    now = clock.now()
    if gateway.available() and reconciling.due(now):
        since, until = reconciling.yesterday(now)
        reconciling.reconcile(since=since, until=until, by=SYSTEM)


@shared_task(name="payments.turn_payment_cards")
def turn_payment_cards() -> None:
    """Yellow before a department's limit to pay, red after it."""
    cards.turn_due_cards()


@shared_task(name="payments.issue_receipt")
def issue_receipt(transfer_id: int) -> None:
    papers.receipt(transfer_id=transfer_id)
