"""Reading complaints: what one may be about, lists for officers and the other side, steps for the clocks."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from accounts import selectors as accounts
from accounts.models import Organisation
from accounts.rules.credit_code import normalise
from agencies import selectors as agencies
from bidding import selectors as bidding
from bidding.models import Competition
from contracts import selectors as contracts
from contracts.models import Contract
from core import clock
from core.models import StoredFile
from core.rulesets import Rules, Versions
from core.steps import Step
from marketplace import selectors as marketplace
from ratings import selectors as ratings
from ratings.models import Rating
from supervision import ends, words
from supervision.errors import cases as errors
from supervision.models import Complaint, ComplaintEvent, ComplaintFile
from supervision.rules import complaints as rules
from supervision.selectors.offices import Offices
from supervision.services.complaint_log import happenings
from supervision.services.complaints import Matter

OPEN = "open"
EVER = datetime(2000, 1, 1, tzinfo=UTC)
FINISHED = (rules.State.CLOSED, rules.State.WITHDRAWN, rules.State.TRANSFERRED)
QUIET = (*FINISHED, rules.State.DECIDED, rules.State.REJECTED)
# The complainant's own words, what concerns the complainant alone, and what officers say to each other.
PRIVATE = frozenset(
    {"filed", "completed", "evidence", "withdrawn", "missing_asked", "complainant_case"}
    | {"passed", "pause_asked", "pause_refused", "pause_agreed"}
)


@dataclass(frozen=True)
class Line:
    """One event as a page shows it."""

    row: ComplaintEvent
    title: str | Promise
    outcome: str


def matter(about: str, *, official: str = "", facts: Collection[str] = ()) -> Matter:
    """What "need:5", "competition:5", "agency:7", "clause:5" (of a need), "item:1001" (a clause of the catalogue),
    "rating:3", "contract:9", "official:12" (of a department) or "newcomer:7" (what an agency published, of which
    `facts` are wrong) stands for.

    Raises complaint.subject.
    """
    kind, _colon, number = about.partition(":")
    finder = FINDERS.get(kind)
    found = finder(int(number)) if finder and number.isdigit() and len(number) < 12 else None
    if found is None:
        raise errors.SUBJECT_UNKNOWN()
    if kind == "official":
        return replace(found, official=official)
    return replace(found, facts=tuple(facts)) if kind == "newcomer" else found


def _need(pk: int, kind: str = "need") -> Matter | None:
    row = marketplace.get_need(pk)
    if row is None or row.published_at is None:
        return None
    return Matter(kind, f"need:{pk}", row.title, row.get_absolute_url(), row.buyer_id, pk)


def _item(number: int) -> Matter | None:
    """The conditions of a catalogue item, which the platform's operator publishes."""
    row = marketplace.item(f"{number:05d}")
    operator = accounts.of_kind(Organisation.Kind.OPERATOR).order_by("pk").first()
    if row is None or operator is None:
        return None
    return Matter("clause", f"item:{row.code}", row.name, f"/catalogue/{row.code}/", operator.pk)


def _competition(pk: int) -> Matter | None:
    try:
        row = bidding.competition(pk)
    except Competition.DoesNotExist:
        return None
    return Matter(
        "competition", f"competition:{pk}", row.need.title, f"/competitions/{pk}/", row.need.buyer_id, row.need_id
    )


def _agency(pk: int, kind: str = "agency") -> Matter | None:
    row = agencies.find(pk)
    return Matter(kind, f"{kind}:{pk}", row.organisation.name, f"/agencies/{pk}/", pk) if row else None


def _official(pk: int) -> Matter | None:
    row = accounts.organisations([pk]).get(pk)
    if row is None or row.kind in (Organisation.Kind.AGENCY, Organisation.Kind.ENTERPRISE):
        return None
    return Matter("official", f"official:{pk}", row.name, "", pk)


def _contract(pk: int) -> Matter | None:
    try:
        row = contracts.contract(pk)
    except Contract.DoesNotExist:
        return None
    title = row.award.need.title
    return Matter("contract", f"contract:{pk}", title, f"/contracts/{pk}/", row.supplier_id, row.award.need_id)


def _rating(pk: int) -> Matter | None:
    try:
        row = ratings.rating(pk)
    except Rating.DoesNotExist:
        return None
    if row.window.revealed_at is None:
        return None
    return Matter(
        "rating",
        f"rating:{pk}",
        row.window.contract.award.need.title,
        f"/agencies/{row.ratee_id}/credit/",
        row.rater_id,
    )


