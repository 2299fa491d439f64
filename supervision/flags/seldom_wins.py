"""Many bids, few wins: an agency that keeps taking part and hardly ever wins may be there for others."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, Parameters, Rule, bidder, grouped, market, need


def check(seen: Market, p: Parameters) -> list[Hit]:
    took_part = [(each.agency, one) for one in seen.needs for each in one.offers if one.winner]
    hits = []
    for agency, rows in grouped(took_part, lambda row: row[0]).items():
        needs = [one for _agency, one in rows]
        won = sum(one.winner == agency for one in needs)
        if len(needs) >= p["least"] and won * 100 <= len(needs) * p["most_percent"]:
            evidence = {"n": str(len(needs)), "won": str(won)}
            hits.append(Hit(str(agency), tuple(one.need for one in needs), (agency,), evidence))
    return hits


RULE = Rule(
    code="seldom_wins",
    title=_("多次参与、极少中选"),
    text=_("机构频繁报价却几乎从不中选，可能是陪衬。"),
    says=_("报价 {n} 次，只中选 {won} 次。"),
    basis="《招标投标法实施条例》第三十九条",
    since=date(2025, 1, 1),
    check=check,
    repeats=True,
    fires=market(*(need(n, bidder(30 + n, 90_000), bidder(7, 95_000)) for n in range(1, 13))),
    silent=market(
        *(need(n, bidder(30 + n, 90_000), bidder(7, 89_000 if n % 4 == 0 else 95_000)) for n in range(1, 13))
    ),
)
