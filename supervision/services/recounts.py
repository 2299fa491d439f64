"""Giving a step another end: after a stop, or because an official calendar came.

Where the room keeps the end itself it is moved there, in the same transaction.
"""

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from core import clock, jobs, rulesets, steps, workdays
from core.audit import By, record
from core.workdays import Limit, WorkCalendar
from supervision.models import DueChange, Step
from supervision.rules import clocks as rules
from supervision.selectors.cards import RECOUNT
from supervision.services import clocks
from supervision.sources import mover

log = logging.getLogger("market.clocks")
MOMENT_BEFORE = timedelta(minutes=10)


def give_end(step: Step, due: datetime, cause: str, calendar: WorkCalendar) -> bool:
    """Give a step another end, in its room where that keeps ends; says whether the room did."""
    if step.right:
        due = max(due, step.due_at)
    if due == step.due_at:
        return False
    move, before = mover(step.kind), step.due_at
    moved = bool(move and move(step.reference, due))
    step.due_at = due
    if moved:
        step.told_due_at = due
    step.yellow_at = clocks.warning(_as_told(step), due, rulesets.by_ref(step.rules_ref), calendar)
    step.provisional = clocks.ends_provisionally(_as_told(step), due, calendar)
    step.save(update_fields=["due_at", "told_due_at", "yellow_at", "provisional"])
    clocks.note_move(step, before, cause, clock.now())
    record(
        stream=f"step:{step.pk}",
        action="end_moved",
        by=By(),
        data={"before": before.isoformat(), "after": due.isoformat(), "cause": str(cause)},
    )
    return moved


def _as_told(step: Step) -> steps.Step:
    return steps.Step(
        kind=step.kind,
        reference=step.reference,
        owner_org=step.owner_id,
        title=step.title,
        path=step.path,
        started_at=step.started_at,
        due_at=step.due_at,
        limit=step.limit,
        right=step.right,
    )


@transaction.atomic
def recompute(*, year: int, announced_at: datetime, was_official: bool, before: Mapping[date, bool]) -> int:
    """The official calendar of a year came: ends that were provisional in it are counted anew; others stay.

    `before`: the year's days as they were. What was given to a step, by a stop or by its room, stays given. A step
    that began just before the announcement and was not seen yet counts as provisional too. A step that is in trouble
    stays as it was and becomes a job of its own, tried again; all others go on. Says how many moved.
    """
    clocks.locked()
    calendar, moved = workdays.load(), 0
    old = calendar.with_year(year, before)
    for step in Step.objects.filter(closed_at=None, limit__unit=rules.WORKING_DAYS).prefetch_related("stops"):
        if _last_year(step.due_at) < year or not _was_provisional(step, announced_at, was_official=was_official):
            continue
        try:
            with transaction.atomic():
                moved += _recount(step, old, calendar)
        except Exception:
            log.exception("the end of step %s (%s) could not be counted anew", step.pk, step)
            _try_again(step, year, before)
    return moved


def _try_again(step: Step, year: int, before: Mapping[date, bool]) -> None:
    days = [[day.isoformat(), working] for day, working in before.items()]
    jobs.enqueue(RECOUNT, step_id=step.pk, year=year, before=days)


@transaction.atomic
def recount(*, step_id: int, year: int, before: Mapping[date, bool]) -> bool:
    """Count one end anew that could not be counted with the others; says whether it moved."""
    clocks.locked()
    step = Step.objects.filter(pk=step_id, closed_at=None).first()
    calendar = workdays.load()
    return step is not None and _recount(step, calendar.with_year(year, before), calendar)


def _recount(step: Step, old: WorkCalendar, calendar: WorkCalendar) -> bool:
    was = step.due_at
    give_end(step, _counted_anew(step, old, calendar), DueChange.Cause.CALENDAR, calendar)
    Step.objects.filter(pk=step.pk).update(provisional=calendar.provisional(step.due_at))
    return was != step.due_at


def _last_year(due_at: datetime) -> int:
    return (due_at - rules.TICK).astimezone(rules.LOCAL).year


def _was_provisional(step: Step, announced_at: datetime, *, was_official: bool) -> bool:
    unseen = step.started_at <= announced_at <= step.first_seen_at + MOMENT_BEFORE
    return step.provisional or (not was_official and unseen and step.first_seen_at >= announced_at)


def _counted_anew(step: Step, before: WorkCalendar, after: WorkCalendar) -> datetime:
    start, limit = step.counted_from or step.started_at, Limit.of(step.limit or {})
    kept = [clocks.as_stop(stop) for stop in step.stops.all() if stop.confirmed_at and stop.ground != clocks.ROOM]
    anew = limit.end(start, after)
    for stop in kept:
        anew = rules.shifted(anew, stop, after, working_days=True)
    # An end its room has counted by the new calendar already is right as it is.
    return anew if anew == step.due_at else rules.recounted(start, step.due_at, kept, before, after)
