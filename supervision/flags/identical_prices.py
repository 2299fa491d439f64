"""Identical prices: two or more agencies end at the very same price in one need."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, NeedFacts, Parameters, Rule, bidder, grouped, market, need


def check(seen: Market, p: Parameters) -> list[Hit]:
    return [hit for one in seen.needs for hit in _same(one, p["least"])]


def _same(one: NeedFacts, least: int) -> list[Hit]:
    """One hit for each price at which enough of them ended."""
    hits = []
    for price, rows in grouped(one.offers, lambda each: each.lowest).items():
        if len(rows) >= least:
            who = tuple(sorted(each.agency for each in rows))
            hits.append(Hit(f"{one.need}:{price}", (one.need,), who, {"n": str(len(rows)), "price": f"{price:,.2f}"}))
    return hits


RULE = Rule(
    code="identical_prices",
    title=_("报价完全相同"),
    text=_("同一需求里，两家以上机构的最低报价分毫不差。"),
    says=_("{n} 家机构的最低报价都是 {price} 元。"),
    basis="《招标投标法实施条例》第四十条（草案）",
    since=date(2025, 1, 1),
    check=check,
    fires=market(need(1, bidder(7, "88321.50"), bidder(8, "88321.50"), bidder(9, 91_000))),
    silent=market(need(1, bidder(7, "88321.50"), bidder(8, "88321.51"), bidder(9)), need(2, bidder(7, "88321.50"))),
)
