"""Reading reports about clauses: for everybody, for whoever published the clause, and steps for the clock."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max, Q, QuerySet

from core import rulesets, workdays
from core.rulesets import Versions
from core.steps import Step
from core.workdays import Limit
from supervision.models import ClauseReport, ComplaintEvent
from supervision.rules.complaints import State

OVER = (State.DECIDED, State.CLOSED, State.REJECTED, State.TRANSFERRED, State.WITHDRAWN)
OPEN, STAGES = "open", ("open", "fixed", "removed", "kept")


def reports(stage: str = "") -> QuerySet[ClauseReport]:
    """By what became of them; the newest first."""
    rows = ClauseReport.objects.select_related("complaint__subject", "answer__by_org")
    if stage == OPEN:
        return rows.filter(answer=None)
    return rows.filter(answer__outcome=stage) if stage else rows


def report(number: str) -> ClauseReport:
    """Raises ClauseReport.DoesNotExist."""
    return reports().get(number=number)


def of_complaint(complaint_id: int) -> ClauseReport | None:
    return reports().filter(complaint=complaint_id).first()


def due(row: ClauseReport) -> datetime:
    """Until when the publisher mends it, removes it or says why it stays."""
    limit = Limit.of(rulesets.by_ref(row.rules_ref)["fix"])
    return limit.end(row.complaint.filed_at, workdays.load())


def over_at(row: ClauseReport) -> datetime | None:
    """When its complaint was over, so that nothing is to be done any more."""
    if State(row.complaint.state) not in OVER:
        return None
    last = ComplaintEvent.objects.filter(complaint=row.complaint).order_by("seq").last()
    return last.at if last else None


def decision(row: ClauseReport) -> ComplaintEvent | None:
    """What the regulator decided on its complaint, the last word first."""
    kinds = ("decided", "review_decided", "rejected")
    events = ComplaintEvent.objects.filter(complaint=row.complaint, kind__in=kinds).select_related("by_org")
    return events.order_by("-seq").first()


def open_steps(since: datetime) -> Iterator[Step]:
    """The publisher's duty, until it has answered or the complaint is over."""
    versions, calendar = Versions(), workdays.load()
    open_or_new = Q(answer=None) | Q(answer__at__gt=since)
    rows = reports().filter(open_or_new).annotate(last=Max("complaint__events__at"))
    for row in rows:
        limit = versions[row.rules_ref]["fix"]
        over = row.last if State(row.complaint.state) in OVER else None
        yield Step(
            kind="clause.fix",
            reference=f"clause:{row.pk}",
            owner_org=row.complaint.subject_id,
            title=f"{row.number} {row.complaint.title}",
            path=row.answer_path,
            started_at=row.complaint.filed_at,
            due_at=Limit.of(limit).end(row.complaint.filed_at, calendar),
            limit=limit,
            closed_at=row.answer.at if hasattr(row, "answer") else over,
        )
