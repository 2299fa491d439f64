"""Direct choice after a false failure: a competition that had takers fails, then the same is given by hand."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, NeedFacts, Parameters, Rule, bidder, day, market, need


def check(seen: Market, p: Parameters) -> list[Hit]:
    within = timedelta(days=p["days"])
    hits = []
    for one in seen.needs:
        if one.method == "direct" and one.winner:
            before = next((other for other in seen.needs if _failed_before(other, one, within)), None)
            if before:
                evidence = {"n": str(len(before.bidders))}
                hits.append(
                    Hit(f"{before.need}:{one.need}", (before.need, one.need), (one.buyer, one.winner), evidence)
                )
    return hits


def _failed_before(other: NeedFacts, one: NeedFacts, within: timedelta) -> bool:
    same = (other.buyer, other.item) == (one.buyer, one.item)
    soon = timedelta(0) <= one.published_at - other.published_at <= within
    return same and soon and other.need != one.need and other.failed and bool(other.bidders)


FAILED = need(1, bidder(8), failed=True)
DIRECT = need(2, method="direct", winner=7, amount=Decimal(98_000), published_at=day(9))

RULE = Rule(
    code="direct_after_failure",
    title=_("有人报名却流标，随后直接选取"),
    text=_("竞争性选取有机构报名却以失败告终，委托方随后就同一事项直接选定一家。"),
    says=_("前一次有 {n} 家机构报名却流标，随后直接选取。"),
    basis="《优化营商环境条例》第四十三条",
    since=date(2025, 1, 1),
    check=check,
    fires=market(FAILED, DIRECT),
    silent=market(need(1, failed=True), DIRECT),
)
