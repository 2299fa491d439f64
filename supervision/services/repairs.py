"""Credit repair: an application with proof and a promise, checked, decided by a person, felt at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core import audit, clock, rulesets, workdays
from core.audit import By
from core.numbering import next_number
from core.rulesets import Rules
from core.workdays import LOCAL, Limit
from supervision import ends
from supervision.errors import lists as errors
from supervision.models import Repair, RepairEvent, RepairFile
from supervision.rules import repairs as rules
from supervision.rules.process import Happening, Who, Wrong
from supervision.rules.repairs import Application, Eligibility, State
from supervision.services import letters
from supervision.services import repair_targets as targets
from supervision.services.listings import told_regulators
from supervision.services.notices import tell
from supervision.services.process import enough, kept, refuse_related, refuse_tied, who
from supervision.services.repair_targets import Target


def eligibility(target: Target, used: Rules) -> Eligibility:
    """What decides whether a repair may be asked for."""
    broken = RepairEvent.objects.filter(kind="broken", repair__agency_id=target.agency_id).order_by("-at").first()
    wait = timedelta(days=used["broken_days"])
    return Eligibility(
        published_at=target.published_at,
        publicity_ends=targets.publicity_ends(target, used),
        broken_until=broken.at + wait if broken else None,
        ours=target.ours,
    )


def hindrance(target: Target) -> tuple[str, datetime]:
    """Why no repair may be asked for now, as a code, and until when; ("", now) when it may."""
    now, facts = clock.now(), eligibility(target, rulesets.current("repair"))
    code = rules.hindrance(facts, now)
    until = facts.broken_until if code == "broken" and facts.broken_until else facts.publicity_ends
    return code, until if code else now


@transaction.atomic
def apply(*, kind: str, target_id: int, commitment: bool, text: str, by: By, uploads: Sequence[Any] = ()) -> Repair:
    """The agency asks. `kind`: measure, listing or restriction.

    Raises repair.gone, repair.commitment, repair.publicity, repair.broken_before, repair.authority, repair.open,
    supervision.words_short and what `core.files` refuses.
    """
    target = targets.find(kind, target_id)
    if target is None or target.agency_id != by.org_id or not target.active:
        raise errors.REPAIR_GONE()
    if not commitment:
        raise errors.REPAIR_COMMITMENT()
    code, until = hindrance(target)
    if code:
        raise errors.HINDRANCES[code](moment=f"{until.astimezone(LOCAL):%Y-%m-%d %H:%M}")
    words, used, now = enough(text), rulesets.current("repair"), clock.now()
    due = Limit.of(used["check"]).end(now, workdays.load())
    one = Happening("applied", now, who(by), due)
    _asked(None, one)
    repair = Repair(
        number=next_number("XF"),
        agency_id=target.agency_id,
        severity=target.severity,
        applied_at=now,
        rules_ref=used.ref,
        due_at=due,
        **{f"{kind}_id": target.pk},
    )
    try:
        with transaction.atomic():
            repair.save(force_insert=True)
    except IntegrityError as twice:
        raise errors.REPAIR_OPEN() from twice
    _attach(_keep(repair, one, by, words), uploads)
    told_regulators(_("新的信用修复申请（{number}）。"), repair.get_absolute_url(), {"number": repair.number}.items())
    return repair


@transaction.atomic
def say_missing(*, repair_id: int, text: str, by: By) -> Repair:
    """Everything that is missing, once. Raises repair.asked_once."""
    repair = _judged(repair_id, by)
    _step(repair, "missing", by, enough(text), limit="supplement")
    _tell_agency(repair, _("信用修复申请需要补正（{number}），请一次补齐。"), urgent=True)
    return repair


@transaction.atomic
def supplement(*, repair_id: int, text: str, by: By, uploads: Sequence[Any] = ()) -> Repair:
    """The agency hands in what was missing."""
    repair = _own(repair_id, by)
    _attach(_step(repair, "supplemented", by, enough(text, 4), limit="check"), uploads)
    return repair


@transaction.atomic
def accept(*, repair_id: int, by: By) -> Repair:
    """The papers are complete: the review begins."""
    repair = _judged(repair_id, by)
    _step(repair, "accepted", by, limit="review")
    _tell_agency(repair, _("信用修复申请材料齐全，开始审查（{number}）。"))
    return repair


@transaction.atomic
def grant(*, repair_id: int, reason: str, by: By) -> Repair:
    """Repaired: every effect is lifted in this transaction. Raises repair.reporter, repair.gone."""
    repair = _judged(repair_id, by)
    target = targets.of_repair(repair)
    if not target.active:
        raise errors.REPAIR_GONE()
    words = enough(reason)
    _step(repair, "granted", by, words)
    targets.lift(target, repair, words, by)
    _tell_agency(repair, _("准予信用修复，相关措施已经解除（{number}）。"), urgent=True)
    return repair


@transaction.atomic
def refuse(*, repair_id: int, reason: str, by: By) -> Repair:
    """Not repaired, with the reason; the agency may ask again when it has been mended."""
    repair = _judged(repair_id, by)
    _step(repair, "refused", by, enough(reason))
    _tell_agency(repair, _("不予信用修复（{number}），理由见申请页面。"))
    return repair


@transaction.atomic
def withdraw(*, repair_id: int, by: By) -> Repair:
    """The agency takes its application back."""
    repair = _own(repair_id, by)
    _step(repair, "withdrawn", by)
    return repair


@transaction.atomic
def find_broken(*, repair_id: int, reason: str, by: By) -> Repair:
    """The promise was not kept: the effects come back, and no second repair for a while."""
    repair = _judged(repair_id, by)
    words = enough(reason)
    _step(repair, "broken", by, words)
    targets.restore(targets.of_repair(repair), repair, words, by)
    _tell_agency(repair, _("违背信用修复承诺，原措施恢复执行（{number}）。"), urgent=True)
    return repair


def _judged(repair_id: int, by: By) -> Repair:
    """For officers: not the agency's people, not who brought the matter up or complained of it.

    Raises Repair.DoesNotExist, process.related and repair.reporter.
    """
    repair = _held(repair_id)
    refuse_related(by, [repair.agency_id])
    target = targets.of_repair(repair)
    if target.case is not None:
        refuse_tied(target.case, by)
    if by.user_id in target.reporters:
        raise errors.REPORTER()
    return repair


def _own(repair_id: int, by: By) -> Repair:
    repair = _held(repair_id)
    if by.org_id != repair.agency_id or by.user_id is None:
        raise Repair.DoesNotExist(repair_id)
    return repair


def _held(repair_id: int) -> Repair:
    return Repair.objects.select_for_update(of=("self",)).select_related("agency__organisation").get(pk=repair_id)


def happenings(repair: Repair) -> list[Happening]:
    """The events as the rules take them."""
    rows = list(repair.events.select_related("by_org").order_by("seq"))
    until = ends.untils("repair", repair.pk, rows, rules.TERMS)
    return [
        Happening(
            row.kind, row.at, Who(row.by_user_id, row.by_org_id, row.by_org.kind if row.by_org else ""), until[row.seq]
        )
        for row in rows
    ]


def _step(repair: Repair, kind: str, by: By, text: str = "", *, limit: str = "") -> RepairEvent:
    """One event further, or the rules' refusal."""
    now, used = clock.now(), rulesets.by_ref(repair.rules_ref)
    until = Limit.of(used[limit]).end(now, workdays.load()) if limit else None
    one = Happening(kind, now, who(by), until)
    application = _asked(rules.fold(happenings(repair)), one)
    event = _keep(repair, one, by, text)
    repair.state = application.state.value
    repair.due_at = until if application.state in rules.OPEN else None
    repair.save(update_fields=["state", "due_at"])
    return event


