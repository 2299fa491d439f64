"""Reading consultations: lists, one with what it changes, texts in force, versions nobody was asked about, steps."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from core import clock, rulesets, workdays
from core.models import RuleSet
from core.parameters import Change, diff
from core.rulesets import Rules, Versions
from core.steps import Step
from core.workdays import Limit, WorkCalendar
from supervision.models import Consultation, Opinion
from supervision.rules import consultations as rules

STAGES = tuple(one.value for one in rules.Stage)


def _whole() -> QuerySet[Consultation]:
    return Consultation.objects.select_related("office", "replaces").annotate(
        heard=Count("opinions"), unanswered=Count("opinions", filter=Q(opinions__answer=None))
    )


def consultation(number: str) -> Consultation:
    """Raises Consultation.DoesNotExist."""
    return _whole().select_related("drafted_by", "adopted_by").get(number=number)


def consultations(stage: str = "") -> QuerySet[Consultation]:
    """Those at a stage, or all; the newest first."""
    now, settled = clock.now(), Q(adopted_at__isnull=False) | Q(withdrawn_at__isnull=False)
    narrowed = {
        "open": Q(closes_at__gt=now) & ~settled,
        "closed": Q(closes_at__lte=now) & ~settled,
        "adopted": Q(adopted_at__isnull=False),
        "withdrawn": Q(withdrawn_at__isnull=False),
    }
    return _whole().filter(narrowed.get(stage, Q())).order_by("-opened_at", "-pk")


def of_office(office_id: int) -> QuerySet[Consultation]:
    """An office's own, those that are not settled in front."""
    rows = _whole().filter(office=office_id)
    return rows.order_by(F("adopted_at").asc(nulls_first=True), F("withdrawn_at").asc(nulls_first=True), "closes_at")


def stage(row: Consultation) -> rules.Stage:
    return rules.stage(row.facts(), clock.now())


def opinions(row: Consultation) -> QuerySet[Opinion]:
    return Opinion.objects.filter(consultation=row).select_related("organisation", "answer")


def waiting(row: Consultation) -> int:
    """How many opinions have no answer."""
    return Opinion.objects.filter(consultation=row, answer=None).count()


def latest(rule_set: str) -> RuleSet | None:
    """The last version there is, in force or to come."""
    return RuleSet.objects.filter(name=rule_set).order_by("version").last()


def base(row: Consultation) -> Rules:
    """The version a draft was made from."""
    return rulesets.by_ref(f"{row.rule_set}@{row.base_version}")


def running_on(rule_set: str) -> Consultation | None:
    return Consultation.objects.filter(rule_set=rule_set, adopted_at=None, withdrawn_at=None).first()


def parameter_changes(row: Consultation) -> Sequence[Change]:
    return diff(base(row).parameters, row.parameters) if row.kind == Consultation.Kind.PARAMETERS else []


def text_changes(row: Consultation) -> Sequence[rules.Change]:
    return list(rules.changes(row.replaces.text, row.text)) if row.replaces else []


def texts() -> QuerySet[Consultation]:
    """Adopted rules in words that no later one has replaced."""
    later = Consultation.objects.filter(replaces=OuterRef("pk"), adopted_at__isnull=False)
    return Consultation.objects.filter(kind="text", adopted_at__isnull=False).exclude(Exists(later))


def adopted_as(name: str) -> dict[int, Consultation]:
    """Version of a rule set -> the consultation it came from."""
    rows = Consultation.objects.filter(rule_set=name, adopted_version__isnull=False)
    return {row.adopted_version: row for row in rows if row.adopted_version}


def unasked() -> QuerySet[RuleSet]:
    """Versions put in force here without asking anybody, the newest first."""
    asked = Consultation.objects.filter(rule_set=OuterRef("name"), adopted_version=OuterRef("version"))
    return RuleSet.objects.filter(shipped=None).exclude(Exists(asked)).order_by("-effective_from", "name")


def open_steps(since: datetime) -> Iterator[Step]:
    """From the end of a consultation on: to answer what was said, and to adopt or withdraw the draft."""
    settled = Q(adopted_at__gt=since) | Q(withdrawn_at__gt=since)
    running = Q(adopted_at=None, withdrawn_at=None)
    rows = _whole().filter(running | settled, closes_at__lte=clock.now()).annotate(answered=Max("opinions__answer__at"))
    versions, calendar = Versions(), workdays.load()
    for row in rows:
        yield from _steps(row, versions[row.rules_ref], calendar)


def _steps(row: Consultation, limits: Rules, calendar: WorkCalendar) -> Iterator[Step]:
    over = row.adopted_at or row.withdrawn_at
    if over and over <= row.closes_at:  # withdrawn while it ran: nothing was due
        return
    yield _step(row, "decide", limits, calendar, over)
    if row.heard:  # type: ignore[attr-defined]
        last = max(row.closes_at, row.answered) if row.answered else None  # type: ignore[attr-defined]
        yield _step(row, "answer", limits, calendar, over if row.unanswered else last)  # type: ignore[attr-defined]


def _step(row: Consultation, what: str, limits: Rules, calendar: WorkCalendar, closed: datetime | None) -> Step:
    return Step(
        kind=f"consultation.{what}",
        reference=f"consultation:{row.pk}",
        owner_org=row.office_id,
        title=f"{row.number} {row.title}",
        path=row.desk_path,
        started_at=row.closes_at,
        due_at=Limit.of(limits[what]).end(row.closes_at, calendar),
        limit=limits[what],
        closed_at=closed,
    )
