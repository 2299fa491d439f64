"""Everything the platform holds about one agency, each with what can be done about it and until when.

Red flags nobody has confirmed are not here: they are questions to the data, nothing is held against anybody.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from agencies import selectors as agencies
from agencies.models import Restriction
from portal import words
from ratings.models import Appeal, CreditEvent
from ratings.selectors import grades
from ratings.texts import KINDS as CREDIT
from supervision import ends, kinds
from supervision.models import (
    Card,
    Case,
    Complaint,
    Honour,
    ImportedEntry,
    Inspection,
    Letter,
    Listing,
    Repair,
)
from supervision.rules import cases as case_rules
from supervision.rules import listings as listing_rules

MOST = 50
REPAIRS = "/agency/repairs/"
NOW, GOOD, BAD, ENDED, NEUTRAL = "now", "good", "bad", "ended", "neutral"


@dataclass(frozen=True)
class Held:
    """One thing held. `may`: a key of portal.words.MAY, what can be done until `until`, at `may_path`."""

    title: str
    path: str
    state: str
    tone: str
    since: datetime | None
    note: str = ""
    may: str = ""
    may_path: str = ""
    until: datetime | None = None

    @property
    def may_words(self) -> str:
        return str(words.MAY[self.may]) if self.may else ""


@dataclass(frozen=True)
class Section:
    """One kind of thing held. `name`: a key of portal.words.HELD."""

    name: str
    rows: Sequence[Held]

    @property
    def title(self) -> str:
        return str(words.HELD[self.name][0])

    @property
    def empty(self) -> str:
        return str(words.HELD[self.name][1])


@dataclass(frozen=True)
class Everything:
    """All sections, and on top what can be done within a limit, the nearest first."""

    sections: Sequence[Section]
    urgent: Sequence[Held]


def everything(agency_id: int, now: datetime) -> Everything:
    """What is held about an agency, in a fixed number of queries."""
    sections = [Section(name, list(read(agency_id, now))) for name, read in SECTIONS.items()]
    urgent = [row for section in sections for row in section.rows if row.may and row.until and row.until > now]
    return Everything(sections, sorted(urgent, key=lambda row: row.until or now))


def answers(org_id: int, now: datetime) -> list[Held]:
    """What any organisation may still answer: cases and complaints about it."""
    rows = [*_cases(org_id, now), *_complaints(org_id, now)]
    return [row for row in rows if row.may and row.until and row.until > now]


def _restrictions(agency_id: int, now: datetime) -> Iterable[Held]:
    """In force first, then those that ended or were lifted."""
    for row in Restriction.objects.filter(agency_id=agency_id).order_by("-ends_at")[:MOST]:
        running = row.lifted_at is None and row.starts_at <= now < row.ends_at
        note = row.ground if row.lifted_at is None else f"{row.ground} · {row.lifted_reason}"
        may = "repair" if running and row.source.startswith(("/decisions/", "/blacklist/")) else ""
        yield Held(
            title=str(row.get_kind_display()),
            path=row.source,
            state=str(words.RUNS if running else words.OVER),
            tone=BAD if running else ENDED,
            since=row.starts_at,
            note=note,
            may=may,
            may_path=REPAIRS,
            until=row.ends_at if running else None,
        )


def _cases(agency_id: int, now: datetime) -> Iterable[Held]:
    rows = Case.objects.filter(subject_id=agency_id).exclude(state=Case.Stage.OPEN).prefetch_related("events")
    found = list(rows[:MOST])
    known = ends.of("case", {row.pk: list(row.events.all()) for row in found})
    for row in found:
        defend = row.state == Case.Stage.NOTICED
        until = ends.untils("case", row.pk, list(row.events.all()), case_rules.TERMS, known)
        notice = next((event.seq for event in reversed(row.events.all()) if event.kind == "noticed"), 0)
        review = _review_until(row, until, now)
        yield Held(
            title=row.origin_title,
            path=f"/cases/{row.number}/",
            state=str(row.get_state_display()),
            tone=CASE_TONES.get(row.state, NOW),
            since=row.opened_at,
            note=row.number,
            may="defend" if defend else "review" if review else "",
            may_path=f"/cases/{row.number}/",
            until=until.get(notice) if defend else review,
        )


def _review_until(row: Case, until: Mapping[int, datetime | None], now: datetime) -> datetime | None:
    """Until when a review may still be asked for."""
    events = {event.kind: event for event in row.events.all()}
    if row.state not in REVIEWABLE or "review_asked" in events:
        return None
    end = until[events["published"].seq] if "published" in events else None
    return end if end and end > now else None


def _complaints(agency_id: int, _now: datetime) -> Iterable[Held]:
    """Those the agency was told about; who complained is not said."""
    rows = Complaint.objects.filter(subject_id=agency_id).exclude(state__in=UNTOLD).prefetch_related("events")
    for row in rows[:MOST]:
        events = {event.kind: event for event in row.events.all()}
        told, replied = events.get("notified"), "replied" in events
        until = _moment(told.data.get("reply_until")) if told else None
        running = row.state in ("accepted", "investigating", "paused")
        yield Held(
            title=row.title,
            path=f"/cases/complaints/{row.number}/",
            state=str(words.COMPLAINT_STATES.get(row.state, row.state)),
            tone=NOW if running else ENDED,
            since=row.filed_at,
            note=row.number,
            may="reply" if running and told and not replied else "",
            may_path=f"/cases/complaints/{row.number}/",
            until=until if running and not replied else None,
        )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _listings(agency_id: int, _now: datetime) -> Iterable[Held]:
    rows = Listing.objects.filter(subject_id=agency_id).exclude(state=Listing.Stage.CANDIDATE)
    found = list(rows.prefetch_related("events")[:MOST])
    known = ends.of("listing", {row.pk: list(row.events.all()) for row in found})
    for row in found:
        until = ends.untils("listing", row.pk, list(row.events.all()), listing_rules.TERMS, known)
        notice = next((event.seq for event in row.events.all() if event.kind == "noticed"), 0)
        noticed, listed = row.state == Listing.Stage.NOTICED, row.state == Listing.Stage.LISTED
        yield Held(
            title=row.ground,
            path=f"/agency/listings/{row.number}/",
            state=str(row.get_state_display()),
            tone=BAD if listed else NOW if noticed else ENDED,
            since=row.listed_at or row.opened_at,
            note=f"{row.number} · {row.authority}",
            may="defend" if noticed else "repair" if listed else "",
            may_path=REPAIRS if listed else f"/agency/listings/{row.number}/",
            until=until.get(notice) if noticed else row.ends_at if listed else None,
        )


def _imported(agency_id: int, _now: datetime) -> Iterable[Held]:
    code = agencies.get(agency_id).organisation.credit_code
    for row in ImportedEntry.objects.filter(Q(agency_id=agency_id) | Q(credit_code=code))[:MOST]:
        yield Held(
            title=row.ground,
            path=row.get_absolute_url(),
            state=str(words.RUNS if row.gone_at is None else words.OVER),
            tone=BAD if row.gone_at is None else ENDED,
            since=None,
            note=f"{row.authority} · {row.listed_on:%Y-%m-%d}",
            may="authority" if row.gone_at is None else "",
            may_path=row.get_absolute_url(),
        )


def _repairs(agency_id: int, _now: datetime) -> Iterable[Held]:
    for row in Repair.objects.filter(agency_id=agency_id)[:MOST]:
        incomplete = row.state == Repair.Stage.INCOMPLETE
        yield Held(
            title=row.number,
            path=f"/agency/repairs/{row.number}/",
            state=str(row.get_state_display()),
            tone=GOOD if row.state == Repair.Stage.GRANTED else BAD if row.state == Repair.Stage.BROKEN else NOW,
            since=row.applied_at,
            may="complete" if incomplete else "",
            may_path=f"/agency/repairs/{row.number}/",
            until=row.due_at if incomplete else None,
        )


def _inspections(agency_id: int, _now: datetime) -> Iterable[Held]:
    told = Inspection.objects.filter(subject_id=agency_id).exclude(state=Inspection.State.DRAWN)
    for row in told.select_related("plan")[:MOST]:
        fixing = row.state == Inspection.State.FIXING
        yield Held(
            title=row.plan.title,
            path=row.get_absolute_url(),
            state=str(row.get_outcome_display() if row.published_at else row.get_state_display()),
            tone=NOW if row.published_at is None or fixing else GOOD if row.outcome == "ok" else ENDED,
            since=row.opened_at,
            note=row.number,
            may="fix" if fixing else "",
            may_path=row.get_absolute_url(),
            until=row.due_at if fixing else None,
        )


def _grades(agency_id: int, now: datetime) -> Iterable[Held]:
    """Its yearly grades: proposed ones it may object to in front, then those that are published."""
    for row in [*grades.in_publicity(agency_id, now), *grades.grades_of(agency_id, now)]:
        until = row.list.objections_until
        proposed = until is not None and until > now
        letter = row.grade or str(words.NOT_GRADED)
        yield Held(
            title=str(words.GRADE_OF_YEAR).format(year=row.list.year, grade=letter),
            path=row.get_absolute_url(),
            state=str(words.PROPOSED if proposed else words.OPEN_TO_ALL),
            tone=NOW if proposed else NEUTRAL,
            since=row.list.public_from,
            may="object_to_grade" if proposed else "",
            may_path=row.get_absolute_url(),
            until=until if proposed else None,
        )


def _appeals(agency_id: int, now: datetime) -> Iterable[Held]:
    """Those it made, and those others made about its words."""
    mine = Q(by_org_id=agency_id) | Q(rating__rater_id=agency_id)
    for row in (
        Appeal.objects.filter(mine).select_related("decision", "statement", "rating").order_by("-filed_at")[:MOST]
    ):
        decision, statement = getattr(row, "decision", None), getattr(row, "statement", None)
        answers = decision is None and statement is None and row.by_org_id != agency_id and row.heard_by > now
        state = words.APPEAL_STATES["open" if decision is None else "upheld" if decision.upheld else "rejected"]
        yield Held(
            title=row.grounds[:80],
            path=row.get_absolute_url(),
            state=str(state),
            tone=NOW if decision is None else GOOD if decision.upheld else ENDED,
            since=row.filed_at,
            note=row.number,
            may="answer" if answers else "",
            may_path=row.get_absolute_url(),
            until=row.heard_by if answers else row.decide_by if decision is None else None,
        )


def _deductions(agency_id: int, now: datetime) -> Iterable[Held]:
    """Rows of the credit file that cost points now; all the others are on the file's page."""
    rows = CreditEvent.objects.filter(agency_id=agency_id, points__lt=0, corrections=None)
    counting = rows.filter(Q(expires_at=None) | Q(expires_at__gt=now)).order_by("-happened_at", "-pk")
    page = f"/agencies/{agency_id}/credit/"
    for row in counting.select_related("objection")[:MOST]:
        objected = getattr(row, "objection", None)
        yield Held(
            title=str(CREDIT[row.kind][0]) if row.kind in CREDIT else row.kind,
            path=row.source or page,
            state=f"{row.points}",
            tone=BAD,
            since=row.happened_at,
            note=str(words.APPEAL_STATES["open"]) if objected and not hasattr(objected, "decision") else "",
            may="" if objected else "object",
            may_path=page,
            until=row.expires_at,
        )


