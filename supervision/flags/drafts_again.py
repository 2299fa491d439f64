"""Contract changed three times: what was awarded is renegotiated."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, Parameters, Rule, bidder, market, need


def check(seen: Market, p: Parameters) -> list[Hit]:
    return [
        Hit(str(one.need), (one.need,), (one.buyer, one.winner), {"n": str(one.drafts)})
        for one in seen.needs
        if one.winner and one.drafts > p["most"]
    ]


RULE = Rule(
    code="drafts_again",
    title=_("合同反复改动"),
    text=_("中选后合同文本多次改动，可能在改变选取结果的实质内容。"),
    says=_("合同已改到第 {n} 稿。"),
    basis="《政府采购法》第四十六条",
    since=date(2025, 1, 1),
    check=check,
    fires=market(need(1, bidder(7, 90_000), drafts=4)),
    silent=market(need(1, bidder(7, 90_000), drafts=2)),
)
