"""Winner just below the second: one single bid that hits the place below the best as if it had been known."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, NeedFacts, Parameters, Rule, bidder, market, need


def check(seen: Market, p: Parameters) -> list[Hit]:
    return [hit for one in seen.needs if (hit := _narrow(one, Decimal(p["percent"])))]


def _narrow(one: NeedFacts, percent: Decimal) -> Hit | None:
    """Only where the winner bid once and the second had fought: steps alone make every winner narrow."""
    if one.method != "live_auction" or len(one.offers) < 2 or one.winner != one.offers[0].agency:
        return None
    first, second = one.offers[:2]
    if first.lowest is None or second.lowest is None or first.bids != 1 or second.bids < 2:
        return None
    gap = (second.lowest - first.lowest) * 100 / second.lowest
    if gap > percent:
        return None
    return Hit(str(one.need), (one.need,), (first.agency, second.agency), {"gap": f"{gap:.2f}%"})


RULE = Rule(
    code="narrow_win",
    title=_("一次报价恰好低于第二名"),
    text=_("中选机构全程只报一次价，恰好略低于反复报价的第二名，可能事先知道对方底价。"),
    says=_("中选机构只报了一次价，比第二名低 {gap}。"),
    basis="《招标投标法实施条例》第四十条",
    since=date(2025, 1, 1),
    check=check,
    fires=market(need(1, bidder(7, 89_800, bids=1), bidder(8, 90_000, bids=6))),
    silent=market(need(1, bidder(7, 89_800, bids=5), bidder(8, 90_000, bids=6))),
)
