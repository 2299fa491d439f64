"""What must be done by when about awards: confirm or decline."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from bidding.models import Award
from core.rulesets import Versions
from core.steps import Step


def open_steps(since: datetime) -> Iterator[Step]:
    """Open now, or ended after `since`. The limit to confirm runs from the end of publicity."""
    versions = Versions()
    rows = Award.objects.filter(Q(outcome=Award.Outcome.PENDING) | Q(outcome_at__gt=since))
    for row in rows.select_related("need").order_by("pk"):
        yield Step(
            kind="award.confirm",
            reference=f"award:{row.pk}",
            owner_org=row.agency_id,
            title=row.need.title,
            path=f"/awards/{row.pk}/",
            started_at=row.publicity_ends_at,
            due_at=row.confirm_by,
            limit=versions[row.rules_ref]["confirm"],
            closed_at=row.outcome_at,
            respondent=row.need.buyer_id,
        )


def move(reference: str, due_at: datetime) -> bool:
    """Give an award that waits for its answer another end; says whether it did."""
    waiting = Award.objects.filter(pk=int(reference.removeprefix("award:")), outcome=Award.Outcome.PENDING)
    return bool(waiting.update(confirm_by=due_at))
