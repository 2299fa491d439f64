"""Draft rules: put out for everybody to speak, every opinion answered, adopted by a second person or withdrawn.

The database refuses a consultation that is too short, made shorter, or adopted early, unanswered or by its drafter
(`supervision/migrations/0023_consultation_guards.py`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.errors import NOT_YOURS
from accounts.models import Organisation
from core import clock, rulesets, upkeep
from core.audit import By, record
from core.locks import alone
from core.models import RuleSet
from core.numbering import next_number
from core.parameters import merge
from supervision.errors import consultations as errors
from supervision.models import Consultation, Opinion, OpinionAnswer
from supervision.rules import consultations as rules
from supervision.selectors import consultations as seen
from supervision.selectors.offices import heads, owners
from supervision.services.notices import tell
from supervision.services.process import enough, officer

PREFIX, OPINION_PREFIX = "ZQ", "YJ"
RULES = "consultations"


@dataclass(frozen=True)
class Draft:
    """What is put out, apart from the rule itself: for how many days of the calendar, and why."""

    title: str
    reasons: str
    days: int


@transaction.atomic
def open_on_parameters(*, rule_set: str, parameters: dict[str, Any], draft: Draft, by: By) -> Consultation:
    """Put out the next version of a rule set. Raises rules.unknown, rules.same, consultation.running, .days."""
    alone(f"consultation:{rule_set}")
    if seen.running_on(rule_set) is not None:
        raise errors.RUNNING()
    latest = seen.latest(rule_set)
    if latest is None:
        raise upkeep.RULES_UNKNOWN()
    if parameters == latest.parameters:
        raise upkeep.RULES_SAME()
    return _open(
        draft,
        by,
        kind=Consultation.Kind.PARAMETERS,
        rule_set=rule_set,
        base_version=latest.version,
        parameters=parameters,
    )


@transaction.atomic
def open_on_text(*, text: str, replaces_id: int | None, draft: Draft, by: By) -> Consultation:
    """Put out a rule in words, new or in the place of one in force. Raises consultation.same, .replaced, .days."""
    replaced = None
    if replaces_id is not None:
        replaced = _in_force(replaces_id)
        if not any(rules.changes(replaced.text, text)):
            raise errors.SAME_TEXT()
    return _open(draft, by, kind=Consultation.Kind.TEXT, text=enough(text, 20), replaces=replaced)


def _in_force(text_id: int) -> Consultation:
    """A rule in words that no later one has replaced. Raises consultation.replaced."""
    found = seen.texts().filter(pk=text_id).first()
    if found is None:
        raise errors.REPLACED()
    return found


def _open(draft: Draft, by: By, **rule: Any) -> Consultation:
    """Raises consultation.days, process.words, access.not_yours."""
    (user, office), now, limits = _person(by), clock.now(), rulesets.current(RULES)
    if draft.days < limits["least_days"]:
        raise errors.DAYS_FEW(least=limits["least_days"])
    row = Consultation.objects.create(
        number=next_number(PREFIX),
        title=draft.title.strip()[:120],
        reasons=enough(draft.reasons),
        opened_at=now,
        closes_at=now + timedelta(days=draft.days),
        drafted_by_id=user,
        office_id=office,
        rules_ref=limits.ref,
        **rule,
    )
    _note(row, "opened", by, {"closes_at": row.closes_at.isoformat()})
    return row


@transaction.atomic
def speak(*, consultation_id: int, text: str, named: bool, by: By) -> Opinion:
    """Anyone's opinion; `named`: under the name of the organisation acted for. Raises consultation.closed."""
    row = _held(consultation_id)
    if rules.stage(row.facts(), clock.now()) != rules.Stage.OPEN:
        raise errors.CLOSED()
    opinion = Opinion.objects.create(
        number=next_number(OPINION_PREFIX),
        consultation=row,
        text=enough(text, 5),
        organisation_id=by.org_id if named else None,
        at=clock.now(),
    )
    _note(row, "opinion", By(), {"number": opinion.number})
    sentence = _("草案《{title}》收到一条意见 {number}，请答复。")
    values = {"title": row.title, "number": opinion.number}
    tell(organisation_id=row.office_id, sentence=sentence, path=row.desk_path, values=values)
    return opinion


@transaction.atomic
def answer(*, opinion_id: int, outcome: str, reasons: str, by: By) -> OpinionAnswer:
    """Say in public what becomes of an opinion. Raises consultation.answered, .settled, access.not_yours."""
    opinion = Opinion.objects.get(pk=opinion_id)
    user, row = _person(by)[0], _drafters_own(opinion.consultation_id, by)
    if OpinionAnswer.objects.filter(opinion=opinion).exists():
        raise errors.ANSWERED()
    made = OpinionAnswer.objects.create(
        opinion=opinion,
        outcome=OpinionAnswer.Outcome(outcome),
        reasons=enough(reasons),
        by_user_id=user,
        at=clock.now(),
    )
    _note(row, "answered", by, {"number": opinion.number, "outcome": outcome})
    if opinion.organisation_id:
        path = f"{row.get_absolute_url()}#{opinion.number}"
        sentence = _("您对草案《{title}》的意见 {number} 已有答复。")
        values = {"title": row.title, "number": opinion.number}
        tell(organisation_id=opinion.organisation_id, sentence=sentence, path=path, values=values)
    return made


