"""The clock service: follow every step of every room, raise cards, urge, escalate.

`watch` may run at any moment, any number of times, after any pause: cards are dated when they were earned. All who
write about clocks take the lock of the one ClockRun row first.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from core import clock, rulesets, steps, workdays
from core.rulesets import Rules, Versions
from core.workdays import Limit, WorkCalendar
from supervision.models import Card, ClockRun, ClockStop, DueChange, Step
from supervision.rules import clocks as rules
from supervision.services import urging
from supervision.sources import SOURCES, Source, since_ever

log = logging.getLogger("market.clocks")
OVERLAP = timedelta(minutes=10)  # what was committed late is looked at again
BATCH = 500
REMINDED = 500  # in one look; every agency may have the same right at once, and nobody else waits meanwhile
ROOM = "room"  # the ground of a stop that a room itself has ordered
FOLLOWED = ("owner_id", "respondent_id", "title", "path", "started_at", "limit", "closed_at", "counted_from", "right")
COLUMNS = ["owner", "respondent", "title", "path", "started_at", "limit", "closed_at", "counted_from", "right",
           "told_due_at", "due_at", "yellow_at", "provisional"]  # fmt: skip


def watch() -> int:
    """Look once; says how many cards were raised. Nothing happens while another process is looking."""
    ClockRun.objects.get_or_create(pk=1)
    with transaction.atomic():
        run = ClockRun.objects.select_for_update(skip_locked=True).filter(pk=1).first()
        return _look(run) if run else 0


def locked() -> ClockRun:
    """Wait for the clock's lock. Call inside a transaction."""
    ClockRun.objects.get_or_create(pk=1)
    return ClockRun.objects.select_for_update().get(pk=1)


def _look(run: ClockRun) -> int:
    now = clock.now()
    since = run.seen_until - OVERLAP if run.seen_until else since_ever()
    for source in SOURCES:
        follow(source, since, now)
    raised = turn(now)
    urging.escalate(now)
    run.seen_until = max(now, run.seen_until or now)
    run.save(update_fields=["seen_until"])
    return raised


def follow(source: Source, since: datetime, now: datetime) -> None:
    """Bring the rows of one source up to what its room says. A room in trouble is left as it was, all others go on."""
    try:
        with transaction.atomic():
            _bring_up(source, since, now)
    except Exception:
        log.exception("steps of %s not followed", source.name)


def _bring_up(source: Source, since: datetime, now: datetime) -> None:
    told = {step.key: step for step in source.read(since)}
    follower = _Follower(source.name, now)
    pending = list(told.values())
    for start in range(0, len(pending), BATCH):
        follower.take(pending[start : start + BATCH])
    follower.close_missing({key for key, step in told.items() if step.closed_at is None})


