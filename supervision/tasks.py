"""What supervision does by the clock."""

from collections.abc import Sequence
from datetime import date, datetime

from celery import shared_task

from core import clock
from supervision import services
from supervision.selectors import cases as seen_cases
from supervision.selectors import complaints as seen_complaints
from supervision.selectors.cards import RECOUNT
from supervision.services import (
    appeals,
    approvals,
    cases,
    clocks,
    complaint_pauses,
    complaints,
    drawings,
    ends,
    entrance,
    exits,
    grades,
    honours,
    imports,
    lapses,
    listings,
    notices,
    recounts,
    stops,
)
from supervision.services.each import each


@shared_task(name="supervision.look_for_flags")
def look_for_flags() -> None:
    services.look()


@shared_task(name="supervision.appeal_filed")
def appeal_filed(appeal_id: int) -> None:
    appeals.tell_filed(appeal_id)


@shared_task(name="supervision.appeal_decided")
def appeal_decided(appeal_id: int, upheld: bool) -> None:  # noqa: FBT001 - the event's shape
    appeals.tell_decided(appeal_id, upheld=upheld)


@shared_task(name="supervision.result_used")
def result_used(use_id: int) -> None:
    approvals.tell_used(use_id)


@shared_task(name="supervision.quality_reported")
def quality_reported(use_id: int) -> None:
    approvals.tell_reported(use_id)


@shared_task(name="supervision.quality_decided")
def quality_decided(use_id: int, confirmed: bool) -> None:  # noqa: ARG001, FBT001 - the event's shape
    approvals.tell_decided(use_id)


@shared_task(name="supervision.grades_listed")
def grades_listed(list_id: int, after: int = 0) -> None:
    """Each agency hears of its proposed grade; `after`: the last line that was told."""
    grades.tell(list_id, after=after, task="supervision.grades_listed")


@shared_task(name="supervision.grades_published")
def grades_published(list_id: int, after: int = 0) -> None:
    grades.tell(list_id, after=after, task="supervision.grades_published")


@shared_task(name="supervision.suspension_over")
def suspension_over(need_id: int, source: str) -> None:  # noqa: ARG001 - the event's fields
    """A need is no longer held for a complaint: the complaint's own history says so too."""
    kind, _colon, number = source.partition(":")
    if kind == "complaint" and number.isdecimal():
        complaints.note_resumed(complaint_id=int(number))


@shared_task(name="supervision.watch_clocks")
def watch_clocks() -> None:
    """Follow every step, raise cards, urge and escalate. Late, twice or after a restart it does the same."""
    stops.end_over()
    clocks.watch()


@shared_task(name="supervision.payment_late")
def payment_late(payable_id: int, department_id: int) -> None:  # noqa: ARG001 - the event's fields
    """A payment turned red: its card is to be here at once."""
    clocks.watch()


@shared_task(name="supervision.calendar_announced")
def calendar_announced(
    year: int,
    announced_at: str,
    was_official: bool,  # noqa: FBT001 - the event's shape
    before: Sequence[tuple[str, bool]] = (),
) -> None:
    """`before` is what the year's days were like, [ISO day, is it worked]."""
    clocks.watch()
    announced = datetime.fromisoformat(announced_at)
    recounts.recompute(year=year, announced_at=announced, was_official=was_official, before=_days(before))


@shared_task(name=RECOUNT)
def recount(step_id: int, year: int, before: Sequence[tuple[str, bool]]) -> None:
    """One step whose end could not be counted anew with the others."""
    recounts.recount(step_id=step_id, year=year, before=_days(before))


def _days(told: Sequence[tuple[str, bool]]) -> dict[date, bool]:
    return {date.fromisoformat(day): bool(working) for day, working in told}


@shared_task(name="supervision.deliver")
def deliver(delivery_id: int) -> None:
    notices.deliver(delivery_id)


@shared_task(name="supervision.draw_inspections")
def draw_inspections() -> None:
    drawings.draw_due()


@shared_task(name="supervision.tend_lists")
def tend_lists() -> None:
    """What ends, begins or is checked by itself: listings, imported entries of newcomers, entered data, exits."""
    listings.end_due()
    imports.meet_newcomers()
    entrance.check_new()
    entrance.freeze_silent()
    exits.finish()


@shared_task(name="supervision.withdraw_lapsed")
def withdraw_lapsed() -> None:
    lapses.withdraw()


@shared_task(name="supervision.refresh_honours")
def refresh_honours() -> None:
    honours.refresh()


@shared_task(name="supervision.fetch_lists")
def fetch_lists() -> None:
    """Once a day, whoever asks how often; a source that cannot be reached is asked again with the next run."""
    imports.fetch_daily()


@shared_task(name="supervision.tend_cases")
def tend_cases() -> None:
    """Measures end at their term, pauses at theirs, and complaints nobody completed lapse, by themselves."""
    each(lambda pk: cases.end_if_due(case_id=pk), seen_cases.over(clock.now()))
    ends.turn_silent()
    each(lambda pk: complaints.lapse_if_due(complaint_id=pk), seen_complaints.unanswered(clock.now()))
    each(lambda pk: complaint_pauses.end_if_due(complaint_id=pk), seen_complaints.paused())