def about_number(typed: str) -> str:
    """ "need:5" for a need's number, "agency:7" for a credit code, or ""."""
    need = marketplace.published_since(EVER).filter(number=typed.strip().upper()).values_list("pk", flat=True).first()
    if need:
        return f"need:{need}"
    agency = Organisation.objects.filter(kind=Organisation.Kind.AGENCY, credit_code=normalise(typed)).first()
    return f"agency:{agency.pk}" if agency else ""


FINDERS: Mapping[str, Callable[[int], Matter | None]] = {
    "need": _need,
    "clause": lambda pk: _need(pk, "clause"),
    "item": _item,
    "competition": _competition,
    "agency": _agency,
    "official": _official,
    "contract": _contract,
    "rating": _rating,
    "newcomer": lambda pk: _agency(pk, "newcomer"),
}


def complaints(*, state: str = OPEN, about: str = "", q: str = "", office: int | None = None) -> QuerySet[Complaint]:
    """For officers: by due time. `state`: "open", a state, or "" for all; `office`: whose, None for anybody's."""
    rows = Complaint.objects.select_related("subject", "office", "officer")
    if office:
        rows = rows.filter(office_id=office)
    if state == OPEN:
        rows = rows.exclude(state__in=QUIET)
    elif state:
        rows = rows.filter(state=state)
    if about:
        rows = rows.filter(about=about)
    if q:
        rows = rows.filter(Q(number__icontains=q) | Q(title__icontains=q) | Q(subject__name__icontains=q))
    return rows.order_by("due_at", "pk") if state == OPEN else rows


def complaint(number: str) -> Complaint:
    """Raises Complaint.DoesNotExist."""
    return Complaint.objects.select_related("subject", "need", "identity", "office", "officer").get(number=number)


def against(organisation_id: int) -> QuerySet[Complaint]:
    """What an organisation was told of: complaints about it from the notification on."""
    return Complaint.objects.filter(subject_id=organisation_id, events__kind="notified").distinct()


def is_known(row: Complaint) -> bool:
    """Was the other side told of it?"""
    return row.events.filter(kind="notified").exists()


def fold(row: Complaint) -> rules.Matter:
    return rules.fold(happenings(row))


def lines(row: Complaint, *, other_side: bool = False) -> list[Line]:
    """Its history, oldest first. The other side does not read the complainant's own words and files."""
    events = row.events.select_related("by_user", "by_org").prefetch_related("files__file")
    if other_side:
        events = events.exclude(kind__in=PRIVATE)
    shown = ends.as_they_stand("complaint", row.pk, events, rules.TERMS)
    return [
        Line(one, words.COMPLAINT_EVENTS[one.kind], str(words.OUTCOMES.get(one.data.get("outcome", ""), "")))
        for one in shown
    ]


def event_file(row: Complaint, file_id: UUID, *, other_side: bool = False) -> StoredFile:
    """Raises ComplaintFile.DoesNotExist."""
    rows = ComplaintFile.objects.select_related("file").filter(event__complaint=row)
    if other_side:
        rows = rows.exclude(event__kind__in=PRIVATE)
    return rows.get(file_id=file_id).file


def unanswered(now: datetime) -> list[int]:
    """Complaints whose completion was asked for in vain."""
    rows = Complaint.objects.filter(state=rules.State.INCOMPLETE, due_at__lte=now)
    return list(rows.values_list("pk", flat=True))


def paused() -> list[int]:
    return list(Complaint.objects.filter(state=rules.State.PAUSED).values_list("pk", flat=True))


def officials() -> QuerySet[Organisation]:
    """Departments and supervisors whose officials one may complain about."""
    kind = Organisation.Kind
    return accounts.of_kind(kind.DEPARTMENT, kind.REGULATOR, kind.OPERATOR)


CLOSES = {
    "complaint.accept": {"accepted", "passed", "rejected", "transferred", "missing_asked", "withdrawn"},
    "complaint.complete": {"completed", "lapsed", "withdrawn"},
    "complaint.notify": {"notified", "withdrawn"},
    "complaint.reply": {"replied", "decided", "withdrawn"},
    rules.DECIDE: {"decided", "withdrawn"},
    "complaint.ask_review": {"review_asked"},
    "complaint.review": {"review_decided"},
}


