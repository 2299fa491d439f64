"""Reading needs: one, many, and the state as people and as the database see it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import StrIndex

from accounts.models import Organisation, Region
from core import clock
from marketplace.models import PUBLISHED, Method, Need, Notice, ServiceItem
from marketplace.rules import lifecycle
from marketplace.rules.lifecycle import NeedDates, Stage
from marketplace.rules.publication import BudgetFacts, Draft, ItemFacts
from marketplace.wording import FAILURES
from payments.selectors import budget

SORTS = {
    "closing": ("entry_closes_at", "pk"),
    "newest": ("-published_at", "-pk"),
    "amount": ("-ceiling", "-pk"),
    "amount_up": ("ceiling", "pk"),
}
OPEN = "open"


@dataclass(frozen=True)
class NeedFilters:
    """Empty means "any". `state` is one of lifecycle.STATES or "open" (may still be entered)."""

    q: str = ""
    item: str = ""
    category: str = ""
    region: str = ""
    method: str = ""
    payer: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    state: str = ""
    sort: str = ""
    item_codes: Collection[str] | None = None


def dates_of(need: Need) -> NeedDates:
    return NeedDates(
        published_at=need.published_at,
        entry_closes_at=need.entry_closes_at,
        selected_at=need.selected_at,
        awarded_at=need.awarded_at,
        contracted_at=need.contracted_at,
        completed_at=need.completed_at,
        closed_at=need.closed_at,
        failed_at=need.failed_at,
        cancelled_at=need.cancelled_at,
        direct=need.method == Method.DIRECT,
    )


def state_of(need: Need, now: datetime | None = None) -> str:
    """One of lifecycle.STATES."""
    return lifecycle.need_state(dates_of(need), now or clock.now())


def track(need: Need) -> list[Stage]:
    """The whole way of a need, for its page."""
    return lifecycle.stages(dates_of(need), clock.now())


def draft_of(need: Need) -> Draft:
    """A need as the publication rules read it."""
    now, item = clock.now(), need.item
    in_force = item is not None and (item.cancelled_at is None or item.cancelled_at > now)
    return Draft(
        buyer_kind=need.buyer_kind,
        item=ItemFacts(item.code, item.payer, in_force) if item else None,
        own_project=need.own_project,
        title=need.title,
        scope=need.scope,
        place=need.place,
        region=need.region_id or "",
        ceiling=need.ceiling.amount if need.ceiling else None,
        budget=_budget_of(need),
        method=need.method,
        closes_at=need.entry_closes_at if need.method != Method.DIRECT else None,
        urgent_reason=need.urgent_reason,
        auction_minutes=need.auction_minutes,
        delivery_days=need.delivery_days,
        unfinished=frozenset(need.typed),
    )


def _budget_of(need: Need) -> BudgetFacts | None:
    if need.budget_line_id is None:
        return None
    found = budget.line(need.budget_line_id)
    return BudgetFacts(found.usable, found.standing.free.amount)


def get_need(pk: int) -> Need | None:
    """A need with its item, buyer and region; drafts too: whoever shows it checks who looks."""
    return Need.objects.select_related("item", "buyer", "region").filter(pk=pk).first()


def needs_of(org_id: int) -> QuerySet[Need]:
    """All needs of a buyer, drafts included, the newest first."""
    return Need.objects.filter(buyer_id=org_id).select_related("item", "region").order_by("-created_at", "-pk")


def notices(need_id: int) -> QuerySet[Notice]:
    return Notice.objects.filter(need_id=need_id).select_related("paper")


def open_needs(*, item_codes: Collection[str] | None = None, filters: NeedFilters | None = None) -> QuerySet[Need]:
    """Needs that may still be entered, the first to close first; of certain items when codes are given."""
    base = filters or NeedFilters()
    found = search(NeedFilters(**{**base.__dict__, "state": OPEN, "sort": base.sort or "closing"}))
    return found if item_codes is None else found.filter(item__code__in=item_codes)


def search(filters: NeedFilters) -> QuerySet[Need]:
    """Published needs that fit, sorted. Drafts never appear."""
    found = Need.objects.filter(PUBLISHED).select_related("item", "buyer", "region")
    for condition in _conditions(filters):
        found = found.filter(condition)
    return found.order_by(*SORTS.get(filters.sort, SORTS["newest"]))


def _conditions(filters: NeedFilters) -> list[Q]:
    conditions = []
    if filters.q:
        conditions.append(_matches(filters.q))
    if filters.item:
        conditions.append(_of_items(Q(code=filters.item)))
    if filters.category:
        conditions.append(_of_items(Q(category_code=filters.category)))
    if filters.region:
        conditions.append(_within(filters.region))
    if filters.method:
        conditions.append(Q(method=filters.method))
    if filters.payer:
        conditions.append(Q(buyer_kind=filters.payer))
    if filters.least is not None:
        conditions.append(Q(ceiling__gte=filters.least))
    if filters.most is not None:
        conditions.append(Q(ceiling__lte=filters.most))
    if filters.state:
        conditions.append(in_state(filters.state, clock.now()))
    return conditions


def _matches(q: str) -> Q:
    """Title or number holds the text, or the item is called so."""
    named = _of_items(Q(name_zh__icontains=q) | Q(name_en__icontains=q))
    # Plain LIKE: folding the case of every title costs five times as much, and Chinese has none.
    spellings = {q, q.upper()}
    return reduce(or_, (Q(title__contains=one) for one in spellings), Q(number=q.upper()) | named)


def _of_items(which: Q) -> Q:
    """Needs of certain items, as a list of ids: the catalogue is small, the join would be large."""
    return Q(item__in=list(ServiceItem.objects.filter(which).values_list("pk", flat=True)))


def _within(region: str) -> Q:
    """Needs in a division or anywhere inside it."""
    inside = Region.objects.filter(code__startswith=Region(code=region).reach)
    return Q(region__in=list(inside.values_list("pk", flat=True)))


_BY_DATE = {
    lifecycle.CANCELLED: "cancelled_at",
    lifecycle.FAILED: "failed_at",
    lifecycle.CLOSED: "closed_at",
    lifecycle.COMPLETED: "completed_at",
    lifecycle.IN_SERVICE: "contracted_at",
    lifecycle.AWARDED: "awarded_at",
    lifecycle.SELECTED: "selected_at",
}


def in_state(state: str, now: datetime) -> Q:
    """The same as lifecycle.need_state, for the database. Also "open": may still be entered or chosen for."""
    unset = Q()
    for name, date in _BY_DATE.items():
        if name == state:
            return unset & Q(**{f"{date}__isnull": False})
        unset &= Q(**{f"{date}__isnull": True})
    running = unset & PUBLISHED
    if state == OPEN:
        return running & Q(entry_closes_at__gt=now)
    if state == lifecycle.DRAFT:
        return unset & ~PUBLISHED
    closed = ~Q(method=Method.DIRECT) & Q(entry_closes_at__lte=now)
    return running & closed if state == lifecycle.COMPETING else running & ~closed


def is_agency(organisation_id: int) -> bool:
    return Organisation.objects.filter(pk=organisation_id, kind=Organisation.Kind.AGENCY).exists()


def agency_names_in(need: Need) -> list[str]:
    """Names of registered agencies that the need's own words mention."""
    return agency_names_in_text(f"{need.title}\n{need.scope}\n{need.place}")


def agency_names_in_text(text: str) -> list[str]:
    """Names of registered agencies, four characters or longer, that occur in a text."""
    if len(text) < 4:
        return []
    agencies = Organisation.objects.filter(kind=Organisation.Kind.AGENCY, name__regex="^.{4}")
    mentioned = agencies.annotate(place=StrIndex(Value(text.replace("\0", "")), F("name"))).filter(place__gt=0)
    return list(mentioned.values_list("name", flat=True)[:5])


def failure_text(reason: str) -> str:
    """The sentence for a reason a need failed with: a known code or a text."""
    return str(FAILURES.get(reason, reason))


def published_since(moment: datetime) -> QuerySet[Need]:
    """Needs published since then, oldest first."""
    return Need.objects.filter(published_at__gte=moment).select_related("item").order_by("published_at", "pk")
