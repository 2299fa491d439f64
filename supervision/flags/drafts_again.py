"""Contract changed three times: what was awarded is renegotiated after the signature, change by change."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, Parameters, Rule, bidder, market, need


def check(seen: Market, p: Parameters) -> list[Hit]:
    return [
        Hit(str(one.need), (one.need,), (one.buyer, one.winner), {"n": str(one.versions - 1)})
        for one in seen.needs
        if one.winner and one.versions > p["most"]
    ]


RULE = Rule(
    code="drafts_again",
    title=_("合同反复变更"),
    text=_("合同签订后多次变更，可能在逐步改变选取结果的实质内容。"),
    says=_("合同签订后已变更 {n} 次。"),
    basis="《政府采购法》第四十六条、第四十九条、第五十条",
    since=date(2025, 1, 1),
    check=check,
    fires=market(need(1, bidder(7, 90_000), versions=4)),
    silent=market(need(1, bidder(7, 90_000), versions=3)),
)
