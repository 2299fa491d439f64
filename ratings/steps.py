"""What should be done by when about ratings: each side rates. Nobody must: the end of the window ends the step."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from contracts.models import Side
from core import clock, rulesets
from core.steps import Step, lapsed
from ratings.models import RatingWindow


def open_steps(since: datetime) -> Iterator[Step]:
    """Open now, or ended after `since`. That a side has rated may be known, what it wrote may not."""
    rows = RatingWindow.objects.filter(Q(revealed_at=None) | Q(revealed_at__gt=since))
    rows = rows.select_related("contract__award__need").prefetch_related("ratings").order_by("pk")
    now = clock.now()
    for row in rows:
        rated = {rating.side: rating.submitted_at for rating in row.ratings.all()}
        contract = row.contract
        for side, owner, other in (
            (Side.BUYER, contract.buyer_id, contract.supplier_id),
            (Side.SUPPLIER, contract.supplier_id, contract.buyer_id),
        ):
            yield Step(
                kind="rating.rate",
                reference=f"window:{row.pk}:{side.value}",
                owner_org=owner,
                title=contract.award.need.title,
                path=f"/contracts/{contract.pk}/rate/",
                started_at=row.opened_at,
                due_at=row.ends_at,
                limit=rulesets.by_ref(row.rules_ref)["window"],
                closed_at=lapsed(rated.get(side) or row.revealed_at, row.ends_at, now),
                respondent=other,
            )


def move(reference: str, due_at: datetime) -> bool:
    """Give a window that is open another end; says whether it did."""
    return bool(RatingWindow.objects.filter(pk=int(reference.split(":")[1]), revealed_at=None).update(ends_at=due_at))
