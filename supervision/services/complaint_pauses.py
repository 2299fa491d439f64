"""An expert's opinion or a test: its time does not count. The handler asks, somebody else of a regulator agrees.

No pause is longer than the rules say, nor are all pauses of a complaint together; a pause ends by itself.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from core import clock, rulesets, workdays
from core.audit import By
from core.workdays import Limit
from supervision.errors import cases as errors
from supervision.models import ClockStop, Complaint
from supervision.rules import complaints as rules
from supervision.rules.clocks import WORKING_DAYS, Stop, shifted
from supervision.services import clocks
from supervision.services.complaint_log import append, handled, happenings, held, limits_of
from supervision.services.process import enough


@transaction.atomic
def ask_pause(*, complaint_id: int, reasons: str, by: By) -> Complaint:
    """Nothing stops yet. Raises complaint.pause_asked when it was asked for already, complaint.pause_used_up."""
    complaint = handled(complaint_id, by)
    _latest_end(complaint, clock.now())
    append(complaint, "pause_asked", by, text=enough(reasons))
    return complaint


@transaction.atomic
def answer_pause(*, complaint_id: int, agreed: bool, reasons: str, by: By) -> Complaint:
    """Agreed by another person, of a regulator: from now on the clock stands.

    Raises complaint.pause_second, complaint.pause_used_up, complaint.pause_stopped.
    """
    clocks.locked()
    complaint = handled(complaint_id, by)
    if not agreed:
        append(complaint, "pause_refused", by, text=enough(reasons))
        return complaint
    _refuse_stopped(complaint)
    data = {"pause_until": _latest_end(complaint, clock.now()).isoformat(), "rules": rulesets.current("pauses").ref}
    append(complaint, "pause_agreed", by, text=enough(reasons), data=data)
    return complaint


@transaction.atomic
def go_on(*, complaint_id: int, reasons: str, by: By) -> Complaint:
    complaint = handled(complaint_id, by)
    append(complaint, "continued", by, until=_moved(complaint, clock.now()), text=enough(reasons))
    return complaint


@transaction.atomic
def end_if_due(*, complaint_id: int) -> bool:
    """A pause that has come to its end: the clock goes on, from that moment."""
    complaint = held(complaint_id)
    matter = rules.fold(happenings(complaint))
    if matter.state != rules.State.PAUSED or matter.paused_at is None:
        return False
    until = matter.pause_until or matter.paused_at + timedelta(days=_limits()["days"])
    if clock.now() < until:
        return False
    append(complaint, "continued", By(), until=_moved(complaint, until), data={"pause_until": until.isoformat()})
    return True


def _refuse_stopped(complaint: Complaint) -> None:
    """The same time is given back once: by the stop of the clock that stands, or by a pause."""
    stops = ClockStop.objects.filter(step__kind=rules.DECIDE, step__reference__startswith=f"complaint:{complaint.pk}:")
    if stops.filter(ends_at=None, refused_at=None).exclude(ground=clocks.ROOM).exists():
        raise errors.PAUSE_STOPPED()


def _moved(complaint: Complaint, over: datetime) -> datetime | None:
    """The end of the decision after a pause that was over at a moment: the working days it took are given back."""
    matter, limit = rules.fold(happenings(complaint)), Limit.of(limits_of(complaint)["decide"])
    if matter.until is None or matter.paused_at is None:
        return None
    stop = Stop(matter.paused_at, min(over, matter.pause_until or over))
    return shifted(matter.until, stop, workdays.load(), working_days=limit.unit == WORKING_DAYS)


def _latest_end(complaint: Complaint, now: datetime) -> datetime:
    """Raises complaint.pause_used_up when all pauses together have lasted as long as they may."""
    most = _limits()
    left = timedelta(days=most["days_in_all"]) - rules.fold(happenings(complaint)).paused_for
    if left <= timedelta():
        raise errors.PAUSE_USED_UP(days=most["days_in_all"])
    return now + min(timedelta(days=most["days"]), left)


def _limits() -> Mapping[str, int]:
    found: Mapping[str, int] = rulesets.current("pauses")["complaint"]
    return found
