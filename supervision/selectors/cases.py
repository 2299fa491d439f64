"""Reading cases: lists for officers and respondents, published decisions for everybody, steps for the clocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core import clock, rulesets
from core.models import StoredFile
from core.rulesets import Rules, Versions
from core.steps import Step
from core.workdays import Limit, WorkCalendar
from supervision import ends, words
from supervision.models import Case, CaseEvent, CaseFile, Measure, Relation
from supervision.rules import cases as rules
from supervision.rules.discretion import Ground, scale
from supervision.rules.process import Term
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
    shown = ends.as_they_stand("case", row.pk, events, rules.TERMS)
    return [
        Line(
            event,
            words.CASE_EVENTS[event.kind],
            sanction(event.data),
            str(words.REVIEW_OUTCOMES.get(event.data.get("outcome", ""), "")),
        )
        for event in shown
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


CLOSED_BY = {"case.ask_review": ("review_asked",)}  # the other steps end with whatever happens next
BESIDE = ("corrected",)  # what is said beside a case ends no step
ASKABLE = timedelta(days=90)  # longer than anybody has to ask for a review


def open_steps(since: datetime) -> Iterator[Step]:
    """What officers must do in which case by when, and until when the respondent may speak.

    The respondent's silence is an answer and never a card: from the end of the defence on it is an officer's turn.
    """
    now = clock.now()
    over = Q(state__in=(Case.Stage.ENDED, Case.Stage.LIFTED), published_at__gte=now - ASKABLE)
    wanted = Q(state__in=(*RUNNING, Case.Stage.IN_FORCE)) | Q(events__at__gte=since) | over
    rows = list(Case.objects.filter(wanted).distinct().prefetch_related("events"))
    events = {row.pk: list(row.events.all()) for row in rows}
    look, limits = ends.Look.at("case", events, now), Limits()
    for row in rows:
        for turn, owner in _turns(row, events[row.pk], look, limits.of(row)):
            if owner is not None:
                yield _step(row, turn, owner, limits.of(row), look.calendar)


class Limits:
    """The limits of cases by the version each began under, read once."""

    def __init__(self) -> None:
        self._versions, self._history = Versions(), rulesets.history("cases")

    def of(self, row: Case) -> Rules:
        if row.limits_ref:
            return self._versions[row.limits_ref]
        return next((one.rules for one in self._history if one.since <= row.opened_at), self._history[-1].rules)


def _turns(
    row: Case, events: Sequence[CaseEvent], look: ends.Look, limits: Rules
) -> Iterator[tuple[ends.Turn, int | None]]:
    """Every step of a case with its owner."""
    untils = ends.untils("case", row.pk, events, rules.TERMS, look.known)
    for place, event in enumerate(events):
        term, until = rules.TERMS.get(event.kind), untils[event.seq]
        if term is None or until is None:
            continue
        closed = next((one.at for one in events[place + 1 :] if _closes(one.kind, term)), None)
        turn = look.turn(term, event, until, closed)
        owner = row.subject_id if term.right else row.opened_org_id
        yield turn, event.by_org_id if event.kind == "proposed" else owner
        if event.kind == "noticed":
            limit = Limit.of(limits[rules.SILENCE.limit])
            silent = look.after_silence(rules.SILENCE, limit, row.pk, turn, closed)
            if silent:
                yield silent, row.opened_org_id


def _closes(kind: str, term: Term) -> bool:
    return kind in CLOSED_BY[term.step] if term.step in CLOSED_BY else kind not in BESIDE


def _step(row: Case, turn: ends.Turn, owner: int, limits: Rules, calendar: WorkCalendar) -> Step:
    return Step(
        kind=turn.term.step,
        reference=ends.reference("case", row.pk, turn.seq),
        owner_org=owner,
        title=row.number,
        path=f"/cases/{row.number}/" if turn.term.right else row.get_absolute_url(),
        started_at=turn.start,
        due_at=turn.due,
        limit=limits[turn.term.limit],
        provisional=calendar.provisional(turn.due),
        closed_at=turn.closed,
        right=turn.term.right,
    )
