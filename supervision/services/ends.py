"""Moving the ends of this room's own procedures, where they are kept: the clock grants a stop, a calendar is announced.

Nobody types a moment in: the clock service computes it. Columns that lists sort by follow in the same transaction.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import models, transaction

from core import clock, rulesets, workdays
from core.steps import Mover
from core.workdays import Limit
from supervision import ends
from supervision.models import Case, Complaint, Inspection, Listing, MovedEnd, Question, Repair
from supervision.rules import cases as case_rules
from supervision.rules import listings as listing_rules
from supervision.services import cases, listings
from supervision.services.each import each

BOOKS: Mapping[str, models.Manager[Any]] = {
    "case": Case.objects,
    "complaint": Complaint.objects,
    "inspection": Inspection.objects,
    "listing": Listing.objects,
    "question": Question.objects,
    "repair": Repair.objects,
}
# The steps whose end `due_at` shows, by the state the procedure is in.
SHOWN: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("case", "open"): ("case.notice",),
    ("case", "noticed"): ("case.defence", "case.decide"),
    ("case", "heard"): ("case.decide",),
    ("case", "proposed"): ("case.second",),
    ("case", "decided"): ("case.publish",),
    ("case", "stayed"): ("case.review",),
    ("complaint", "filed"): ("complaint.accept",),
    ("complaint", "incomplete"): ("complaint.complete",),
    ("complaint", "accepted"): ("complaint.notify",),
    ("complaint", "investigating"): ("complaint.decide",),
    ("complaint", "paused"): ("complaint.decide",),
    ("complaint", "decided"): ("complaint.ask_review",),
    ("complaint", "review"): ("complaint.review",),
    ("inspection", "drawn"): ("inspection.notify",),
    ("inspection", "noticed"): ("inspection.check",),
    ("inspection", "concluded"): ("inspection.publish",),
    ("inspection", "fixing"): ("inspection.fix",),
    ("inspection", "reported"): ("inspection.recheck",),
    ("listing", "candidate"): ("listing.notify",),
    ("listing", "noticed"): ("listing.defence", "listing.decide"),
    ("listing", "heard"): ("listing.decide",),
    ("listing", "stayed"): ("listing.review_decide",),
    ("question", "asked"): ("question.answer",),
    ("question", "escalated"): ("question.escalated",),
    ("repair", "applied"): ("repair.check",),
    ("repair", "incomplete"): ("repair.supplement",),
    ("repair", "complete"): ("repair.review",),
}
KEPT = {"inspection.check": "check_by", "inspection.publish": "publish_by"}  # ends with a column of their own
KINDS = (
    *(kind for kinds in SHOWN.values() for kind in kinds),
    "complaint.reply",
    "case.ask_review",
    "listing.ask_review",
    "listing.receive",
    "inspection.round",
    "inspection.draw",
)


def movers() -> dict[str, Mover]:
    """For every kind of step whose end is kept here."""
    return {kind: partial(move, kind) for kind in KINDS}


@transaction.atomic
def move(kind: str, reference: str, until: datetime) -> bool:
    """Give a step another end."""
    name, pk, *_place = reference.split(":")
    if name in BOOKS:
        _show(name, int(pk), kind, until)
    MovedEnd.objects.create(kind=kind, reference=reference, until=until, at=clock.now())
    return True


def _show(name: str, pk: int, kind: str, until: datetime) -> None:
    rows = BOOKS[name].select_for_update(of=("self",)).filter(pk=pk)
    columns = {KEPT[kind]: until} if kind in KEPT else {}
    if kind in SHOWN.get((name, rows.values_list("state", flat=True).get()), ()):
        columns["due_at"] = until
    if kind == "inspection.publish":
        rows = rows.filter(published_at=None)  # what was published stays as it is, also when a stop ends only now
    if columns:
        rows.update(**columns)


def turn_silent() -> int:
    """Where nobody spoke in the time for it the decision is due from then on; says how many were looked at."""
    now = clock.now()
    silent = {"state": "noticed", "due_at__lte": now}
    found = each(_turn_case, Case.objects.filter(**silent).values_list("pk", flat=True))
    return found + each(_turn_listing, Listing.objects.filter(**silent).values_list("pk", flat=True))


@transaction.atomic
def _turn_case(pk: int) -> bool:
    row = Case.objects.select_for_update().get(pk=pk)
    heard_by = case_rules.fold(cases.happenings(row)).defence_until
    return _turn("case", row, heard_by, case_rules.SILENCE.step, partial(cases.limit, row, case_rules.SILENCE.limit))


@transaction.atomic
def _turn_listing(pk: int) -> bool:
    row = Listing.objects.select_for_update().get(pk=pk)
    heard_by = listing_rules.fold(listings.happenings(row)).defence_until
    limit = Limit.of(rulesets.by_ref(row.rules_ref)[listing_rules.SILENCE.limit])
    return _turn("listing", row, heard_by, listing_rules.SILENCE.step, lambda at: limit.end(at, workdays.load()))


def _turn(
    name: str, row: Case | Listing, heard_by: datetime | None, step: str, end: Callable[[datetime], datetime]
) -> bool:
    if row.state != "noticed" or heard_by is None or clock.now() < heard_by:
        return False
    notice = row.events.filter(kind="noticed").order_by("-seq").values_list("seq", flat=True)[0]
    reference = ends.reference(name, row.pk, notice)
    moved = ends.Ends([reference]).of(step, reference)
    row.due_at = moved.until if moved else end(heard_by)
    row.save(update_fields=["due_at"])
    if moved is None:  # told from now on: a calendar that comes later moves it as any other end
        MovedEnd.objects.create(kind=step, reference=reference, until=row.due_at, at=clock.now())
    return True