@transaction.atomic
def adopt(*, consultation_id: int, starts_at: datetime, by: By) -> Consultation:
    """The draft becomes a rule, from a moment on. Raises consultation.open, .unanswered, .drafter, .past, .head,
    .settled, .replaced, and what putting a version in force refuses.
    """
    row, now = _drafters_own(consultation_id, by), clock.now()
    code = rules.why_not(row.facts(seen.waiting(row)), now, by.user_id or 0, starts_at)
    if code:
        raise errors.HINDRANCES[code]()
    if not may_adopt(row, by):
        raise errors.NOT_HEAD()
    if row.replaces_id:
        alone(f"text:{row.replaces_id}")
        _in_force(row.replaces_id)
    if row.kind == Consultation.Kind.PARAMETERS:
        row.adopted_version = _next_version(row, starts_at, by).version
    row.adopted_at, row.adopted_by_id, row.starts_at = now, by.user_id, starts_at
    row.save(update_fields=["adopted_at", "adopted_by", "starts_at", "adopted_version"])
    _note(row, "adopted", by, {"starts_at": starts_at.isoformat(), "version": row.adopted_version})
    return row


def _next_version(row: Consultation, starts_at: datetime, by: By) -> RuleSet:
    """What was consulted on, and beside it whatever else has come in force since."""
    base, latest = seen.base(row), seen.latest(row.rule_set)
    if latest is None:
        raise upkeep.RULES_UNKNOWN()
    return upkeep.add_version(
        name=row.rule_set,
        effective_from=starts_at,
        parameters=merge(base.parameters, row.parameters, latest.parameters),
        draft=False,
        note=f"{row.title}（{row.number}）",
        by=by,
    )


@transaction.atomic
def withdraw(*, consultation_id: int, reasons: str, by: By) -> Consultation:
    """The draft is given up, with reasons everybody reads. Raises consultation.settled, access.not_yours."""
    row = _drafters_own(consultation_id, by)
    row.withdrawn_at, row.withdrawn_by_id, row.withdrawal = clock.now(), by.user_id, enough(reasons)
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal"])
    _note(row, "withdrawn", by, {})
    return row


@transaction.atomic
def change_at_once(
    *, rule_set: str, effective_from: datetime, parameters: dict[str, Any], draft: bool, reasons: str, by: By
) -> RuleSet:
    """A version that could not wait for a consultation; everybody reads why.

    Nobody puts their own draft in force so, and the rules of consulting are never changed unasked: their least time
    would be none. Raises access.not_yours, consultation.own_at_once, .never_at_once, process.words and rules.*.
    """
    (user, _office), why = _person(by), enough(reasons)
    if officer(by).kind != Organisation.Kind.OPERATOR:
        raise NOT_YOURS()
    running = seen.running_on(rule_set)
    if running is not None and running.drafted_by_id == user:
        raise errors.OWN_AT_ONCE()
    if rule_set == RULES:
        raise errors.NEVER_AT_ONCE()
    return upkeep.add_version(
        name=rule_set, effective_from=effective_from, parameters=parameters, draft=draft, note=why, by=by
    )


def may_adopt(row: Consultation, by: By) -> bool:
    """Its heads and leaders, or the owners of the organisation; never whoever drafted it."""
    if by.org_id != row.office_id or by.user_id in (None, row.drafted_by_id):
        return False
    return by.user_id in heads(row.office_id) | owners(row.office_id)


def _person(by: By) -> tuple[int, int]:
    """An officer and the office acted for. Raises access.not_yours."""
    found = officer(by)
    if found.user is None or found.org is None:
        raise NOT_YOURS()
    return found.user, found.org


def _held(consultation_id: int) -> Consultation:
    return Consultation.objects.select_for_update().get(pk=consultation_id)


def _drafters_own(consultation_id: int, by: By) -> Consultation:
    """For people of the office that put it out, while it is not settled."""
    row = _held(consultation_id)
    if _person(by)[1] != row.office_id:
        raise NOT_YOURS()
    if row.adopted_at or row.withdrawn_at:
        raise errors.SETTLED()
    return row


def _note(row: Consultation, action: str, by: By, data: dict[str, Any]) -> None:
    record(stream=f"consultation:{row.pk}", action=action, by=by, data=data)
