"""What should be done by when about yearly grades: proposed in January, objected to, published when all is settled.

The decision on an objection is a step like that on any appeal: `ratings/steps.py`.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Greatest

from core import clock, workdays
from core.rulesets import Versions
from core.steps import Step, lapsed
from ratings.models import GradeLine, GradeList
from ratings.selectors import Supervisors, uninvolved
from ratings.selectors import grades as seen

DESK = "/operator/grades/"


def open_steps(since: datetime, versions: Versions, among: Supervisors) -> Iterator[Step]:
    """Open now, or ended after `since`."""
    yield from duties(since, versions, among)
    yield from _objections(since, versions)


def duties(since: datetime, versions: Versions | None = None, among: Supervisors | None = None) -> Iterator[Step]:
    """The operator's, to propose and to publish."""
    operator = uninvolved(("operator",), frozenset(), among)
    if operator is not None:
        yield from _proposals(since, operator)
        yield from _publications(since, versions or Versions(), operator)


def _proposals(since: datetime, operator: int) -> Iterator[Step]:
    found: list[tuple[int, datetime | None]] = [(year, None) for year in seen.years_due(clock.now())]
    found += GradeList.objects.filter(proposed_at__gt=since).values_list("year", "proposed_at")
    for year, proposed_at in found:
        begins = seen.new_year(year + 1)
        limit = seen.rules_at(begins)["propose"]
        yield Step(
            kind="grade.propose",
            reference=f"year:{year}",
            owner_org=operator,
            title=str(GradeList(year=year)),
            path=DESK,
            started_at=begins,
            due_at=workdays.Limit.of(limit).end(begins, workdays.load()),
            limit=limit,
            closed_at=proposed_at,
        )


def _publications(since: datetime, versions: Versions, operator: int) -> Iterator[Step]:
    """From the moment nothing is left to decide."""
    for row in seen.public_lists().filter(Q(publication=None) | Q(publication__at__gt=since)):
        published, settled = getattr(row, "publication", None), seen.settled_at(row)
        if settled is None or clock.now() < settled:
            continue
        limit = versions[row.rules_ref]["publish"]
        yield Step(
            kind="grade.publish",
            reference=f"list:{row.pk}",
            owner_org=published.by_org_id if published else operator,
            title=str(row),
            path=DESK,
            started_at=settled,
            due_at=workdays.Limit.of(limit).end(settled, workdays.load()),
            limit=limit,
            closed_at=published.at if published else None,
        )


def _objections(since: datetime, versions: Versions) -> Iterator[Step]:
    """Every agency may object to its own line; most need not."""
    now = clock.now()
    for row in GradeList.objects.filter(objections_until__gt=since):
        begins, until = row.public_from, row.objections_until
        if begins is None or until is None:
            continue
        title, limit = str(row), versions[row.rules_ref]["publicity"]
        lines = GradeLine.objects.filter(list=row, replaces=None).order_by("pk")
        for pk, agency_id, filed_at in lines.values_list("pk", "agency_id", "objection__filed_at").iterator():
            yield Step(
                kind="grade.object",
                reference=f"line:{pk}",
                owner_org=agency_id,
                title=title,
                path=f"{row.get_absolute_url()}{agency_id}/",
                started_at=begins,
                due_at=until,
                limit=limit,
                closed_at=lapsed(filed_at, until, now),
                right=True,
            )


def move_objection(reference: str, due_at: datetime) -> bool:
    """Give a list another end of its publicity, for all its lines at once and never an earlier one."""
    line = int(reference.split(":")[1])
    rows = GradeList.objects.filter(lines=line, publication=None, objections_until__isnull=False)
    return bool(rows.update(objections_until=Greatest("objections_until", due_at)))
