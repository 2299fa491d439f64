"""What must be done by when about money: a department pays what it accepted."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from core import rulesets
from core.rulesets import Versions
from core.steps import Step
from payments.models import Payable
from payments.rules import budget as rules


def open_steps(since: datetime) -> Iterator[Step]:
    """Open now, or ended after `since`."""
    versions = Versions()
    rows = Payable.objects.filter(Q(paid_at=None) | Q(paid_at__gt=since)).select_related("commitment")
    for row in rows.order_by("pk"):
        yield Step(
            kind="payment.pay",
            reference=f"payable:{row.pk}",
            owner_org=row.department_id,
            title=row.title,
            path=row.page,
            started_at=row.since,
            due_at=row.due_at,
            limit=versions[row.rules_ref]["pay"],
            closed_at=row.paid_at,
            respondent=row.commitment.payee_id,
            yellow_at=row.warn_at,
        )


def move(reference: str, due_at: datetime) -> bool:
    """Give a payment that is owed another end, and its warning with it; says whether it did."""
    row = Payable.objects.filter(pk=int(reference.removeprefix("payable:")), paid_at=None).first()
    if row is None:
        return False
    share = Decimal(rulesets.by_ref(row.rules_ref)["yellow_share"])
    warn_at = rules.warn_at(row.since, due_at, share)
    return bool(Payable.objects.filter(pk=row.pk, paid_at=None).update(due_at=due_at, warn_at=warn_at))
