"""Identical prices: two agencies whose last prices keep the very same ratio from need to need."""

from datetime import date
from decimal import Decimal
from itertools import combinations

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Bidder, Hit, Market, Parameters, Rule, bidder, grouped, market, need


def check(seen: Market, p: Parameters) -> list[Hit]:
    met = [(_pair(a, b), one.need) for one in seen.needs for a, b in combinations(sorted(one.offers, key=_number), 2)]
    hits = []
    for (first, second, ratio), rows in grouped(met, lambda row: row[0]).items():
        if len(rows) >= p["least"]:
            needs = tuple(number for _key, number in rows)
            evidence = {"n": str(len(rows)), "ratio": str(ratio)}
            hits.append(Hit(f"{first}:{second}:{ratio}", needs, (first, second), evidence))
    return hits


def _number(one: Bidder) -> int:
    return one.agency


def _pair(a: Bidder, b: Bidder) -> tuple[int, int, Decimal]:
    return a.agency, b.agency, ((a.lowest or Decimal(0)) / (b.lowest or Decimal(1))).quantize(Decimal("0.00001"))


RULE = Rule(
    code="fixed_distance",
    title=_("报价比例雷同"),
    text=_("两家机构在多个金额不同的需求中，最低报价之比完全相同。"),
    says=_("在 {n} 个需求中，两家机构最低报价之比都是 {ratio}。"),
    basis="《招标投标法实施条例》第四十条",
    since=date(2025, 1, 1),
    check=check,
    repeats=True,
    fires=market(*(need(n, bidder(7, 30_000 * n), bidder(8, 31_000 * n)) for n in range(1, 5))),
    silent=market(*(need(n, bidder(7, 30_000 * n), bidder(8, 31_000 * n + 137 * n * n)) for n in range(1, 5))),
)
