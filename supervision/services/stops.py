"""Time that does not count: asked for, confirmed or refused, ended; and what else is said about a step.

Moments are the platform's, never typed in. Every step's page shows its stops with who asked, who confirmed and why.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from accounts import selectors as accounts
from accounts.actor import SUPERVISORS
from accounts.errors import NOT_YOURS
from accounts.services import valid_phone
from core import clock, files, rulesets, workdays
from core.audit import By, record
from core.workdays import Limit
from supervision.errors import clocks as errors
from supervision.models import Case, ClockStop, Complaint, DueChange, Excuse, Inspection, Post, Step
from supervision.rules import clocks as rules
from supervision.rules.complaints import DECIDE, State
from supervision.services import clocks
from supervision.services.each import each
from supervision.services.process import refuse_complainant, refuse_related, refuse_tied
from supervision.services.recounts import give_end

LEAST_REASON = 5
LEAST_OF_A_SUPERVISOR = 10


@transaction.atomic
def ask_stop(
    *, step_id: int, ground: str, reason: str, by: By, evidence: "UploadedFile[Any] | None" = None
) -> ClockStop:
    """Stop a step's clock from now on. Where the rules want it, the other side has to confirm first.

    Raises access.not_yours, process.related, stop.closed, stop.running, stop.paused, stop.ground, stop.reason,
    stop.evidence, stop.used_up.
    """
    step = _open(step_id)
    rule, bounds = _rule(step, ground), _bounds(ground)
    if by.user_id is None or not _may_ask(step, rule, by):
        raise NOT_YOURS()
    if step.stops.filter(ends_at=None, refused_at=None).exists():
        raise errors.STOP_RUNNING()
    _refuse_paused(step)
    least = LEAST_OF_A_SUPERVISOR if rule["who"] == "supervisor" else LEAST_REASON
    now, said = clock.now(), _reason(reason, least)
    latest_end = _latest_end(step, bounds, now)
    if bounds.get("evidence") and evidence is None:
        raise errors.STOP_EVIDENCE()
    row = ClockStop.objects.create(
        step=step,
        ground=ground,
        reason=said,
        evidence=files.store(evidence) if evidence else None,
        starts_at=now,
        latest_end=latest_end,
        rules_ref=rulesets.current("pauses").ref,
        asked_by_id=by.user_id,
        asked_for_id=by.org_id,
        confirmed_at=None if rule["confirmed"] else now,
        confirmed_by_id=None if rule["confirmed"] else by.user_id,
    )
    _note(step, "stop_asked", by, row.reason, ground=ground)
    return row


def grounds(step: Step) -> dict[str, Mapping[str, Any]]:
    """The stop rules that fit a step, under the rules its clock began with. Nobody stops the clock of a right."""
    if step.right:
        return {}
    found = rulesets.by_ref(step.rules_ref)["stops"]
    return {code: rule for code, rule in found.items() if any(_fits(step.kind, kind) for kind in rule["kinds"])}


def _fits(kind: str, pattern: str) -> bool:
    return kind == pattern or (pattern.endswith(".") and kind.startswith(pattern))


def _rule(step: Step, ground: str) -> Mapping[str, Any]:
    rule = grounds(step).get(ground)
    if rule is None:
        raise errors.STOP_GROUND()
    return rule


def _refuse_tied(step: Step, by: By) -> None:
    """Raises process.related for whoever is tied to a side of what the step is about, told of it or not."""
    sides = {step.owner_id, step.respondent_id}
    kind, _colon, rest = step.reference.partition(":")
    number = rest.partition(":")[0]
    if kind == "complaint" and number.isdecimal():
        complaint = Complaint.objects.select_related("identity__complaint").get(pk=number)
        refuse_complainant(complaint.identity, by)
        sides.add(complaint.subject_id)
    elif kind == "case" and number.isdecimal():
        refuse_tied(Case.objects.get(pk=number), by)
    elif kind == "inspection" and number.isdecimal():
        sides.add(Inspection.objects.get(pk=number).subject_id)
    refuse_related(by, [pk for pk in sides if pk])


def _refuse_paused(step: Step) -> None:
    """A complaint's pause gives its time back itself, once."""
    if step.kind == DECIDE:
        number = step.reference.split(":")[1]
        if Complaint.objects.filter(pk=int(number), state=State.PAUSED).exists():
            raise errors.STOP_PAUSED()


