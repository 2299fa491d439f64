"""What was entered by an agency: until when the platform looks at it, and until when the agency may mend it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts import selectors as accounts
from accounts.models import Organisation
from agencies import selectors as agencies
from agencies.models import Agency
from core import clock, rulesets, workdays
from core.rulesets import Dated
from core.steps import Step, lapsed
from core.workdays import Limit

MOST = 1000  # told of in one look


def open_steps() -> Iterator[Step]:
    """The check is the operator's duty. To correct is the agency's right: without it nothing new after the limit."""
    versions, calendar, now = rulesets.history("entrance"), workdays.load(), clock.now()
    operator = accounts.of_kind(Organisation.Kind.OPERATOR).order_by("pk").values_list("pk", flat=True).first()
    for row in agencies.unchecked().select_related("organisation")[:MOST]:
        start = row.check_from or row.committed_at
        limit = _in_force(versions, start).get("check")
        if operator is not None and limit is not None:
            due = Limit.of(limit).end(start, calendar)
            yield _step(row, "agency.check", operator, limit, start=start, due=due)
    for row in agencies.asked().select_related("organisation")[:MOST]:
        if row.correction_asked_at and row.correction_due_at:
            limit = _in_force(versions, row.correction_asked_at)["correct"]
            start, due = row.correction_asked_at, row.correction_due_at
            over = lapsed(row.frozen_at, due, now)
            yield _step(row, "agency.correct", row.pk, limit, start=start, due=due, closed=over)


def _in_force(versions: Sequence[Dated], at: datetime) -> Mapping[str, Any]:
    return next((one.rules for one in versions if one.since <= at), versions[-1].rules).parameters


def _step(
    row: Agency,
    kind: str,
    owner: int,
    limit: Mapping[str, Any],
    *,
    start: datetime,
    due: datetime,
    closed: datetime | None = None,
) -> Step:
    own = owner == row.pk
    return Step(
        kind=kind,
        reference=f"agency:{row.pk}:{start:%Y%m%d%H%M%S}",
        owner_org=owner,
        title=row.organisation.name,
        path="/agency/check/" if own else f"/agencies/{row.pk}/",
        started_at=start,
        due_at=due,
        limit=limit,
        closed_at=closed,
        right=own,
    )
