"""Objections to what newcomers published, as everybody may read them: never who objected, nor their words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise

from supervision import list_words, words
from supervision.models import Complaint, ComplaintEvent
from supervision.rules import objections as rules
from supervision.rules.complaints import HELD, State

NEWCOMER = Complaint.About.NEWCOMER
OVER = ("decided", "review_decided", "rejected", "transferred")  # events that say how it ended, and why


@dataclass(frozen=True)
class Objection:
    """`told`: what the officer says it is about; `ends`: decisions with their reasons, oldest first."""

    since: datetime
    facts: list[str | Promise]
    state: str | Promise
    examined: bool
    office: str
    told: ComplaintEvent | None
    answer: ComplaintEvent | None
    ends: list[tuple[ComplaintEvent, str | Promise]]
    mended: ComplaintEvent | None


def of_agency(agency_id: int) -> QuerySet[Complaint]:
    """All there ever were, the newest first."""
    rows = Complaint.objects.filter(about=NEWCOMER, subject_id=agency_id).order_by("-filed_at", "-pk")
    return rows.select_related("office").prefetch_related("events__by_org")


def as_read(row: Complaint) -> Objection:
    events = list(row.events.all())
    last: Mapping[str, ComplaintEvent] = {one.kind: one for one in events}
    return Objection(
        since=row.filed_at,
        facts=[list_words.FACTS[fact] for fact in last["filed"].data["facts"]],
        state=words.COMPLAINT_STATES[row.state],
        examined=State(row.state) in rules.EXAMINED,
        office=row.office.name if row.office else "",
        told=last.get("notified"),
        answer=last.get("replied"),
        ends=[(one, words.OUTCOMES.get(one.data.get("outcome", ""), "")) for one in events if one.kind in OVER],
        mended=last.get("mended"),
    )


def to_mend(agency_id: int) -> list[int]:
    """Objections that held and of which the agency has not said yet what it corrected."""
    rows = Complaint.objects.filter(about=NEWCOMER, subject_id=agency_id).prefetch_related("events")
    return [row.pk for row in rows if _waits(list(row.events.all()))]


def _waits(events: list[ComplaintEvent]) -> bool:
    """Where a case was opened instead, the case says what follows."""
    if any(one.kind in ("mended", "case_opened") for one in events):
        return False
    ends = [one.data["outcome"] for one in events if one.kind in ("decided", "review_decided")]
    standing = [outcome for outcome in ends if outcome != "kept"]
    return bool(standing) and standing[-1] in HELD