def _bounds(ground: str) -> Mapping[str, Any]:
    """How long a stop on this ground may be, and whether a document is asked for."""
    found: Mapping[str, Any] = rulesets.current("pauses").parameters
    bounds: Mapping[str, Any] = found.get(ground, found["other"])
    return bounds


def wants_evidence(ground: str) -> bool:
    return bool(_bounds(ground).get("evidence"))


def _latest_end(step: Step, bounds: Mapping[str, Any], now: datetime) -> datetime:
    """Raises stop.used_up when all stops of the step together have lasted as long as they may."""
    asked = step.stops.exclude(ground=clocks.ROOM).exclude(confirmed_at=None).exclude(ends_at=None)
    used = sum((row.ends_at - row.starts_at for row in asked if row.ends_at), timedelta())
    left = timedelta(days=bounds["days_in_all"]) - used
    if left <= timedelta():
        raise errors.STOP_USED_UP(days=bounds["days_in_all"])
    return now + min(timedelta(days=bounds["days"]), left)


def _may_ask(step: Step, rule: Mapping[str, Any], by: By) -> bool:
    """A supervisor stops the clocks of others, never its own. Raises process.related for whoever is tied to a side."""
    if rule["who"] == "owner":
        return by.org_id == step.owner_id
    if by.org_id is None or by.org_id == step.owner_id:
        return False
    _refuse_tied(step, by)
    return accounts.organisation(by.org_id).kind in SUPERVISORS


def _open(step_id: int) -> Step:
    clocks.locked()
    step = Step.objects.select_related("owner").get(pk=step_id)
    if step.closed_at:
        raise errors.STOP_CLOSED()
    return step


def _reason(reason: str, least: int = LEAST_REASON) -> str:
    if len(reason.strip()) < least:
        raise errors.STOP_REASON(least=least)
    return reason.strip()[:300]


@transaction.atomic
def answer_stop(*, stop_id: int, confirmed: bool, reason: str = "", by: By) -> ClockStop:
    """The other side says whether it is waited for. Confirmed, the time since it was asked for does not count.

    Raises access.not_yours, stop.answered, stop.reason (a refusal has one).
    """
    clocks.locked()
    row = ClockStop.objects.select_related("step").get(pk=stop_id)
    if by.user_id is None or by.org_id is None or by.org_id != row.step.respondent_id:
        raise NOT_YOURS()
    if row.confirmed_at or row.refused_at or row.ends_at:
        raise errors.STOP_ANSWERED()
    if confirmed:
        row.confirmed_at, row.confirmed_by_id = clock.now(), by.user_id
    else:
        row.refused_at, row.refused_reason = clock.now(), _reason(reason)
    row.save()
    _note(row.step, "stop_confirmed" if confirmed else "stop_refused", by, row.refused_reason)
    return row


@transaction.atomic
def end_stop(*, stop_id: int, by: By) -> ClockStop:
    """Let the clock go on; the end moves by what did not count. Either side may, and supervisors.

    Raises access.not_yours, stop.answered when it has ended already.
    """
    clocks.locked()
    row = ClockStop.objects.select_related("step").get(pk=stop_id)
    sides = (row.step.owner_id, row.step.respondent_id, row.asked_for_id)
    if by.user_id is None or by.org_id is None or by.org_id not in sides:
        raise NOT_YOURS()
    if row.ends_at or row.refused_at:
        raise errors.STOP_ANSWERED()
    _end(row, clock.now(), by)
    return row


