"""Cases: opened from anything, noticed, defended, decided, published, reviewed, in force, ended.

Every verb appends one event; whether it may happen now is for rules.cases alone to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.errors import NOT_YOURS
from accounts.models import Organisation
from core import clock, rulesets, workdays
from core.audit import By, record
from core.numbering import next_number
from core.rulesets import Rules
from core.workdays import Limit
from supervision import ends
from supervision.errors import cases as errors
from supervision.models import Case, CaseEvent, CaseFile
from supervision.rules import cases as rules
from supervision.rules.discretion import Ground, scale
from supervision.rules.process import Happening, Who, Wrong
from supervision.selectors.inspections import inspected_by
from supervision.services import letters
from supervision.services.listings import fall_with
from supervision.services.measures import interrupted, into_the_file, put_in_force, revoked
from supervision.services.notices import tell
from supervision.services.process import (
    enough,
    kept,
    officer,
    refusal,
    refuse_related,
    refuse_tied,
    who,
)

PREFIX = "CF"


@dataclass(frozen=True)
class Origin:
    """What a case grows from. `kind`: complaint, card, flag, inspection, rating or report; `path` of its page."""

    kind: str
    reference: str
    title: str
    path: str = ""


@transaction.atomic
def open_case(*, origin: Origin, subject_id: int, ground: str, facts: str, by: By) -> Case:
    """Open a case on an organisation. `ground`: a code of the published scale.

    Raises case.ground, process.words, process.related or access.not_yours; the system itself may open one.
    """
    if by.user_id is not None:
        officer(by)
        refuse_related(by, [subject_id])
    used = rulesets.current("discretion")
    if ground not in scale(used.parameters):
        raise errors.GROUND_UNKNOWN()
    now = clock.now()
    case = Case.objects.create(
        number=next_number(PREFIX),
        subject_id=subject_id,
        ground=ground,
        origin_kind=Case.Origin(origin.kind),
        origin_reference=origin.reference[:40],
        origin_title=origin.title[:200],
        origin_path=origin.path[:200],
        facts=enough(facts),
        opened_at=now,
        opened_user_id=by.user_id,
        opened_org_id=by.org_id,
        rules_ref=used.ref,
        limits_ref=rulesets.current("cases").ref,
    )
    _append(case, "opened", by, until=limit(case, "notice", now))
    return case


def ground_of(case: Case) -> Ground:
    """The scale as it was when the case was opened: a case keeps the rules it began under."""
    return scale(rulesets.by_ref(case.rules_ref).parameters)[case.ground]


def limits_of(case: Case) -> Rules:
    """The limits a case began under: a new version is for cases opened later."""
    return rulesets.by_ref(case.limits_ref) if case.limits_ref else rulesets.current("cases", case.opened_at)


def limit(case: Case, name: str, start: datetime) -> datetime:
    """When a step of a case that starts at a moment is due."""
    return Limit.of(limits_of(case)[name]).end(start, workdays.load())


@transaction.atomic
def give_notice(*, case_id: int, measure: str, days: int, reasons: str, by: By) -> Case:
    """Tell the respondent the facts, the reasons, the measure considered, and the right to be heard."""
    case = _officers(case_id, by)
    data = _sanction(case, measure, days)
    until = limit(case, "defence", clock.now())
    _append(case, "noticed", by, until=until, text=enough(reasons), data=data)
    _inform(case, _("案件 {number}：拟作出处理，请在 {until} 前陈述申辩。"), urgent=True, until=f"{until:%Y-%m-%d}")
    return case


@transaction.atomic
def defend(*, case_id: int, text: str, by: By, uploads: Sequence["UploadedFile[Any]"] = ()) -> Case:
    """The respondent's statement, with files; may be completed until the decision. Raises access.not_yours."""
    case = _respondents(case_id, by)
    _append(case, "defended", by, until=limit(case, "decide", clock.now()), text=enough(text), uploads=uploads)
    _inform_officers(case, _("案件 {number}：当事人已陈述申辩。"))
    return case


@transaction.atomic
def waive(*, case_id: int, by: By) -> Case:
    """The respondent does without a statement. Raises access.not_yours."""
    case = _respondents(case_id, by)
    _append(case, "waived", by, until=limit(case, "decide", clock.now()))
    _inform_officers(case, _("案件 {number}：当事人放弃陈述申辩。"))
    return case


@transaction.atomic
def drop(*, case_id: int, reasons: str, by: By) -> Case:
    """No measure: the defence was accepted, or the facts do not carry it."""
    case = _deciders(case_id, by)
    _append(case, "dropped", by, text=enough(reasons))
    _inform(case, _("案件 {number}：决定不予处理。"))
    return case


