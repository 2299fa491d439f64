"""All others disqualified: the winner stands because everybody else was passed over."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, Parameters, Rule, bidder, market, need


def check(seen: Market, p: Parameters) -> list[Hit]:
    hits = []
    for one in seen.needs:
        others = [each for each in one.bidders if each.agency != one.winner]
        if one.winner and len(others) >= p["least"] and all(each.excluded for each in others):
            who = (one.buyer, one.winner, *(each.agency for each in others))
            hits.append(Hit(str(one.need), (one.need,), who, {"n": str(len(others))}))
    return hits


RULE = Rule(
    code="all_others_out",
    title=_("其他机构全部被排除"),
    text=_("除中选机构外，其他参与机构全部被排除。"),
    says=_("其他 {n} 家机构全部被排除。"),
    basis="《优化营商环境条例》第四十三条",
    since=date(2025, 1, 1),
    check=check,
    fires=market(need(1, bidder(7, 90_000), bidder(8, 85_000, excluded=True), bidder(9, excluded=True), winner=7)),
    silent=market(need(1, bidder(7, 90_000), bidder(8, 95_000, excluded=True), bidder(9, 96_000))),
)
