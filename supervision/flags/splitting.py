"""Splitting: needs of one kind, each below the threshold, together above it."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, NeedFacts, Parameters, Rule, day, grouped, market, need


def check(seen: Market, p: Parameters) -> list[Hit]:
    threshold, within = Decimal(p["threshold"]), timedelta(days=p["days"])
    below = [one for one in seen.needs if one.department and one.ceiling < threshold]
    hits = []
    for (buyer, item), group in grouped(below, lambda one: (one.buyer, one.item)).items():
        found = _cluster(group, within, p["least"], threshold)
        if found:
            total = sum((one.ceiling for one in found), Decimal(0))
            evidence = {"n": str(len(found)), "total": f"{total:,.2f}", "threshold": f"{threshold:,.2f}"}
            needs = tuple(one.need for one in found)
            hits.append(Hit(f"{buyer}:{item}", needs, (buyer,), evidence))
    return hits


def _cluster(group: list[NeedFacts], within: timedelta, least: int, threshold: Decimal) -> list[NeedFacts]:
    """The first run of needs inside the time that is long and large enough."""
    for first in group:
        run = [one for one in group if first.published_at <= one.published_at <= first.published_at + within]
        if len(run) >= least and sum((one.ceiling for one in run), Decimal(0)) >= threshold:
            return run
    return []


def _of(n: int, amount: int, at: float) -> NeedFacts:
    return need(n, department=True, ceiling=Decimal(amount), published_at=day(at))


RULE = Rule(
    code="splitting",
    title=_("疑似拆分采购"),
    text=_("同一部门在短期内就同一事项多次发布限额以下的需求，合计达到限额。"),
    says=_("同一事项 {n} 个需求，合计最高限价 {total} 元，达到限额 {threshold} 元。"),
    basis="《政府采购法》第二十八条",
    since=date(2025, 1, 1),
    check=check,
    repeats=True,
    fires=market(_of(1, 200_000, 0), _of(2, 190_000, 10), _of(3, 180_000, 30)),
    silent=market(_of(1, 200_000, 0), _of(2, 190_000, 120), _of(3, 180_000, 240)),
)
