"""What is still missing or wrong in a draft before it may be published: everything at once, step by step.

Issues are codes with parameters; their words stand in marketplace/wording.py. Times are aware, amounts exact.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from marketplace.rules import fairness
from marketplace.rules.fairness import BLOCK, WARN

STEPS = ("item", "scope", "money", "method", "schedule", "check")
METHODS = {
    "enterprise": ("live_auction", "random_draw", "direct"),
    "department": ("live_auction", "random_draw"),
}
CHECKED_TEXTS = ("title", "scope", "place")


@dataclass(frozen=True)
class ItemFacts:
    code: str
    payer: str
    in_force: bool


@dataclass(frozen=True)
class BudgetFacts:
    """A department's budget line: may it be used now, and how much of it is free."""

    usable: bool
    free: Decimal


@dataclass(frozen=True)
class Draft:
    """A need as far as it has been written. `closes_at` None means: as early as the rules allow."""

    buyer_kind: str
    item: ItemFacts | None = None
    own_project: bool = False
    title: str = ""
    scope: str = ""
    place: str = ""
    region: str = ""
    ceiling: Decimal | None = None
    budget: BudgetFacts | None = None
    method: str = ""
    closes_at: datetime | None = None
    urgent_reason: str = ""
    auction_minutes: int | None = None
    delivery_days: int | None = None
    unfinished: frozenset[str] = frozenset()  # steps with something typed that could not be taken


@dataclass(frozen=True)
class Bounds:
    """What the rule set in force allows this draft now."""

    earliest_close: datetime
    latest_close: datetime
    auction_minutes: Sequence[int]
    max_delivery_days: int
    min_scope_length: int
    max_scope_length: int
    procurement_threshold: Decimal


@dataclass(frozen=True)
class Issue:
    """`code` names the sentence, `step` where to mend it, `data` fills the sentence."""

    step: str
    field: str
    code: str
    severity: str = BLOCK
    data: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def issues(draft: Draft, bounds: Bounds, names: Sequence[str] = ()) -> list[Issue]:
    """Everything to mend or to know, in the order of the steps. Publication needs none that blocks."""
    found = [*_item(draft), *_scope(draft, bounds, names), *_money(draft, bounds), *_method(draft)]
    found += _schedule(draft, bounds)
    unread = [Issue(step, "", "step.unfinished") for step in STEPS if step in draft.unfinished]
    return sorted([*unread, *found], key=lambda issue: STEPS.index(issue.step))


def blocks(found: Sequence[Issue]) -> bool:
    return any(issue.severity == BLOCK for issue in found)


def payer_issue(buyer_kind: str, payer: str, *, own_project: bool) -> str | None:
    """Why this buyer should not commission an item that this payer pays for; None when it fits."""
    if buyer_kind == "enterprise" and payer == "department":
        return "item.department_pays"
    if buyer_kind == "department" and payer == "enterprise" and not own_project:
        return "item.applicant_pays"
    return None


def _item(draft: Draft) -> Iterator[Issue]:
    if draft.item is None:
        yield Issue("item", "item", "item.missing")
        return
    if not draft.item.in_force:
        yield Issue("item", "item", "item.cancelled")
    mismatch = payer_issue(draft.buyer_kind, draft.item.payer, own_project=draft.own_project)
    if mismatch:
        yield Issue("item", "own_project" if mismatch == "item.applicant_pays" else "item", mismatch)


def _scope(draft: Draft, bounds: Bounds, names: Sequence[str]) -> Iterator[Issue]:
    if not draft.title:
        yield Issue("scope", "title", "title.missing")
    if not bounds.min_scope_length <= len(draft.scope) <= bounds.max_scope_length:
        data = {"least": bounds.min_scope_length, "most": bounds.max_scope_length, "length": len(draft.scope)}
        yield Issue("scope", "scope", "scope.length", data=data)
    if not draft.region:
        yield Issue("scope", "region", "region.missing")
    for name in CHECKED_TEXTS:
        for finding in fairness.check(getattr(draft, name), department=draft.buyer_kind == "department", names=names):
            yield Issue("scope", name, finding.rule_code, finding.severity, {"excerpt": finding.excerpt})


def _money(draft: Draft, bounds: Bounds) -> Iterator[Issue]:
    if draft.ceiling is None or draft.ceiling <= 0:
        yield Issue("money", "ceiling", "ceiling.missing")
    if draft.buyer_kind != "department":
        return
    yield from _budget(draft)
    if draft.ceiling is not None and draft.ceiling >= bounds.procurement_threshold:
        data = {"threshold": f"{bounds.procurement_threshold:,.2f}"}
        yield Issue("money", "ceiling", "ceiling.procurement", WARN, data)


def _budget(draft: Draft) -> Iterator[Issue]:
    """A department asks for what it can pay: the whole ceiling is free on a line of this year."""
    if draft.budget is None:
        yield Issue("money", "budget_line", "budget.missing")
    elif not draft.budget.usable:
        yield Issue("money", "budget_line", "budget.year")
    elif draft.ceiling is not None and draft.ceiling > draft.budget.free:
        data = {"free": f"{draft.budget.free:,.2f}", "wanted": f"{draft.ceiling:,.2f}"}
        yield Issue("money", "budget_line", "budget.short", data=data)


def _method(draft: Draft) -> Iterator[Issue]:
    if not draft.method:
        yield Issue("method", "method", "method.missing")
    elif draft.method not in METHODS.get(draft.buyer_kind, ()):
        yield Issue("method", "method", "method.designation")


def _schedule(draft: Draft, bounds: Bounds) -> Iterator[Issue]:
    if draft.closes_at is not None and draft.closes_at < bounds.earliest_close:
        yield Issue("schedule", "entry_closes_at", "schedule.too_early", data={"earliest": bounds.earliest_close})
    if draft.closes_at is not None and draft.closes_at > bounds.latest_close:
        yield Issue("schedule", "entry_closes_at", "schedule.too_late", data={"latest": bounds.latest_close})
    if draft.method == "live_auction" and draft.auction_minutes not in bounds.auction_minutes:
        yield Issue("schedule", "auction_minutes", "schedule.minutes")
    if draft.delivery_days is None or not 1 <= draft.delivery_days <= bounds.max_delivery_days:
        yield Issue("schedule", "delivery_days", "schedule.delivery", data={"most": bounds.max_delivery_days})