def _asked(application: Application | None, one: Happening) -> Application:
    try:
        return rules.follow(application, one)
    except Wrong as wrong:
        raise errors.REPAIR[wrong.code]() from wrong


def _keep(repair: Repair, one: Happening, by: By, text: str) -> RepairEvent:
    event = RepairEvent.objects.create(
        repair=repair,
        seq=repair.events.count() + 1,
        kind=one.kind,
        at=one.at,
        until=one.until,
        text=text,
        by_user_id=by.user_id,
        by_org_id=by.org_id,
    )
    audit.record(stream=f"repair:{repair.pk}", action=one.kind, by=by, reason=text[:300])
    letters.of_repair(repair, event, targets.of_repair(repair).title)
    return event


def _attach(event: RepairEvent, uploads: Sequence[Any]) -> None:
    for file in kept(uploads):
        RepairFile.objects.create(event=event, file=file)


def _tell_agency(repair: Repair, sentence: Any, *, urgent: bool = False) -> None:
    tell(
        organisation_id=repair.agency_id,
        sentence=sentence,
        values={"number": repair.number},
        path=f"/agency/repairs/{repair.number}/",
        urgent=urgent,
    )


__all__ = ["State", "accept", "apply", "find_broken", "grant", "hindrance", "refuse", "say_missing", "supplement"]
