"""A closed circle of praise: a few who keep praising each other, in a ring, and hardly anybody else."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, Parameters, Praise, Rule, day, grouped, named, share
from supervision.rules import graphs

Pair = tuple[int, int]


def check(seen: Market, p: Parameters) -> list[Hit]:
    full = Decimal(p["full_mark"])
    mutual = [one for one in seen.praise if one.given >= full and one.returned is not None and one.returned >= full]
    often = {pair: rows for pair, rows in grouped(mutual, _pair).items() if len(rows) >= p["least_each"]}
    return [hit for pairs in _circles(often, p) if (hit := _hit(pairs, often, seen.praise, p))]


def _pair(one: Praise) -> Pair:
    return one.buyer, one.agency


def _circles(often: Collection[Pair], p: Parameters) -> list[list[Pair]]:
    """Pairs that hang together, few enough, and with a ring among them: more pairs than a chain needs."""
    links: dict[int, set[Pair]] = {}
    for pair in often:
        for one in pair:
            links.setdefault(one, set()).add(pair)
    head = graphs.tied(links)
    groups = grouped(list(often), lambda pair: head[pair[0]])
    sizes = {key: len({one for pair in pairs for one in pair}) for key, pairs in groups.items()}
    return [
        pairs
        for key, pairs in groups.items()
        if p["fewest_members"] <= sizes[key] <= p["most_members"] and len(pairs) >= sizes[key]
    ]


def _hit(
    pairs: list[Pair], often: dict[Pair, list[Praise]], everybody: Collection[Praise], p: Parameters
) -> Hit | None:
    """Only where nearly all they were ever rated or rated is among themselves."""
    who = {one for pair in pairs for one in pair}
    inside = [one for pair in pairs for one in often[pair]]
    theirs = sum(bool({one.buyer, one.agency} & who) for one in everybody)
    if len(inside) * 100 < theirs * p["share_percent"]:
        return None
    evidence = {"members": str(len(who)), "n": str(len(inside)), "share": share(len(inside), theirs)}
    return Hit(named(who), tuple(one.need for one in inside), tuple(sorted(who)), evidence)


PAIRS = ((1, 7), (1, 8), (2, 7), (2, 8))


def _among(pairs: Collection[Pair], start: int = 0) -> list[Praise]:
    """Each pair twice, day after day."""
    rows = [pair for _time in range(2) for pair in pairs]
    return [Praise(start + n, *pair, Decimal("4.9"), Decimal("5.0"), day(start + n)) for n, pair in enumerate(rows)]


RULE = Rule(
    code="praise_circle",
    title=_("好评圈"),
    text=_("三家以上单位反复互给高分并连成一圈，很少与圈外的单位互评。"),
    says=_("{members} 家单位互给高分 {n} 次，占其全部互评的 {share}。"),
    basis="《反不正当竞争法》第九条（草案）",
    since=date(2025, 1, 1),
    check=check,
    repeats=True,
    fires=Market(praise=_among(PAIRS)),
    silent=Market(
        praise=[*_among(PAIRS), *(Praise(20 + n, 1, 9 + n, Decimal("4.1"), None, day(20)) for n in range(4))]
    ),
)