@transaction.atomic
def propose(*, case_id: int, measure: str, days: int, reasons: str, by: By) -> Case:
    """First of two: what should be decided. Raises process.unheard, process.heavier, process.reporter …"""
    case = _deciders(case_id, by)
    data = _sanction(case, measure, days)
    _append(case, "proposed", by, until=limit(case, "decide", clock.now()), text=enough(reasons), data=data)
    return case


@transaction.atomic
def send_back(*, case_id: int, reasons: str, by: By) -> Case:
    """The second person does not agree; the proposal is gone, the notice stands."""
    case = _deciders(case_id, by)
    _append(case, "sent_back", by, until=limit(case, "decide", clock.now()), text=enough(reasons))
    return case


@transaction.atomic
def decide(*, case_id: int, measure: str, days: int, reasons: str, by: By) -> Case:
    """Decide with reasons: a reminder or warning alone, a suspension or removal on somebody else's proposal."""
    case = _deciders(case_id, by)
    data = _sanction(case, measure, days)
    _append(case, "decided", by, until=limit(case, "publish", clock.now()), text=enough(reasons), data=data)
    return case


@transaction.atomic
def publish(*, case_id: int, by: By, summary: str = "") -> Case:
    """Publish the decision and put it in force the same moment. `summary`: the facts as the public reads them."""
    case = _officers(case_id, by)
    until = limit(case, "review_ask", clock.now())
    _append(case, "published", by, until=until, text=summary.strip()[:4000] or case.facts)
    _enforce(case, by)
    _inform(case, _("案件 {number}：决定已公布并执行，可以申请复核。"), urgent=True)
    return case


@transaction.atomic
def ask_review(*, case_id: int, reasons: str, by: By, uploads: Sequence["UploadedFile[Any]"] = ()) -> Case:
    """The respondent asks another officer to look again; until then the measure is not felt."""
    case = _respondents(case_id, by)
    until = limit(case, "review_decide", clock.now())
    _append(case, "review_asked", by, until=until, text=enough(reasons), uploads=uploads)
    interrupted(case, "stay", _("复核期间暂停执行"), by)
    _inform_officers(case, _("案件 {number}：当事人申请复核，措施暂停执行。"))
    return case


@transaction.atomic
def decide_review(*, case_id: int, outcome: str, reasons: str, by: By, measure: str = "", days: int = 0) -> Case:
    """Another officer upholds, reduces ("changed") or revokes. Raises process.same_officer, process.heavier …"""
    case = _deciders(case_id, by)
    data: dict[str, Any] = {"outcome": outcome}
    if outcome == "changed":
        data |= _sanction(case, measure, days)
    matter = _append(case, "review_decided", by, text=enough(reasons), data=data)
    if outcome != "upheld":
        revoked(case, reasons, by)
        fall_with(case, by)
    if matter.state == rules.State.DECIDED:
        _enforce(case, by)
    _inform(case, _("案件 {number}：复核已有结论。"), urgent=True)
    return case


@transaction.atomic
def lift(*, case_id: int, reason: str, by: By) -> Case:
    """A repair was granted: the measure is felt no longer. Called by repair."""
    case = _held(case_id)
    _append(case, "lifted", by, text=reason[:4000])
    interrupted(case, "repair", reason, by)
    return case


@transaction.atomic
def restore(*, case_id: int, reason: str, by: By) -> Case:
    """A promise was broken: what is left of the term runs on. Called by repair."""
    case = _held(case_id)
    matter = _append(case, "restored", by, text=reason[:4000])
    if matter.state == rules.State.DECIDED:
        _enforce(case, by)
    return case


@transaction.atomic
def end_if_due(*, case_id: int) -> bool:
    """The term is over: told once, by whoever looks first."""
    case = _held(case_id)
    if case.state != Case.Stage.IN_FORCE or case.due_at is None or clock.now() < case.due_at:
        return False
    _append(case, "ended", By())
    interrupted(case, "term", _("期满"), By())
    _inform(case, _("案件 {number}：措施期满，已自动结束。"))
    return True


@transaction.atomic
def correct(*, case_id: int, text: str, by: By) -> Case:
    """Say publicly what was wrong in a published decision. The decision itself stays as it was."""
    case = _officers(case_id, by)
    _append(case, "corrected", by, text=enough(text))
    _inform(case, _("案件 {number}：已公布更正说明。"))
    return case


def _enforce(case: Case, by: By) -> None:
    again = case.events.filter(kind="review_decided", data__outcome="changed").exists()
    matter, now = rules.fold(happenings(case)), clock.now()
    if matter.decided is None:
        raise errors.UNPUBLISHED()
    ground, end = ground_of(case), now + matter.remaining
    row = into_the_file(case, matter.decided, ground, by, again=again)
    _append(case, "enforced", by, until=end, data={"credit": row})
    put_in_force(case, matter.decided, now, end, by)


