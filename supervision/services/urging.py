"""Urging: who is told about a card, and how it goes up the line while a step stays open and overdue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as _

from accounts import selectors as accounts
from accounts.models import Membership, Organisation
from core import rulesets, workdays
from core.rulesets import Rules
from core.workdays import LOCAL, Limit, WorkCalendar
from supervision.kinds import KINDS, QUIET
from supervision.models import Card, Escalation, Post, Step
from supervision.services.notices import tell

YELLOW = _("黄牌提醒：{kind}（{title}）应在 {due} 前办结。")
RED = _("红牌警告：{kind}（{title}）已于 {due} 到期，仍未办结。")
RIGHT = _("期限提醒：{kind}（{title}）可在 {due} 前办理。办不办由您决定，逾期即失效，不记红黄牌。")
HIGHER = _("超时通报：{owner}的{kind}（{title}）已于 {due} 到期，仍未办结。")
OFFICE = "office"
PUBLIC_BODIES = (Organisation.Kind.DEPARTMENT, Organisation.Kind.REGULATOR, Organisation.Kind.OPERATOR)


@dataclass(frozen=True)
class Level:
    """A rung of the ladder and how long after the red card it is told."""

    name: str
    after: Limit


def urge(step: Step, *, red: bool) -> None:
    """Tell who has to act. What is done already needs no urging."""
    if step.closed_at is None:
        tell(
            organisation_id=step.owner_id,
            sentence=RED if red else YELLOW,
            values=words(step),
            path=step.path,
            urgent=True,
        )


def remind(step: Step) -> None:
    """Tell who has a right until when."""
    urgent = step.kind not in QUIET
    tell(organisation_id=step.owner_id, sentence=RIGHT, values=words(step), path=step.path, urgent=urgent)


def words(step: Step) -> dict[str, Any]:
    due = f"{step.due_at.astimezone(LOCAL):%Y-%m-%d %H:%M}"
    return {"kind": KINDS.get(step.kind, step.kind), "title": step.title, "due": due, "owner": step.owner.name}


def escalate(now: datetime) -> None:
    """Tell each level whose time has come, once. Only public bodies have a line above them."""
    calendar, versions = workdays.load(), dict[str, Sequence[Level]]()
    overdue = Card.objects.filter(colour=Card.Colour.RED, step__closed_at=None)
    overdue = overdue.filter(step__owner__kind__in=PUBLIC_BODIES).select_related("step__owner")
    for card in overdue.prefetch_related("step__escalations", "step__stops"):
        if any(stop.confirmed_at and stop.ends_at is None for stop in card.step.stops.all()):
            continue
        if card.rules_ref not in versions:
            versions[card.rules_ref] = ladder(rulesets.by_ref(card.rules_ref))
        _climb(card, versions[card.rules_ref], calendar, now)


def ladder(rules: Rules) -> Sequence[Level]:
    return [Level(row["level"], Limit.of(row["after"])) for row in rules["ladder"]]


def _climb(card: Card, levels: Iterable[Level], calendar: WorkCalendar, now: datetime) -> None:
    told = {row.level for row in card.step.escalations.all()}
    for level in levels:
        if level.name not in told and reached(level.after, card.raised_at, calendar) <= now:
            for person in people(card.step.owner_id, level.name):
                _tell(card.step, level.name, person, now)


def reached(after: Limit, raised_at: datetime, calendar: WorkCalendar) -> datetime:
    """A level with no wait is told at once, not at the end of the day."""
    return after.end(raised_at, calendar) if after.n else raised_at


@dataclass(frozen=True)
class Person:
    """Who is told; without `user` the whole organisation, without `phone` by the organisation's."""

    organisation: int
    user: int | None = None
    phone: str = ""


def people(organisation_id: int, level: str) -> list[Person]:
    """Who stands at a level: posts that were filled, else the owners of the organisation."""
    if level == OFFICE:
        return [Person(row.pk) for row in accounts.of_kind(Organisation.Kind.OPERATOR) if row.pk != organisation_id]
    posts = Post.objects.filter(organisation=organisation_id, level=level)
    if named := [Person(organisation_id, row.user_id, row.phone) for row in posts]:
        return named
    owners = accounts.members(organisation_id).filter(role=Membership.Role.OWNER)
    return [Person(organisation_id, row.user_id) for row in owners]


def _tell(step: Step, level: str, person: Person, now: datetime) -> None:
    Escalation.objects.get_or_create(step=step, level=level, organisation_id=person.organisation, defaults={"at": now})
    tell(
        organisation_id=person.organisation,
        user_id=person.user,
        phone=person.phone,
        sentence=HIGHER,
        values=words(step),
        path=step.get_absolute_url(),
        urgent=True,
    )
