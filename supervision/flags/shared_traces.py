"""Shared traces: two who bid against each other are tied by a person, a telephone or an address."""

from datetime import date
from itertools import combinations

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, Parameters, Rule, bidder, market, need


def check(seen: Market, p: Parameters) -> list[Hit]:
    hits = []
    for one in seen.needs:
        for a, b in combinations(sorted(one.bidders, key=lambda each: each.agency), 2):
            common = [trace for trace in a.traces & b.traces if trace.split(":")[0] in p["kinds"]]
            if common:
                kinds = ",".join(sorted({trace.split(":")[0] for trace in common}))
                hits.append(
                    Hit(f"{one.need}:{a.agency}:{b.agency}", (one.need,), (a.agency, b.agency), {"kinds": kinds})
                )
    return hits


SAME, OTHER = frozenset({"phone:0316-1"}), frozenset({"phone:0316-2"})

RULE = Rule(
    code="shared_traces",
    title=_("竞争者之间有共同的人或联系方式"),
    text=_("同场报价的两家机构有共同的成员、电话或地址。"),
    says=_("两家机构有相同的：{kinds}。"),
    basis="《招标投标法实施条例》第三十四条、第四十条",
    since=date(2025, 1, 1),
    check=check,
    fires=market(need(1, bidder(7, 90_000, traces=SAME), bidder(8, 95_000, traces=SAME))),
    silent=market(need(1, bidder(7, 90_000, traces=SAME), bidder(8, 95_000, traces=OTHER))),
)