def _cards(agency_id: int, _now: datetime) -> Iterable[Held]:
    rows: QuerySet[Card] = Card.objects.filter(step__owner_id=agency_id).select_related("step")
    for row in rows[:MOST]:
        open_ = row.step.closed_at is None
        yield Held(
            title=row.step.title,
            path=row.step.path,
            state=str(row.get_colour_display()),
            tone=row.colour,
            since=row.raised_at,
            note=kinds.label(row.step.kind),
            may="act" if open_ else "",
            may_path=row.step.path,
            until=row.step.due_at if open_ else None,
        )


def _honours(agency_id: int, _now: datetime) -> Iterable[Held]:
    for row in Honour.objects.filter(agency_id=agency_id)[:MOST]:
        state = words.RUNS if row.ended_at is None else words.OVER
        yield Held(str(words.ON_RED_LIST), "/redlist/", str(state), GOOD if row.ended_at is None else ENDED, row.since)


def _letters(agency_id: int, _now: datetime) -> Iterable[Held]:
    """The papers it was sent: notices, decisions, results."""
    rows = Letter.objects.filter(addressee_id=agency_id).select_related("paper").order_by("-paper__issued_at", "-pk")
    for row in rows[:MOST]:
        state = str(words.OPEN_TO_ALL if row.paper.public else words.TO_YOU)
        yield Held(row.paper.title, row.get_absolute_url(), state, NEUTRAL, row.paper.issued_at, note=row.paper.number)


UNTOLD = ("filed", "incomplete", "rejected", "transferred")
REVIEWABLE = (Case.Stage.IN_FORCE, Case.Stage.ENDED, Case.Stage.LIFTED)
CASE_TONES: dict[str, str] = {
    Case.Stage.IN_FORCE: BAD,
    Case.Stage.LIFTED: ENDED,
    Case.Stage.ENDED: ENDED,
    Case.Stage.DROPPED: ENDED,
    Case.Stage.REVOKED: ENDED,
}
SECTIONS: dict[str, Callable[[int, datetime], Iterable[Held]]] = {
    "restrictions": _restrictions,
    "cases": _cases,
    "complaints": _complaints,
    "listings": _listings,
    "imported": _imported,
    "repairs": _repairs,
    "inspections": _inspections,
    "grades": _grades,
    "appeals": _appeals,
    "deductions": _deductions,
    "cards": _cards,
    "honours": _honours,
    "letters": _letters,
}
