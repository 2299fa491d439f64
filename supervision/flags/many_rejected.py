"""Two or more rejected: those who were better went away or were passed over before the award stood."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, Parameters, Rule, bidder, market, need


def check(seen: Market, p: Parameters) -> list[Hit]:
    hits = []
    for one in seen.needs:
        gone = [each for each in one.bidders if each.excluded or each.declined]
        if one.winner and len(gone) >= p["least"]:
            who = (one.winner, *(each.agency for each in gone))
            hits.append(Hit(str(one.need), (one.need,), who, {"n": str(len(gone))}))
    return hits


RULE = Rule(
    code="many_rejected",
    title=_("多家排名在前的机构出局"),
    text=_("排名在前的两家以上机构放弃或被排除，后面的机构中选。"),
    says=_("排名在前的 {n} 家机构放弃或被排除后，才产生现在的中选机构。"),
    basis="《政府采购法实施条例》第七十四条",
    since=date(2025, 1, 1),
    check=check,
    fires=market(
        need(1, bidder(7, 80_000, declined=True), bidder(8, 82_000, excluded=True), bidder(9, 95_000), winner=9)
    ),
    silent=market(need(1, bidder(7, 80_000, declined=True), bidder(8, 82_000), winner=8)),
)
