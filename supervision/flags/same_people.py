"""The same people behind both sides: an agency takes part in needs of a buyer it shares people or places with."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, Parameters, Rule, bidder, grouped, market, need


def check(seen: Market, p: Parameters) -> list[Hit]:
    rows = [(one, agency, _kinds(same, p)) for one in seen.needs for agency, same in one.same.items()]
    hits = []
    for (buyer, agency), met in grouped([row for row in rows if row[2]], lambda row: (row[0].buyer, row[1])).items():
        needs = [one for one, _agency, _common in met]
        kinds = sorted({kind for _one, _agency, common in met for kind in common})
        won = sum(one.winner == agency for one in needs)
        evidence = {"kinds": ",".join(kinds), "n": str(len(needs)), "won": str(won)}
        hits.append(Hit(f"{buyer}:{agency}", tuple(one.need for one in needs), (agency, buyer), evidence))
    return hits


def _kinds(traces: frozenset[str], p: Parameters) -> frozenset[str]:
    return frozenset(trace.split(":")[0] for trace in traces) & frozenset(p["kinds"])


RULE = Rule(
    code="same_people",
    title=_("委托方与机构同源"),
    text=_("机构与委托方有共同的成员、电话或地址，却参加了该委托方的需求。"),
    says=_("与委托方有相同的：{kinds}；参加 {n} 次，中选 {won} 次。"),
    basis="《招标投标法实施条例》第三十四条（草案）",
    since=date(2025, 1, 1),
    check=check,
    repeats=True,
    fires=market(need(1, bidder(7, 90_000), bidder(8, 95_000), same={7: frozenset({"person:3"})})),
    silent=market(need(1, bidder(7, 90_000), bidder(8, 95_000), same={7: frozenset({"region:131000"})})),
)
