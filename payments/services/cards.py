"""Cards on payments: yellow before the limit, red after it. A red card stays, also once the payment is made."""

from datetime import datetime

from django.db import transaction

from core import clock
from core.outbox import emit
from payments.budget_events import PaymentLate
from payments.models import Payable, PaymentCard
from payments.rules import budget as rules


@transaction.atomic
def turn(*, payable_id: int) -> PaymentCard | None:
    """Give a payment the card it has earned by now, dated when it earned it. Doing it again changes nothing."""
    payable = Payable.objects.select_for_update(no_key=True).get(pk=payable_id)
    return show(payable, clock.now())


def show(payable: Payable, now: datetime) -> PaymentCard | None:
    """As `turn`, for a payable that is locked already; closes the card when it is paid."""
    earned = rules.colour(now, yellow_at=payable.warn_at, due=payable.due_at, ended=payable.paid_at)
    card = PaymentCard.objects.filter(payable=payable).first()
    if card is None and not earned:
        return None
    card = card or PaymentCard(payable=payable, department_id=payable.department_id, yellow_at=payable.warn_at)
    before = (card.pk, card.red_at, card.closed_at)
    if earned == rules.RED and card.red_at is None:
        card.red_at = payable.due_at
        emit(PaymentLate(payable.pk, payable.department_id))
    card.closed_at = payable.paid_at
    if before != (card.pk, card.red_at, card.closed_at) or card.pk is None:
        card.save()
    return card


def turn_due_cards() -> int:
    """Turn every card whose time has come; says how many payments were looked at."""
    now = clock.now()
    unpaid = Payable.objects.filter(paid_at=None)
    due = [*unpaid.filter(warn_at__lt=now, card=None), *unpaid.filter(due_at__lt=now, card__red_at=None)]
    ids = sorted({row.pk for row in due})
    for payable_id in ids:
        turn(payable_id=payable_id)
    return len(ids)
