"""Rotation: the same few meet again and again, and take turns in winning."""

import itertools
from datetime import date

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Bidder, Hit, Market, Parameters, Rule, bidder, grouped, market, named, need


def check(seen: Market, p: Parameters) -> list[Hit]:
    decided = [one for one in seen.needs if one.winner and len(one.offers) >= p["fewest_agencies"]]
    hits = []
    for ring, met in grouped(decided, lambda one: tuple(sorted(each.agency for each in one.offers))).items():
        winners = [one.winner for one in met]
        turns = all(a != b for a, b in itertools.pairwise(winners))
        if len(met) >= p["least"] and set(winners) == set(ring) and turns:
            evidence = {"n": str(len(met)), "agencies": str(len(ring))}
            hits.append(Hit(named(ring), tuple(one.need for one in met), ring, evidence))
    return hits


def _ring(n: int, *, turns: bool) -> list[Bidder]:
    first = n % 3 if turns else 0
    return [bidder(7 + k, 90_000 if k == first else 93_000 + 500 * k) for k in range(3)]


RULE = Rule(
    code="rotation",
    title=_("轮流中选"),
    text=_("同样几家机构反复同场，而且轮流中选。"),
    says=_("同样 {agencies} 家机构同场 {n} 次，轮流中选。"),
    basis="《招标投标法实施条例》第三十九条",
    since=date(2025, 1, 1),
    check=check,
    repeats=True,
    fires=market(*(need(n, *_ring(n, turns=True)) for n in range(1, 8))),
    silent=market(*(need(n, *_ring(n, turns=False)) for n in range(1, 8))),
)