def _held(case_id: int) -> Case:
    """The case, its row locked until the transaction ends. Raises Case.DoesNotExist."""
    return Case.objects.select_for_update(of=("self",)).select_related("subject").get(pk=case_id)


def _respondents(case_id: int, by: By) -> Case:
    case = _held(case_id)
    if by.user_id is None or by.org_id != case.subject_id:
        raise NOT_YOURS()
    return case


def _officers(case_id: int, by: By) -> Case:
    """For every verb of an officer: one whom nothing ties to the respondent, another side or whoever complained."""
    case = _held(case_id)
    officer(by)
    refuse_tied(case, by)
    return case


def _deciders(case_id: int, by: By) -> Case:
    """For decisions: nobody who wrote the record of the inspection it grew from. Raises process.reporter."""
    case = _officers(case_id, by)
    if case.origin_kind == Case.Origin.INSPECTION and by.user_id in inspected_by(case.origin_reference):
        raise errors.REPORTER()
    return case


def _sanction(case: Case, measure: str, days: int) -> dict[str, Any]:
    """A measure on the scale, as events keep it. Raises process.off_scale, process.term or case.not_agency."""
    if measure in rules.BY_TWO and case.subject.kind != Organisation.Kind.AGENCY:
        raise errors.NOT_FOR_THIS()
    try:
        option = ground_of(case).check(rules.Sanction(measure, days))
    except Wrong as wrong:
        raise refusal(wrong) from None
    return {"measure": measure, "days": days, "points": str(option.points)}


def happenings(case: Case) -> list[Happening]:
    """The case's events as the rules take them."""
    rows = list(case.events.select_related("by_org").order_by("seq"))
    until = ends.untils("case", case.pk, rows, rules.TERMS)
    return [Happening(row.kind, row.at, _who(row), until[row.seq], row.data) for row in rows]


def _who(row: CaseEvent) -> Who:
    return Who(row.by_user_id, row.by_org_id, row.by_org.kind if row.by_org else "")


def _append(
    case: Case,
    kind: str,
    by: By,
    *,
    until: datetime | None = None,
    text: str = "",
    data: Mapping[str, Any] | None = None,
    uploads: Sequence["UploadedFile[Any]"] = (),
) -> rules.Matter:
    """The only way an event comes into a case. Raises the refusal of what rules.cases forbids."""
    past = happenings(case)
    one = Happening(kind, clock.now(), who(by), until, data or {})
    try:
        matter = rules.follow(rules.fold(past) if past else None, one)
    except Wrong as wrong:
        raise refusal(wrong) from None
    row = CaseEvent.objects.create(
        case=case,
        seq=len(past) + 1,
        kind=kind,
        at=one.at,
        until=until,
        text=text,
        data=dict(one.data),
        by_user_id=by.user_id,
        by_org_id=by.org_id,
    )
    CaseFile.objects.bulk_create([CaseFile(event=row, file=file) for file in kept(uploads)])
    record(stream=f"case:{case.pk}", action=kind, by=by, reason=text, data=dict(one.data))
    letters.of_case(case, row)
    _follow(case, matter, until)
    return matter


def _follow(case: Case, matter: rules.Matter, until: datetime | None) -> None:
    """Columns lists sort by, kept in step with the events."""
    sanction = matter.decided or matter.proposed or matter.noticed
    running = matter.state not in FINISHED
    case.state = Case.Stage(matter.state.value)
    case.due_at = (until or case.due_at) if running else None
    case.measure = Case.Measure(sanction.kind) if sanction else ""
    case.published_at = matter.published_at
    if case.decided_at is None and matter.decided:
        case.decided_at = matter.last
    case.save(update_fields=["state", "due_at", "measure", "published_at", "decided_at"])


def _inform(case: Case, sentence: str | Promise, *, urgent: bool = False, **values: str) -> None:
    values = {"number": case.number, **values}
    tell(
        organisation_id=case.subject_id,
        sentence=sentence,
        path=f"/cases/{case.number}/",
        urgent=urgent,
        values=values,
    )


def _inform_officers(case: Case, sentence: str | Promise) -> None:
    if case.opened_org_id:
        tell(
            organisation_id=case.opened_org_id,
            sentence=sentence,
            path=case.get_absolute_url(),
            values={"number": case.number},
        )


FINISHED = frozenset({rules.State.ENDED, rules.State.DROPPED, rules.State.REVOKED, rules.State.LIFTED})
