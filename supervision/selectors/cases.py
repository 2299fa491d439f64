"""Reading cases: lists for officers and respondents, published decisions for everybody, steps for the clocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core import clock, rulesets, workdays
from core.models import StoredFile
from core.rulesets import Rules
from core.steps import Step
from core.workdays import Limit
from supervision import words
from supervision.models import Case, CaseEvent, CaseFile, Measure, Relation
from supervision.rules import cases as rules
from supervision.rules.discretion import Ground, scale
from supervision.services.cases import ground_of, happenings
from supervision.services.process import belongs_to

OPEN = "open"
RUNNING = (
    Case.Stage.OPEN,
    Case.Stage.NOTICED,
    Case.Stage.HEARD,
    Case.Stage.PROPOSED,
    Case.Stage.DECIDED,
    Case.Stage.STAYED,
)
PUBLIC = ("decided", "published", "enforced", "review_asked", "review_decided", "ended", "lifted", "restored",
          "corrected")  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One event as a page shows it."""

    row: CaseEvent
    title: str | Promise
    sanction: str
    outcome: str


def cases(*, state: str = OPEN, origin: str = "", q: str = "") -> QuerySet[Case]:
    """For officers: by due time. `state`: "open", a stage, or "" for all."""
    rows = Case.objects.select_related("subject")
    if state == OPEN:
        rows = rows.filter(state__in=RUNNING)
    elif state:
        rows = rows.filter(state=state)
    if origin:
        rows = rows.filter(origin_kind=origin)
    if q:
        rows = rows.filter(Q(number__icontains=q) | Q(subject__name__icontains=q))
    return rows.order_by("due_at", "pk") if state == OPEN else rows


def case(number: str) -> Case:
    """Raises Case.DoesNotExist."""
    return Case.objects.select_related("subject__region", "opened_org", "opened_user").get(number=number)


def of(organisation_id: int) -> QuerySet[Case]:
    """What an organisation is told of: from the notice on."""
    return Case.objects.filter(subject_id=organisation_id).exclude(state=Case.Stage.OPEN)


def matter(row: Case) -> rules.Matter:
    """The case as its events have made it."""
    return rules.fold(happenings(row))


def lines(row: Case, *, public: bool = False) -> list[Line]:
    """Its history, oldest first; `public` leaves out what only the two sides read."""
    events = row.events.select_related("by_user", "by_org").prefetch_related("files__file")
    if public:
        events = events.filter(kind__in=PUBLIC)
    return [
        Line(
            event,
            words.CASE_EVENTS[event.kind],
            sanction(event.data),
            str(words.REVIEW_OUTCOMES.get(event.data.get("outcome", ""), "")),
        )
        for event in events
    ]


def sanction(data: dict[str, Any]) -> str:
    """A measure with its term in words; "" where an event has none."""
    if not data.get("measure"):
        return ""
    return _("%(measure)s %(days)s 天") % {"measure": Case.Measure(data["measure"]).label, "days": data["days"]}


def ground(row: Case) -> Ground:
    return ground_of(row)


def event_file(row: Case, file_id: UUID) -> StoredFile:
    """Raises CaseFile.DoesNotExist."""
    return CaseFile.objects.select_related("file").get(event__case=row, file_id=file_id).file


def decisions(*, measure: str = "", q: str = "", state: str = "") -> QuerySet[Case]:
    """Published decisions, newest first. `state`: "in_force" or ""."""
    rows = Case.objects.filter(published_at__isnull=False).select_related("subject").order_by("-published_at", "-pk")
    if measure:
        rows = rows.filter(measure=measure)
    if state:
        rows = rows.filter(state=state)
    return rows.filter(Q(number__icontains=q) | Q(subject__name__icontains=q)) if q else rows


def decision(number: str) -> Case:
    """Raises Case.DoesNotExist for one that is not published."""
    return decisions().select_related("subject__region").get(number=number)


def in_force(organisation_id: int) -> QuerySet[Measure]:
    """Measures that are felt now."""
    now = clock.now()
    rows = Measure.objects.filter(case__subject_id=organisation_id, end=None, starts_at__lte=now, ends_at__gt=now)
    return rows.select_related("case")


def over(now: datetime) -> list[int]:
    """Cases whose measure has come to its term."""
    return list(Case.objects.filter(state=Case.Stage.IN_FORCE, due_at__lte=now).values_list("pk", flat=True))


def grounds(at: datetime | None = None) -> tuple[Rules, list[Ground]]:
    """The published scale in force."""
    used = rulesets.current("discretion", at)
    return used, list(scale(used.parameters).values())


def relations(user_id: int) -> QuerySet[Relation]:
    """What a person has declared."""
    return Relation.objects.filter(user_id=user_id).select_related("organisation").order_by("-declared_at")


def related(user_id: int, organisation_id: int) -> bool:
    """Does this person belong to the organisation, or are they tied to it?"""
    return organisation_id in belongs_to(user_id)


KINDS = {
    "opened": ("case.notice", "notice"),
    "defended": ("case.decide", "decide"),
    "waived": ("case.decide", "decide"),
    "proposed": ("case.second", "decide"),
    "sent_back": ("case.decide", "decide"),
    "decided": ("case.publish", "publish"),
    "review_asked": ("case.review", "review_decide"),
}


def open_steps(since: datetime) -> Iterator[Step]:
    """What officers must do in which case by when. The respondent's silence is an answer and never a card: from the
    end of the defence on it is an officer's turn.
    """
    rows = Case.objects.filter(Q(state__in=RUNNING) | Q(events__at__gte=since)).distinct()
    limits, calendar = rulesets.current("cases"), workdays.load()
    for row in rows:
        events = list(row.events.order_by("seq"))
        for place, event in enumerate(events):
            turn = _turn(event, events[place + 1 :], limits, calendar)
            owner = event.by_org_id if event.kind == "proposed" else row.opened_org_id
            if turn is None or owner is None:
                continue
            kind, limit, start, due, closed = turn
            yield Step(
                kind=kind,
                reference=f"case:{row.pk}:{event.seq}",
                owner_org=owner,
                title=row.number,
                path=row.get_absolute_url(),
                started_at=start,
                due_at=due,
                limit=limits[limit],
                provisional=calendar.provisional(due),
                closed_at=closed,
            )


Turn = tuple[str, str, datetime, datetime, datetime | None]


def _turn(event: CaseEvent, later: Sequence[CaseEvent], limits: Rules, calendar: workdays.WorkCalendar) -> Turn | None:
    """Kind, limit, start, end and close of the step an event begins, if it begins one now."""
    closed = later[0].at if later else None
    if event.until is None:
        return None
    if event.kind == "noticed":
        start = event.until
        if clock.now() < start or (closed is not None and closed < start):
            return None
        return "case.decide", "decide", start, Limit.of(limits["decide"]).end(start, calendar), closed
    if event.kind not in KINDS:
        return None
    return (*KINDS[event.kind], event.at, event.until, closed)
