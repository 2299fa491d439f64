"""Shortest window: a time to enter far below what is usual for the method."""

from datetime import date, timedelta
from statistics import median

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, Parameters, Rule, day, grouped, market, need


def check(seen: Market, p: Parameters) -> list[Hit]:
    hits = []
    for group in grouped(seen.needs, lambda one: one.method).values():
        if len(group) < p["fewest_to_compare"]:
            continue
        usual = median((one.closes_at - one.published_at).total_seconds() for one in group)
        for one in group:
            seconds = (one.closes_at - one.published_at).total_seconds()
            if seconds * 100 < usual * p["percent_of_usual"]:
                evidence = {"hours": f"{seconds / 3600:.1f}", "usual": f"{usual / 3600:.1f}"}
                hits.append(Hit(str(one.need), (one.need,), (one.buyer,), evidence))
    return hits


USUAL = tuple(need(n) for n in range(1, 21))

RULE = Rule(
    code="shortest_window",
    title=_("报名时间过短"),
    text=_("报名时间远短于同类需求的通常时间，其他机构可能来不及参加。"),
    says=_("报名时间只有 {hours} 小时，同类需求的中位数是 {usual} 小时。"),
    basis="《优化营商环境条例》第十二条",
    since=date(2025, 1, 1),
    check=check,
    fires=market(*USUAL, need(21, published_at=day(21), closes_at=day(21) + timedelta(hours=12))),
    silent=market(*USUAL, need(21, published_at=day(21), closes_at=day(21) + timedelta(hours=60))),
)
