"""Single bid: a competition in which only one agency bid."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, Parameters, Rule, bidder, market, need, share


def check(seen: Market, p: Parameters) -> list[Hit]:  # noqa: ARG001 - a rule without parameters
    return [
        Hit(str(one.need), (one.need,), (one.buyer, one.winner), {"share": share(one.amount, one.ceiling)})
        for one in seen.needs
        if one.method == "live_auction" and one.winner and one.amount and len(one.offers) == 1
    ]


RULE = Rule(
    code="single_bid",
    title=_("只有一家报价"),
    text=_("竞价中只有一家机构报价，没有真正的竞争。"),
    says=_("只有一家报价，成交价是最高限价的 {share}。"),
    basis="《政府采购法》第三十八条",
    since=date(2025, 1, 1),
    check=check,
    fires=market(need(1, bidder(7, 99_000, bids=1), bidder(8), bidder(9))),
    silent=market(need(1, bidder(7, 90_000), bidder(8, 92_000))),
)
