"""What the rooms above report about a need. Each date is set once; reporting again changes nothing."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core import audit, clock
from core.audit import SYSTEM, By
from marketplace import errors, selectors
from marketplace.models import Need, Notice
from marketplace.rules import lifecycle
from marketplace.services.publication import announce
from payments.services import budgets


def mark_selected(*, need_id: int) -> bool:
    """An agency has been selected; says whether this was news. Raises need.order."""
    return mark(need_id, "selected_at")


def mark_awarded(*, need_id: int) -> bool:
    """The selected agency has confirmed."""
    return mark(need_id, "awarded_at")


@transaction.atomic
def take_award_back(*, need_id: int) -> None:
    """Whoever had confirmed may not do the work after all, and nothing is signed: the next is to confirm."""
    need = Need.objects.select_for_update(no_key=True).get(pk=need_id)
    if need.contracted_at or need.failed_at or need.cancelled_at:
        raise errors.ORDER(step="selected")
    Need.objects.filter(pk=need_id).update(awarded_at=None)
    audit.record(stream=f"need:{need_id}", action="award_taken_back", by=SYSTEM)


def mark_contracted(*, need_id: int) -> bool:
    return mark(need_id, "contracted_at")


def mark_completed(*, need_id: int) -> bool:
    return mark(need_id, "completed_at")


def mark_closed(*, need_id: int) -> bool:
    return mark(need_id, "closed_at")


@transaction.atomic
def mark_failed(*, need_id: int, reason: str) -> bool:
    """No agency was found; the failure notice is published with its reason (a code of wording.FAILURES or a text)."""
    if not mark(need_id, "failed_at", end_reason=reason[:300]):
        return False
    budgets.release(reference=f"need:{need_id}", reason=reason, by=SYSTEM)
    announce(need_id=need_id, kind=Notice.Kind.FAILED, reason=selectors.failure_text(reason))
    return True


@transaction.atomic
def mark(need_id: int, date: str, *, by: By = SYSTEM, **also: Any) -> bool:
    """Set one date of a need under its row lock. False when it was set before; need.order when it cannot be."""
    need = Need.objects.select_for_update(no_key=True).get(pk=need_id)
    if getattr(need, date):
        return False
    if not lifecycle.may_set(selectors.dates_of(need), date):
        raise errors.ORDER(step=date.removesuffix("_at"))
    changes: dict[str, datetime | str] = {date: clock.now(), **also}
    Need.objects.filter(pk=need_id).update(**changes)
    reason = str(also.get("end_reason", ""))
    audit.record(stream=f"need:{need_id}", action=date.removesuffix("_at"), by=by, reason=reason)
    return True
