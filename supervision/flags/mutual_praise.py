"""Reciprocal praise: the same two keep giving each other full marks or nearly. Flagged, never silently discounted."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, Parameters, Praise, Rule, day, grouped


def check(seen: Market, p: Parameters) -> list[Hit]:
    full = Decimal(p["full_mark"])
    mutual = [one for one in seen.praise if one.given >= full and one.returned is not None and one.returned >= full]
    hits = []
    for (buyer, agency), rows in grouped(mutual, lambda one: (one.buyer, one.agency)).items():
        shared = any(one.shared for one in rows)
        if len(rows) >= (p["least_tied"] if shared else p["least"]):
            needs = tuple(one.need for one in rows)
            hits.append(Hit(f"{buyer}:{agency}", needs, (agency, buyer), {"n": str(len(rows))}))
    return hits


def _praise(n: int, given: str, **more: bool) -> Praise:
    return Praise(n, 1, 7, Decimal(given), Decimal("5.0"), day(n), **more)


RULE = Rule(
    code="mutual_praise",
    title=_("反复互相好评"),
    text=_("同一委托方和同一机构反复互给接近满分；双方有共同的人或联系方式时，次数要求更低。"),
    says=_("双方互给满分或接近满分 {n} 次。"),
    basis="《反不正当竞争法》第九条（草案）",
    since=date(2025, 1, 1),
    check=check,
    repeats=True,
    fires=Market(praise=tuple(_praise(n, "4.8" if n else "5.0") for n in range(4))),
    silent=Market(praise=tuple(_praise(n, "5.0" if n < 2 else "4.2") for n in range(4))),
)