def _end(row: ClockStop, at: datetime, by: By) -> None:
    """A stop that was not ended in time ended at its latest moment, whenever somebody looks."""
    row.ends_at, row.ended_by_id = min(at, row.latest_end or at), by.user_id
    row.save()
    if row.confirmed_at and row.step.closed_at is None:
        row.moved = _move_by(row)
        row.save(update_fields=["moved"])
    _note(row.step, "stop_ended", by, "")


def end_over() -> int:
    """End every stop that has lasted as long as it may; says how many. Done again, nothing changes."""
    return each(_end_one, _over(clock.now()).values_list("pk", flat=True))


@transaction.atomic
def _end_one(pk: int) -> bool:
    clocks.locked()
    row = _over(clock.now()).select_related("step").filter(pk=pk).first()
    if row is not None:
        _end(row, clock.now(), By())
    return row is not None


def _over(now: datetime) -> QuerySet[ClockStop]:
    return ClockStop.objects.filter(ends_at=None, refused_at=None, latest_end__lte=now)


def _move_by(stop: ClockStop) -> bool:
    """Move a step's end by a stop; says whether the room keeps it itself."""
    step, calendar = stop.step, workdays.load()
    limit = Limit.of(step.limit) if step.limit else None
    due = rules.shifted(step.due_at, clocks.as_stop(stop), calendar, working_days=clocks.in_working_days(limit))
    return give_end(step, due, DueChange.Cause.STOP, calendar)


@transaction.atomic
def excuse(*, step_id: int, reason: str, by: By) -> Excuse:
    """The owner says why a step was late. It stands beside the card and changes no colour.

    Raises access.not_yours, stop.reason, excuse.no_card.
    """
    step = Step.objects.get(pk=step_id)
    if by.user_id is None or by.org_id is None or by.org_id != step.owner_id:
        raise NOT_YOURS()
    if not step.cards.exists():
        raise errors.EXCUSE_NO_CARD()
    row = Excuse.objects.create(
        step=step, reason=_reason(reason), by_user_id=by.user_id, by_org_id=by.org_id, at=clock.now()
    )
    _note(step, "excused", by, row.reason)
    return row


@transaction.atomic
def fill_post(*, organisation_id: int, level: str, user_id: int, by: By, phone: str = "") -> Post:
    """Name who stands at a level of an organisation's line, and where text messages reach them.

    Doing it again changes the phone. Raises access.not_yours, post.not_member, phone.invalid.
    """
    if level not in Post.Level.values or not _owns(organisation_id, by):
        raise NOT_YOURS()
    if not accounts.members(organisation_id).filter(user_id=user_id).exists():
        raise errors.POST_NOT_MEMBER()
    number = valid_phone(phone) if phone.strip() else ""
    row, _new = Post.objects.update_or_create(
        organisation_id=organisation_id, level=level, user_id=user_id, defaults={"phone": number}
    )
    record(
        stream=f"organisation:{organisation_id}", action="post_filled", by=by, data={"level": level, "user": user_id}
    )
    return row


@transaction.atomic
def clear_post(*, post_id: int, by: By) -> None:
    """Raises access.not_yours."""
    row = Post.objects.get(pk=post_id)
    if not _owns(row.organisation_id, by):
        raise NOT_YOURS()
    data = {"level": row.level, "user": row.user_id}
    record(stream=f"organisation:{row.organisation_id}", action="post_cleared", by=by, data=data)
    row.delete()


def _owns(organisation_id: int, by: By) -> bool:
    if by.user_id is None or by.org_id != organisation_id:
        return False
    return accounts.members(organisation_id).filter(role="owner", user_id=by.user_id).exists()


def _note(step: Step, action: str, by: By, reason: str, **data: str) -> None:
    record(stream=f"step:{step.pk}", action=action, by=by, reason=reason, data={"step": str(step), **data})