class _Follower:
    """What following one source needs to know, read once."""

    def __init__(self, source: str, now: datetime) -> None:
        self.source, self.now = source, now
        self.calendar = workdays.load()
        self.versions, self.history = Versions(), rulesets.history("clocks")
        self.stops: dict[int, list[ClockStop]] = defaultdict(list)
        for stop in ClockStop.objects.filter(step__source=source, step__closed_at=None, confirmed_at__isnull=False):
            self.stops[stop.step_id].append(stop)

    def take(self, told: Sequence[steps.Step]) -> None:
        wanted = {step.key: step for step in told}
        found = Step.objects.filter(source=self.source, reference__in=[step.reference for step in told])
        rows = {key: row for row in found if (key := (row.kind, row.reference)) in wanted}
        Step.objects.bulk_create([self._new(step) for key, step in wanted.items() if key not in rows])
        changed = [row for key, row in rows.items() if self._update(row, wanted[key])]
        Step.objects.bulk_update(changed, COLUMNS)
        self._follow_pauses({step.key: step.paused for step in told})

    def _follow_pauses(self, paused: dict[tuple[str, str], bool]) -> None:
        """A clock its room has stopped stands still here too; what that does to its end is the room's affair."""
        by_room = ClockStop.objects.filter(step__source=self.source, ground=ROOM, ends_at=None).select_related("step")
        standing = {(stop.step.kind, stop.step.reference): stop.pk for stop in by_room}
        begun = {key for key, yes in paused.items() if yes and key not in standing}
        rows = Step.objects.filter(source=self.source, reference__in=[name for _kind, name in begun], closed_at=None)
        facts = {"ground": ROOM, "starts_at": self.now, "confirmed_at": self.now, "moved": True}
        standing_now = ClockStop.objects.filter(step=OuterRef("pk"), ends_at=None, refused_at=None)
        for row in rows.exclude(Exists(standing_now)):
            if (row.kind, row.reference) in begun:
                ClockStop.objects.create(step=row, **facts)
        over = [pk for key, pk in standing.items() if not paused.get(key, True)]
        ClockStop.objects.filter(pk__in=over).update(ends_at=self.now)

    def close_missing(self, open_keys: set[tuple[str, str]]) -> None:
        rows = Step.objects.filter(source=self.source, closed_at=None)
        gone = [row for row in rows if (row.kind, row.reference) not in open_keys]
        for row in gone:
            row.closed_at = rules.vanished(row.due_at, row.last_seen_at, self.now)
        Step.objects.bulk_update(gone, ["closed_at"])
        Step.objects.filter(source=self.source, closed_at=None).update(last_seen_at=self.now)

    def _new(self, told: steps.Step) -> Step:
        version = self._in_force(told.started_at)
        return Step(
            source=self.source,
            kind=told.kind,
            reference=told.reference,
            owner_id=told.owner_org,
            respondent_id=told.respondent,
            title=told.title[:200],
            path=told.path[:200],
            started_at=told.started_at,
            limit=dict(told.limit) if told.limit else None,
            told_due_at=told.due_at,
            due_at=told.due_at,
            yellow_at=told.yellow_at or warning(told, told.due_at, version, self.calendar),
            provisional=ends_provisionally(told, told.due_at, self.calendar),
            closed_at=told.closed_at,
            counted_from=told.counted_from,
            right=told.right,
            first_seen_at=self.now,
            last_seen_at=self.now,
            rules_ref=version.ref,
        )

    def _update(self, row: Step, told: steps.Step) -> bool:
        """Says whether anything is to be written."""
        before = [getattr(row, name) for name in FOLLOWED]
        row.owner_id, row.respondent_id = told.owner_org, told.respondent
        row.title, row.path = told.title[:200], told.path[:200]
        row.started_at, row.closed_at = told.started_at, told.closed_at
        row.limit = dict(told.limit) if told.limit else None
        row.counted_from, row.right = told.counted_from, told.right
        moved = self._follow_end(row, told)
        return moved or before != [getattr(row, name) for name in FOLLOWED]

    def _follow_end(self, row: Step, told: steps.Step) -> bool:
        if row.told_due_at == told.due_at:
            warned = told.yellow_at or row.yellow_at
            changed, row.yellow_at = warned != row.yellow_at, warned
            return changed
        before = row.due_at
        row.told_due_at, row.due_at = told.due_at, self._with_stops(row, told)
        row.yellow_at = told.yellow_at or warning(told, row.due_at, self.versions[row.rules_ref], self.calendar)
        row.provisional = ends_provisionally(told, row.due_at, self.calendar)
        if before != row.due_at:
            note_move(row, before, DueChange.Cause.ROOM, self.now)
        return True

    def _with_stops(self, row: Step, told: steps.Step) -> datetime:
        due = told.due_at
        for stop in self.stops[row.pk]:
            if stop.ends_at and not stop.moved:
                due = rules.shifted(due, as_stop(stop), self.calendar, working_days=in_working_days(told.counted_in))
        return due

    def _in_force(self, at: datetime) -> Rules:
        """Steps older than the first rules of the clock are judged by those."""
        return next((one.rules for one in self.history if one.since <= at), self.history[-1].rules)


