"""Cover bids: an agency that bids once, near the ceiling, always where the same other one wins."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, NeedFacts, Parameters, Rule, bidder, grouped, market, need


def check(seen: Market, p: Parameters) -> list[Hit]:
    lost = [(each.agency, one) for one in seen.needs if one.winner for each in one.offers if each.agency != one.winner]
    hits = []
    for loser, rows in grouped(lost, lambda row: row[0]).items():
        winners = {one.winner for _loser, one in rows}
        if len(rows) >= p["least"] and len(winners) == 1 and all(_token(loser, one, p) for _loser, one in rows):
            winner, needs = winners.pop(), tuple(one.need for _loser, one in rows)
            evidence = {"n": str(len(rows)), "percent": str(p["percent_of_ceiling"])}
            hits.append(Hit(f"{loser}:{winner}", needs, (loser, winner), evidence))
    return hits


def _token(agency: int, one: NeedFacts, p: Parameters) -> bool:
    """One bid, hardly below the ceiling."""
    bid = next(each for each in one.offers if each.agency == agency)
    return bid.bids == 1 and (bid.lowest or 0) * 100 >= one.ceiling * p["percent_of_ceiling"]


RULE = Rule(
    code="cover_bids",
    title=_("陪衬报价"),
    text=_("一家机构每次只报一次接近最高限价的价格，而且总是输给同一家机构。"),
    says=_("{n} 次只报一次价（不低于最高限价的 {percent}%），每次都输给同一家机构。"),
    basis="《招标投标法实施条例》第三十九条",
    since=date(2025, 1, 1),
    check=check,
    repeats=True,
    fires=market(*(need(n, bidder(7, 90_000), bidder(8, 99_500, bids=1)) for n in range(1, 6))),
    silent=market(*(need(n, bidder(7 + 10 * n, 90_000), bidder(8, 99_500, bids=1)) for n in range(1, 6))),
)
