"""A ring of praise through shared people: each praises an agency of the next, until it comes back to the first."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, Parameters, Praise, Rule, day, named
from supervision.rules import graphs


def check(seen: Market, p: Parameters) -> list[Hit]:
    praise = [one for one in seen.praise if one.given >= Decimal(p["full_mark"])]
    met = {who for one in praise for who in (one.buyer, one.agency)}
    house = graphs.tied({who: seen.traces.get(who, frozenset()) for who in met})
    across = [one for one in praise if house[one.buyer] != house[one.agency]]
    rings = graphs.rings((house[one.buyer], house[one.agency]) for one in across)
    return [hit for ring in rings if (hit := _hit(ring, across, house, p["least"]))]


def _hit(ring: frozenset[int], across: list[Praise], house: Mapping[int, int], least: int) -> Hit | None:
    """`house`: those whom common people or places make one."""
    rows = [one for one in across if house[one.buyer] in ring and house[one.agency] in ring]
    if len(rows) < least:
        return None
    who = tuple(sorted({each for one in rows for each in (one.agency, one.buyer)}))
    return Hit(named(who), tuple(one.need for one in rows), who, {"n": str(len(rows)), "houses": str(len(ring))})


def _round(n: int, *, closes: bool = True) -> list[Praise]:
    """Buyer 1 praises agency 12, whose house's buyer 2 praises agency 13, whose house's buyer 3 praises agency 11."""
    last = 11 if closes else 14
    return [
        Praise(3 * n + place, buyer, agency, Decimal("4.9"), None, day(3 * n + place))
        for place, (buyer, agency) in enumerate(((1, 12), (2, 13), (3, last)))
    ]


HOUSES = {who: frozenset({f"person:{who % 10}"}) for who in (1, 2, 3, 11, 12, 13, 14)}

RULE = Rule(
    code="praise_ring",
    title=_("好评环"),
    text=_("几方通过共同的人或联系方式，轮流给对方关联的机构高分，最后回到第一家。"),
    says=_("{houses} 方首尾相接，共给出高分 {n} 次。"),
    basis="《反不正当竞争法》第九条（草案）",
    since=date(2025, 1, 1),
    check=check,
    repeats=True,
    fires=Market(praise=[one for n in range(2) for one in _round(n)], traces=HOUSES),
    silent=Market(praise=[one for n in range(2) for one in _round(n, closes=False)], traces=HOUSES),
)