def in_working_days(limit: Limit | None) -> bool:
    return limit is not None and limit.unit == rules.WORKING_DAYS


def warning(told: steps.Step, due_at: datetime, version: Rules, calendar: WorkCalendar) -> datetime:
    limit = told.counted_in
    return rules.yellow_at(
        told.started_at,
        due_at,
        limit.n if limit and in_working_days(limit) else None,
        calendar,
        share=float(version["yellow_share"]),
        days_left=version["yellow_days_left"],
    )


def ends_provisionally(told: steps.Step, due_at: datetime, calendar: WorkCalendar) -> bool:
    return in_working_days(told.counted_in) and calendar.provisional(due_at)


def as_stop(row: ClockStop) -> rules.Stop:
    return rules.Stop(row.starts_at, row.ends_at)


def note_move(row: Step, before: datetime, cause: str, now: datetime) -> None:
    DueChange.objects.create(step=row, before=before, after=row.due_at, cause=cause, at=now)


def turn(now: datetime) -> int:
    """Write every card that has been earned by now and is not written yet; says how many."""
    raised = 0
    remind(now)
    for row in _due_for_cards(now):
        raised += _raise(row, now)
    return raised


def _due_for_cards(now: datetime) -> Iterable[Step]:
    has = Card.objects.filter(step=OuterRef("pk"))
    past_yellow = Q(yellow_at__lt=now) & (Q(closed_at=None) | Q(closed_at__gt=F("yellow_at")))
    past_due = Q(due_at__lt=now) & (Q(closed_at=None) | Q(closed_at__gt=F("due_at")))
    rows = Step.objects.annotate(yellow=Exists(has.filter(colour="yellow")), red=Exists(has.filter(colour="red")))
    rows = rows.filter((past_yellow & Q(yellow=False)) | (past_due & Q(red=False)), right=False)
    return rows.select_related("owner").prefetch_related("stops", "cards").order_by("pk")


def remind(now: datetime) -> None:
    """Tell who has a right that its end is near, once. It earns no card: it is used, or it lapses."""
    rows = Step.objects.filter(right=True, reminded_at=None, closed_at=None, yellow_at__lt=now, due_at__gt=now)
    for row in rows.select_related("owner").order_by("due_at", "pk")[:REMINDED]:
        urging.remind(row)
        Step.objects.filter(pk=row.pk).update(reminded_at=now)


def _raise(row: Step, now: datetime) -> int:
    if _asked(row, now):
        return 0
    stops = [as_stop(stop) for stop in row.stops.all() if stop.confirmed_at]
    found = rules.earned(rules.Clock(row.yellow_at, row.due_at, row.closed_at, stops), now)
    cards = {card.colour: card for card in row.cards.all()}
    wanted = [(Card.Colour.YELLOW, found.yellow_at), (Card.Colour.RED, found.red_at)]
    count, floor = 0, cards[rules.YELLOW].raised_at if rules.YELLOW in cards else None
    for colour, moment in wanted:
        if moment is None or colour in cards:
            continue
        # An end that moved may lie before the warning that was given already.
        floor = max(moment, floor) if floor else moment
        Card.objects.create(
            step=row, colour=colour, raised_at=floor, due_at=row.due_at, written_at=now, rules_ref=row.rules_ref
        )
        count += 1
    if count:
        urging.urge(row, red=found.red_at is not None)
    return count


def _asked(row: Step, now: datetime) -> bool:
    """Does a stop wait for the other side's word? So long, but no longer than the rules give it, no card is raised."""
    asked = [stop for stop in row.stops.all() if not (stop.confirmed_at or stop.refused_at or stop.ends_at)]
    if not asked or row.closed_at:
        return False
    limit = Limit.of(rulesets.by_ref(row.rules_ref)["stop_answer"])
    return now < limit.end(asked[0].starts_at, workdays.load())
