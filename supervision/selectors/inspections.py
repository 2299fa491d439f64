"""Inspections as people read them: plans, what is due, what was found, and how much of what was planned was done."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from core import clock, workdays
from core.rulesets import Rules, Versions
from core.steps import Step
from core.workdays import LOCAL, Limit
from supervision import ends
from supervision.models import (
    Drawing,
    Finding,
    Inspection,
    InspectionEvent,
    InspectionOfficer,
    InspectionPhoto,
    InspectionPlan,
    Inspector,
)
from supervision.rules import inspections as rules

State = Inspection.State


@dataclass(frozen=True)
class Rates:
    """How far a plan, or a year of plans, has come. Shares are of what is due, or done, by now; None without any."""

    drawn: int
    checked: int
    due: int
    published: int
    publishable: int

    @property
    def completion(self) -> int | None:
        """Percent of the checks due by now (or done before) that are done."""
        return round(100 * self.checked / self.due) if self.due else None

    @property
    def publication(self) -> int | None:
        """Percent of the results whose limit is over (or that were published before) that are public."""
        return round(100 * self.published / self.publishable) if self.publishable else None


def plans(*, year: int | None = None, body: int | None = None) -> "QuerySet[InspectionPlan]":
    """Published plans, the newest year first, with how many were drawn and done."""
    rows = InspectionPlan.objects.exclude(published_at=None).select_related("body", "region__parent")
    rows = rows.filter(year=year) if year else rows
    rows = rows.filter(body_id=body) if body else rows
    return rows.annotate(
        drawn=Count("inspections"), done=Count("inspections", filter=~Q(inspections__concluded_at=None))
    )


def drafts(body: int | None) -> "QuerySet[InspectionPlan]":
    return InspectionPlan.objects.filter(body_id=body, published_at=None).select_related("body")


def years() -> list[int]:
    rows = InspectionPlan.objects.exclude(published_at=None).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def plan(number: str) -> InspectionPlan:
    """Raises InspectionPlan.DoesNotExist."""
    return InspectionPlan.objects.select_related("body", "region__parent").get(number=number)


def drawings_of(plan_id: int) -> "QuerySet[Drawing]":
    return Drawing.objects.filter(plan=plan_id).select_related("result").prefetch_related("words__by_org")


def inspection(number: str) -> Inspection:
    """Raises Inspection.DoesNotExist."""
    rows = Inspection.objects.select_related("plan__body", "subject", "drawing__result", "follows")
    return rows.get(number=number)


def of_plan(plan_id: int) -> "QuerySet[Inspection]":
    return Inspection.objects.filter(plan=plan_id).select_related("subject").order_by("pk")


def published(*, outcome: str = "", region: str = "", since: datetime | None = None) -> "QuerySet[Inspection]":
    """Published results, the newest first."""
    rows = Inspection.objects.exclude(published_at=None).select_related("plan__body", "subject__region")
    rows = rows.filter(outcome=outcome) if outcome else rows
    rows = rows.filter(subject__region__code__startswith=region) if region else rows
    rows = rows.filter(published_at__gte=since) if since else rows
    return rows.order_by("-published_at", "-pk")


def months(since: datetime) -> list[tuple[date, Counter[str]]]:
    """Published results by month and outcome, the oldest month first; months without any are left out."""
    rows = (
        published(since=since)
        .order_by()
        .annotate(month=TruncMonth("published_at", tzinfo=LOCAL))
        .values_list("month", "outcome")
        .annotate(n=Count("pk"))
    )
    found: dict[date, Counter[str]] = {}
    for month, outcome, n in rows:
        found.setdefault(month.date(), Counter())[outcome] += n
    return sorted(found.items())


def of_agency(organisation_id: int) -> "QuerySet[Inspection]":
    """What an agency may know of: from the notice on."""
    rows = Inspection.objects.filter(subject=organisation_id).exclude(state=State.DRAWN)
    return rows.select_related("plan__body")


def duties(user_id: int) -> "QuerySet[Inspection]":
    """Inspections somebody has to go on with, by due time."""
    mine = InspectionOfficer.objects.filter(inspector__user=user_id, recused_at=None).values("inspection")
    rows = Inspection.objects.filter(pk__in=mine).exclude(state=State.CLOSED)
    return rows.select_related("plan", "subject").order_by(F("due_at").asc(nulls_last=True), "pk")


def inspectors(organisation_id: int | None = None) -> "QuerySet[Inspector]":
    rows = Inspector.objects.filter(left_at=None).select_related("user", "organisation")
    return rows.filter(organisation=organisation_id) if organisation_id else rows


def team(row: Inspection) -> Sequence[InspectionOfficer]:
    """Who inspects now, the one who leads first."""
    rows = row.officers.filter(recused_at=None).select_related("inspector__user", "inspector__organisation")
    return list(rows.order_by("position"))


def inspected_by(reference: str) -> frozenset[int]:
    """Users who inspected, by what a case remembers of its inspection: "inspection:7". Nobody where a case that says
    it came from an inspection was opened by hand about an agency.
    """
    kind, _colon, number = reference.partition(":")
    if kind != "inspection":
        return frozenset()
    rows = InspectionOfficer.objects.filter(inspection=int(number), recused_at=None)
    return frozenset(rows.values_list("inspector__user", flat=True))


def is_officer(row: Inspection, user_id: int, organisation_id: int | None) -> bool:
    mine = row.officers.filter(inspector__user=user_id, inspector__organisation=organisation_id, recused_at=None)
    return mine.exists()


def newest(row: Inspection) -> dict[int, Finding]:
    """The finding that counts at each point."""
    found: dict[int, Finding] = {}
    for finding in row.findings.order_by("at", "pk"):
        found[finding.point] = finding
    return found


def photos(row: Inspection, *, public_only: bool = False) -> dict[int, list[InspectionPhoto]]:
    rows = row.photos.select_related("thumbnail")
    found: dict[int, list[InspectionPhoto]] = {}
    for photo in rows.filter(public=True) if public_only else rows:
        found.setdefault(photo.point, []).append(photo)
    return found


def history(row: Inspection) -> "QuerySet[InspectionEvent]":
    return row.events.select_related("by_user", "by_org", "file")


def rates(rows: "QuerySet[Inspection]", now: datetime) -> Rates:
    """Of these inspections: drawn, checked of what is due, published of what is publishable."""
    done, out = Q(concluded_at__isnull=False), Q(published_at__isnull=False)
    return Rates(
        **rows.aggregate(
            drawn=Count("pk"),
            checked=Count("pk", filter=done),
            due=Count("pk", filter=done | Q(check_by__lte=now)),
            published=Count("pk", filter=out),
            publishable=Count("pk", filter=out | Q(publish_by__lte=now)),
        )
    )


def open_steps(since: datetime) -> Iterator[Step]:
    """Every step of inspections that is open, or ended since a moment: draw, notice, check, publication, mending."""
    calendar, versions = workdays.load(), Versions()
    yield from _round_steps(since)
    yield from _draw_steps(since, calendar, versions)
    wanted = Inspection.objects.filter(Q(due_at__isnull=False) | Q(events__at__gte=since)).distinct()
    rows = list(wanted.select_related("plan", "subject").prefetch_related("events"))
    known = ends.Ends(f"inspection:{row.pk}" for row in rows)
    for row in rows:
        yield from _steps(row, since, known, calendar, versions[row.rules_ref])


KINDS = {
    # step: (opened by these events, closed by these, parameter of the rule set)
    "inspection.notify": (("drawn",), ("notify",), "notify"),
    "inspection.check": (("drawn",), ("conclude",), "check"),
    "inspection.publish": (("conclude",), ("publish", "publish_fix"), "publish"),
    "inspection.fix": (("publish_fix",), ("report", "follow"), "fix"),
    "inspection.recheck": (("report",), ("follow",), "recheck"),
}


def _steps(
    row: Inspection, since: datetime, known: ends.Ends, calendar: workdays.WorkCalendar, params: Rules
) -> Iterator[Step]:
    first: dict[str, InspectionEvent] = {}
    for event in row.events.all():
        first.setdefault(event.kind, event)
    for kind, (opened, closed, limit) in KINDS.items():
        begun = next((first[name] for name in opened if name in first), None)
        ended = next((first[name].at for name in closed if name in first), None)
        if begun is None or (ended is not None and ended < since):
            continue
        told = _told(row, kind, begun) or Limit.of(params[limit]).end(begun.at, calendar)
        due = known.until(kind, f"inspection:{row.pk}", told)
        yield Step(
            kind=kind,
            reference=f"inspection:{row.pk}",
            owner_org=row.subject_id if kind == "inspection.fix" else row.plan.body_id,
            title=f"{row.number} {row.subject.name}",
            path=row.get_absolute_url(),
            started_at=begun.at,
            due_at=due,
            limit=params[limit],
            provisional=calendar.provisional(due),
            closed_at=ended,
            respondent=None if kind == "inspection.fix" else row.subject_id,
        )


def _told(row: Inspection, kind: str, begun: InspectionEvent) -> datetime | None:
    """The end as it was told when the step began; None of old events, which did not keep it."""
    if kind == "inspection.check":
        return row.check_by
    if kind == "inspection.publish":
        return row.publish_by
    return datetime.fromisoformat(begun.data["until"]) if "until" in begun.data else None


def _round_steps(since: datetime) -> Iterator[Step]:
    """A published plan says how often in its year it is drawn: each round has its part of the year."""
    now = clock.now()
    wanted = InspectionPlan.objects.filter(published_at__isnull=False, year__gte=now.astimezone(LOCAL).year - 1)
    rows = list(wanted.order_by("pk").prefetch_related("drawings__result"))
    known = ends.Ends(f"plan:{row.pk}:{place}" for row in rows for place in range(1, row.per_year + 1))
    for row in rows:
        results = {one.round: getattr(one, "result", None) for one in row.drawings.all()}
        for place in range(1, row.per_year + 1):
            result = results.get(place)
            step = _round(row, place, known, result.drawn_at if result else None)
            if step.started_at <= now and (step.closed_at is None or step.closed_at >= since):
                yield step


def _round(row: InspectionPlan, place: int, known: ends.Ends, drawn_at: datetime | None) -> Step:
    told = row.published_at.astimezone(LOCAL).date() if row.published_at else None
    first, after = rules.round_due(row.year, place, row.per_year, told)
    start, due = (datetime.combine(day, time(), LOCAL) for day in (first, after))
    reference = f"plan:{row.pk}:{place}"
    return Step(
        kind="inspection.round",
        reference=reference,
        owner_org=row.body_id,
        title=row.title,
        path=row.get_absolute_url(),
        started_at=max(start, row.published_at or start),
        due_at=known.until("inspection.round", reference, due),
        closed_at=drawn_at,
    )


def _draw_steps(since: datetime, calendar: workdays.WorkCalendar, versions: Versions) -> Iterator[Step]:
    """Whoever announced a public number has to enter it when the time has come."""
    wanted = Drawing.objects.exclude(public_number="").filter(Q(result=None) | Q(result__drawn_at__gte=since))
    rows = list(wanted.select_related("plan", "result"))
    known = ends.Ends(f"drawing:{row.pk}" for row in rows)
    for row in rows:
        limit = versions[row.rules_ref]["enter_number"]
        due = known.until("inspection.draw", f"drawing:{row.pk}", Limit.of(limit).end(row.draws_at, calendar))
        result = getattr(row, "result", None)
        yield Step(
            kind="inspection.draw",
            reference=f"drawing:{row.pk}",
            owner_org=row.plan.body_id,
            title=row.plan.title,
            path=row.plan.get_absolute_url(),
            started_at=row.draws_at,
            due_at=due,
            limit=limit,
            provisional=calendar.provisional(due),
            closed_at=result.drawn_at if result else None,
        )
