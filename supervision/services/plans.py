"""Who may inspect, and what is planned: registered, written, published, and from then on fixed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from accounts.errors import NOT_YOURS
from accounts.models import Organisation, Region, User
from accounts.rules.names import tidy
from core import clock, rulesets
from core.audit import By, record
from core.numbering import next_number
from core.rulesets import Rules
from supervision.errors import inspections as errors
from supervision.models import InspectionPlan, Inspector
from supervision.rules.drawing import BANDS

WORDS = {"title": _("抽查事项"), "basis": _("依据"), "scope": _("抽查范围")}


@dataclass(frozen=True)
class Terms:
    """A row of the random-inspection list as its author writes it. `ratios`: percent by band."""

    title: str
    basis: str
    scope: str
    region: Region
    standard: Sequence[str]
    ratios: Mapping[str, int]
    year: int
    per_year: int
    team: int
    method: str
    items: Sequence[str] = ()
    partners: Sequence[Organisation] = ()


@transaction.atomic
def register_inspector(*, email: str, badge: str, by: By) -> Inspector:
    """Let a member of one's own organisation be drawn. Raises inspector.not_a_member, .badge, .twice."""
    organisation_id = of_regulator(by)
    user = _member(organisation_id, email)
    badge = tidy(badge)[:30]
    if not badge:
        raise errors.BADGE_BLANK()
    try:
        with transaction.atomic():
            row = Inspector.objects.create(
                user=user, organisation_id=organisation_id, badge=badge, added_at=clock.now()
            )
    except IntegrityError as twice:
        raise errors.INSPECTOR_TWICE() from twice
    record(stream=f"inspector:{row.pk}", action="registered", by=by, data={"user": user.pk, "badge": badge})
    return row


@transaction.atomic
def retire_inspector(*, inspector_id: int, by: By) -> None:
    """Draw somebody no longer; what they inspected stays theirs. Twice changes nothing."""
    rows = Inspector.objects.filter(pk=inspector_id, organisation_id=of_regulator(by), left_at=None)
    if rows.update(left_at=clock.now()):
        record(stream=f"inspector:{inspector_id}", action="retired", by=by)


def _member(organisation_id: int, email: str) -> User:
    row = accounts.members(organisation_id).filter(user__email=email.strip().lower(), user__is_active=True).first()
    if row is None:
        raise errors.NOT_A_MEMBER(email=email.strip())
    return row.user


@transaction.atomic
def make_plan(*, terms: Terms, by: By) -> InspectionPlan:
    """Write a plan down; nobody else sees it before it is published. Raises plan.blank, .points, .ratio, .team."""
    rules = rulesets.current("inspections")
    _check(terms, rules)
    plan = InspectionPlan.objects.create(
        number=next_number("JH"),
        body_id=of_regulator(by),
        created_at=clock.now(),
        created_by_id=by.user_id,
        rules_ref=rules.ref,
        **_columns(terms),
    )
    plan.partners.set([one for one in terms.partners if one.pk != plan.body_id and one.kind == "regulator"])
    record(stream=f"inspection_plan:{plan.pk}", action="written", by=by, data={"number": plan.number})
    return plan


def _columns(terms: Terms) -> dict[str, object]:
    return {
        "title": tidy(terms.title)[:120],
        "basis": tidy(terms.basis)[:300],
        "scope": tidy(terms.scope)[:300],
        "region": terms.region,
        "items": sorted(set(terms.items)),
        "standard": [tidy(point) for point in terms.standard if tidy(point)],
        "ratios": {band: int(terms.ratios[band]) for band in BANDS},
        "year": terms.year,
        "per_year": terms.per_year,
        "team": terms.team,
        "method": InspectionPlan.Method(terms.method),
    }


def _check(terms: Terms, rules: Rules) -> None:
    for name, words in WORDS.items():
        if not tidy(getattr(terms, name)):
            raise errors.PLAN_BLANK(field=words)
    if not any(tidy(point) for point in terms.standard):
        raise errors.PLAN_POINTS()
    if terms.team < rules["team"]:
        raise errors.PLAN_TEAM(least=rules["team"])
    before = 0
    for band in BANDS:
        least = max(rules["ratios"][band], before)
        if not least <= terms.ratios[band] <= 100:
            raise errors.PLAN_RATIO(band=band, least=least)
        before = terms.ratios[band]


@transaction.atomic
def publish_plan(*, plan_id: int, by: By) -> InspectionPlan:
    """Put the plan before the public; the database lets nobody change it from then on. Raises plan.published."""
    plan = own_plan(plan_id, by)
    if plan.published_at is not None:
        raise errors.PLAN_PUBLISHED()
    plan.published_at = clock.now()
    plan.save(update_fields=["published_at"])
    record(stream=f"inspection_plan:{plan.pk}", action="published", by=by)
    return plan


def own_plan(plan_id: int, by: By) -> InspectionPlan:
    """The plan, locked, for the body that made it. Raises InspectionPlan.DoesNotExist, access.not_yours."""
    plan = InspectionPlan.objects.select_for_update().get(pk=plan_id)
    if plan.body_id != of_regulator(by):
        raise NOT_YOURS()
    return plan


def of_regulator(by: By) -> int:
    """The regulator somebody acts for. Raises access.not_yours."""
    if by.org_id is None or accounts.organisation(by.org_id).kind != Organisation.Kind.REGULATOR:
        raise NOT_YOURS()
    return by.org_id
