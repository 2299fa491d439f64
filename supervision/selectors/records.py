"""Records of agencies as rules about limits look at them: the score and how it fell, complaints that were upheld."""

from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import Organisation
from agencies import selectors as agencies
from ratings.selectors.falls import falls
from supervision.flags.base import Record, Step, Upheld
from supervision.models import Complaint, ComplaintEvent

ABOUT_SERVICE = (Complaint.About.AGENCY, Complaint.About.CONTRACT)
KEPT = ("kept", "reopened")  # reviews that leave the outcome as it was, or open


def records(now: datetime, *, below: Decimal, within: timedelta) -> list[Record]:
    """Those whose score is below a limit, and those with a service complaint upheld within a time."""
    scores = {pk: total for pk, (total, _grade, _ref) in agencies.scores().items() if total is not None}
    upheld = _upheld(now - within)
    watched = {pk for pk, total in scores.items() if total < below} | set(upheld)
    return [
        Record(pk, scores.get(pk), _steps(pk) if scores.get(pk, below) < below else (), tuple(upheld.get(pk, ())))
        for pk in sorted(watched)
    ]


def _steps(agency_id: int) -> tuple[Step, ...]:
    return tuple(Step(one.key, one.before, one.after) for one in falls(agency_id))


def _upheld(since: datetime) -> dict[int, list[Upheld]]:
    """By agency, oldest first; what a review changed counts as it was changed."""
    rows = ComplaintEvent.objects.filter(kind__in=("decided", "review_decided"), at__gte=since)
    rows = rows.filter(
        complaint__about__in=ABOUT_SERVICE, complaint__subject__kind=Organisation.Kind.AGENCY
    ).exclude(data__outcome__in=KEPT)  # fmt: skip
    last = {row.complaint_id: row for row in rows.select_related("complaint").order_by("at", "pk")}
    found: dict[int, list[Upheld]] = {}
    for row in last.values():
        if row.data.get("outcome") == "upheld":
            one = Upheld(row.complaint_id, row.complaint.number, row.at)
            found.setdefault(row.complaint.subject_id, []).append(one)
    return found
