"""Reading questions: those that are published, an office's own, one with its history, steps for the clock."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.lookups import IContains

from accounts import selectors as accounts
from accounts.models import Organisation
from core import clock
from core.audit import By
from core.rulesets import Rules, Versions
from core.steps import Step
from supervision import ends
from supervision.models import Question, QuestionEvent
from supervision.rules import questions as rules
from supervision.rules.consultations import HIDDEN, PERSONAL, may_be_hidden
from supervision.selectors.cards import PUBLIC_BODIES

OPEN = (rules.State.ASKED.value, rules.State.ESCALATED.value)
ANSWERS = ("answered", "answered_again")
GIVEN = ("passed", "unsatisfied")  # events that name the office the question goes to


def offices() -> QuerySet[Organisation]:
    """Who may be asked."""
    return accounts.of_kind(*PUBLIC_BODIES).order_by("name")


def operator_id() -> int | None:
    """The platform itself: who is asked where nobody else is named."""
    return accounts.of_kind(Organisation.Kind.OPERATOR).order_by("pk").values_list("pk", flat=True).first()


def line(office_id: int) -> list[int]:
    """The office itself, then whoever may answer in its place: the platform, the regulators."""
    above = (Organisation.Kind.OPERATOR, Organisation.Kind.REGULATOR)
    found = [pk for kind in above for pk in accounts.of_kind(kind).order_by("pk").values_list("pk", flat=True)]
    return list(dict.fromkeys([office_id, *found]))


def _whole() -> QuerySet[Question]:
    return Question.objects.select_related("office", "first_asked", "officer")


def question(number: str) -> Question:
    """Raises Question.DoesNotExist."""
    return _whole().get(number=number)


def published(*, q: str = "", office: str = "") -> QuerySet[Question]:
    """Answered, where the asker agreed; the newest first."""
    answered = QuestionEvent.objects.filter(question=OuterRef("pk"), kind="answered")
    rows = _whole().filter(Exists(answered), public=True)
    rows = rows.filter(_said(q) | Q(number=q)) if q else rows
    return (rows.filter(office=int(office)) if office.isdecimal() and len(office) < 10 else rows).order_by(
        "-asked_at", "-pk"
    )


def _said(q: str) -> Q:
    """Words of a question as everybody reads it: what is hidden there is not found either."""
    found = Q(title__icontains=q) | Q(text__icontains=q)
    if not may_be_hidden(q):
        return found
    hidden = [Value(one) for one in (PERSONAL, HIDDEN, "g")]
    seen = [Func(F(name), *hidden, function="regexp_replace", output_field=TextField()) for name in ("title", "text")]
    return found & (IContains(seen[0], q) | IContains(seen[1], q))


def public_question(number: str) -> Question:
    """Raises Question.DoesNotExist also where one is not published."""
    return published().get(number=number)


def of_office(office_id: int, state: str = "") -> QuerySet[Question]:
    """Asked of an office or given to it; what waits in front, the earliest due first."""
    given = QuestionEvent.objects.filter(question=OuterRef("pk"), kind__in=GIVEN, data__office=office_id)
    rows = _whole().filter(Q(office=office_id) | Q(Exists(given)))
    narrowed = {"open": Q(state__in=OPEN), "done": ~Q(state__in=OPEN)}
    return rows.filter(narrowed.get(state, Q())).order_by("due_at", "-asked_at")


def concerns(row: Question, by: By) -> bool:
    """Is somebody of the office that was asked, or of one it was given to?"""
    if by.user_id is None or by.org_id is None:
        return False
    return by.org_id == row.office_id or row.events.filter(kind__in=GIVEN, data__office=by.org_id).exists()


def waiting_with(user_id: int) -> int:
    """How many open questions a person has."""
    return Question.objects.filter(officer=user_id, state__in=OPEN).count()


def history(row: Question) -> Sequence[QuestionEvent]:
    return list(row.events.select_related("by_user", "by_org").order_by("seq"))


def answers(row: Question) -> Sequence[QuestionEvent]:
    return list(row.events.filter(kind__in=ANSWERS).select_related("by_org").order_by("seq"))


def is_over(row: Question) -> bool:
    """Closed, also by the asker's silence."""
    return row.state == rules.State.CLOSED or (
        row.state == rules.State.ANSWERED and row.due_at is not None and clock.now() >= row.due_at
    )


def open_steps(since: datetime) -> Iterator[Step]:
    """To answer: a duty of the office that was asked, whoever has the question now. Again: of the one it went up to."""
    rows = Question.objects.filter(Q(state__in=OPEN) | Q(events__at__gt=since)).distinct()
    versions = Versions()
    events = {row: list(row.events.all()) for row in rows.prefetch_related("events")}
    known = ends.of("question", {row.pk: own for row, own in events.items()})
    for row, own in events.items():
        yield from _steps(row, own, known, versions[row.rules_ref])


def _told(row: Question) -> str:
    """Every supervisor reads the clocks: of what the asker keeps private they say the number alone."""
    return f"{row.number} {row.public_title}" if row.public else row.number


def _steps(row: Question, events: Sequence[QuestionEvent], known: ends.Ends, limits: Rules) -> Iterator[Step]:
    untils = ends.untils("question", row.pk, events, rules.TERMS, known)
    done = {"asked": "answered", "unsatisfied": "answered_again"}
    for event in events:
        term, until = rules.TERMS.get(event.kind), untils[event.seq]
        if term is None or until is None:
            continue
        closed = next((one.at for one in events if one.kind == done[event.kind]), None)
        yield Step(
            kind=term.step,
            reference=ends.reference("question", row.pk, event.seq),
            owner_org=event.data.get("office", row.office_id),
            title=_told(row),
            path=row.desk_path,
            started_at=event.at,
            due_at=until,
            limit=limits[term.limit],
            closed_at=closed,
        )
