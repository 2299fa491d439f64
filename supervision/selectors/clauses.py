"""Reading reports about clauses: for everybody, for whoever published the clause, and steps for the clock."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from core import workdays
from core.rulesets import Versions
from core.steps import Step
from core.workdays import Limit, WorkCalendar
from supervision.models import ClauseReport, ComplaintEvent
from supervision.rules.complaints import State

OVER = (State.DECIDED, State.REVIEW, State.CLOSED, State.REJECTED, State.TRANSFERRED, State.WITHDRAWN)
ENDS = ("decided", "rejected", "transferred", "withdrawn", "lapsed")  # events a complaint is over with, at first
DECISIONS = ("decided", "review_decided", "rejected")
OPEN, STAGES = "open", ("open", "fixed", "removed", "kept")


def reports(stage: str = "") -> QuerySet[ClauseReport]:
    """By what became of them; the newest first."""
    rows = ClauseReport.objects.select_related("complaint__subject", "answer__by_org")
    if stage == OPEN:
        return rows.filter(answer=None)
    return rows.filter(answer__outcome=stage) if stage else rows


def published(stage: str = "") -> QuerySet[ClauseReport]:
    """Those everybody reads: what anybody may type in is public once it was taken up or its publisher answered."""
    taken_up = ComplaintEvent.objects.filter(complaint=OuterRef("complaint"), kind="accepted")
    rows = reports(stage).filter(Q(answer__isnull=False) | Exists(taken_up))
    return rows.prefetch_related("complaint__events__by_org")


def report(number: str) -> ClauseReport:
    """Raises ClauseReport.DoesNotExist."""
    return reports().get(number=number)


def of_complaint(complaint_id: int) -> ClauseReport | None:
    return reports().filter(complaint=complaint_id).first()


def due(row: ClauseReport, versions: Versions | None = None, calendar: WorkCalendar | None = None) -> datetime:
    """Until when the publisher mends it, removes it or says why it stays."""
    limit = Limit.of((versions or Versions())[row.rules_ref]["fix"])
    return limit.end(row.complaint.filed_at, calendar or workdays.load())


def over_at(row: ClauseReport) -> datetime | None:
    """When its complaint was over, so that nothing is to be done any more; a review makes nothing due anew."""
    if State(row.complaint.state) not in OVER:
        return None
    return next((one.at for one in row.complaint.events.all() if one.kind in ENDS), None)


def decision(row: ClauseReport) -> ComplaintEvent | None:
    """What the regulator decided on its complaint, the last word first."""
    return next((one for one in reversed(list(row.complaint.events.all())) if one.kind in DECISIONS), None)


def open_steps(since: datetime) -> Iterator[Step]:
    """The publisher's duty, until it has answered or the complaint is over."""
    versions, calendar = Versions(), workdays.load()
    open_or_new = Q(answer=None) | Q(answer__at__gt=since)
    ends = Q(complaint__events__kind__in=ENDS)
    rows = reports().filter(open_or_new).annotate(over=Min("complaint__events__at", filter=ends))
    for row in rows:
        limit = versions[row.rules_ref]["fix"]
        yield Step(
            kind="clause.fix",
            reference=f"clause:{row.pk}",
            owner_org=row.complaint.subject_id,
            title=f"{row.number} {row.complaint.title}",
            path=row.answer_path,
            started_at=row.complaint.filed_at,
            due_at=due(row, versions, calendar),
            limit=limit,
            closed_at=row.answer.at if hasattr(row, "answer") else row.over,
        )