def open_steps(since: datetime) -> Iterator[Step]:
    """What officers must do by when, and until when either side may speak.

    The owner is the regulator that answers for it while the step runs, of the other side's rights the other side. Who
    complained is told nothing here: nobody but the receipt knows them, so their completion stands with the regulator.
    """
    now = clock.now()
    asking = Q(state=rules.State.DECIDED, due_at__gt=now)
    changed = ~Q(state__in=QUIET) | Q(events__at__gte=since) | asking
    found = Complaint.objects.filter(changed).distinct().select_related("need", "subject").prefetch_related("events")
    rows = list(found)
    events = {row.pk: list(row.events.all()) for row in rows}
    look, versions, offices = ends.Look.at("complaint", events, now), Versions(), Offices()
    for row in rows:
        for turn in _turns(row, events[row.pk], look):
            owner = (
                row.subject_id if turn.term.step in THEIRS else office_of(row, _until(turn, events[row.pk]), offices)
            )
            if owner is not None:
                yield _step(row, events[row.pk], turn, owner, versions[row.rules_ref])


def _until(turn: ends.Turn, events: Sequence[ComplaintEvent]) -> list[ComplaintEvent]:
    """What had happened while a step ran."""
    return [one for one in events if turn.closed is None or one.at < turn.closed or one.seq <= turn.seq]


THEIRS = ("complaint.reply", "complaint.ask_review")  # rights of the other side


def _turns(row: Complaint, events: Sequence[ComplaintEvent], look: ends.Look) -> Iterator[ends.Turn]:
    untils = ends.untils("complaint", row.pk, events, rules.TERMS, look.known)
    for place, event in enumerate(events):
        term, later = rules.TERMS.get(event.kind), events[place + 1 :]
        if term is None or event.until is None:
            continue
        closed, until = _closed(term.step, later), untils[event.seq]
        if event.kind == "notified":
            until = _decide_by(row, event, later, untils)
        if until is not None:
            yield look.turn(term, event, until, closed)
        if event.kind == "notified":
            told = datetime.fromisoformat(event.data["reply_until"])
            until = look.known.until(rules.REPLY.step, ends.reference("complaint", row.pk, event.seq), told)
            yield look.turn(rules.REPLY, event, until, _closed(rules.REPLY.step, later))


def _decide_by(
    row: Complaint, event: ComplaintEvent, later: Sequence[ComplaintEvent], untils: Mapping[int, datetime | None]
) -> datetime | None:
    """The end as the last pause left it; the oldest pauses wrote it into the complaint alone."""
    went_on = [one for one in later if one.kind == ends.GOES_ON]
    if not went_on:
        return untils[event.seq]
    return untils[went_on[-1].seq] or row.due_at


def _closed(step: str, later: Sequence[ComplaintEvent]) -> datetime | None:
    return next((one.at for one in later if one.kind in CLOSES[step]), None)


def _step(row: Complaint, events: Sequence[ComplaintEvent], turn: ends.Turn, owner: int, limits: Rules) -> Step:
    decides = turn.term.step == rules.DECIDE
    begins = limits.parameters.get("decide_from", "acceptance")
    start = rules.decides_from((one for one in events if one.seq < turn.seq), begins)
    theirs = turn.term.step in THEIRS
    return Step(
        kind=turn.term.step,
        reference=ends.reference("complaint", row.pk, turn.seq),
        owner_org=owner,
        title=row.number,
        path=f"/cases/complaints/{row.number}/" if theirs else row.get_absolute_url(),
        started_at=turn.start,
        due_at=turn.due,
        limit=limits[turn.term.limit],
        closed_at=turn.closed,
        paused=decides and turn.closed is None and row.state == rules.State.PAUSED,
        counted_from=start if decides else None,
        right=turn.term.right,
    )


def office_of(row: Complaint, events: Sequence[ComplaintEvent], offices: Offices) -> int | None:
    """Which regulator answered for it after these events. One filed before that was written down is routed now."""
    for one in reversed(events):
        if one.kind in ("filed", "passed") and one.data.get("office"):
            return int(one.data["office"])
        if one.kind in ("taken", "accepted") and one.by_org_id:
            return one.by_org_id
    place = row.need.region_id if row.need else None
    return offices.of(place or row.subject.region_id, but=row.subject_id)
