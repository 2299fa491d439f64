"""A burst of praise: many full marks within days."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, Parameters, Praise, Rule, day, grouped


def check(seen: Market, p: Parameters) -> list[Hit]:
    within, full = timedelta(days=p["days"]), Decimal(p["full_mark"])
    hits = []
    for agency, rows in grouped([one for one in seen.praise if one.given >= full], lambda one: one.agency).items():
        for first in rows:
            burst = [one for one in rows if first.at <= one.at < first.at + within]
            if len(burst) >= p["least"]:
                needs = tuple(one.need for one in burst)
                evidence = {"n": str(len(burst)), "days": str(p["days"])}
                hits.append(Hit(str(agency), needs, (agency,), evidence))
                break
    return hits


def _praise(n: int, at: float) -> Praise:
    return Praise(n, n, 7, Decimal("5.0"), None, day(at))


RULE = Rule(
    code="praise_burst",
    title=_("短期内集中好评"),
    text=_("一家机构在几天内集中收到大量满分评价。"),
    says=_("{days} 天内收到 {n} 次满分评价。"),
    basis="《反不正当竞争法》第九条（草案）",
    since=date(2025, 1, 1),
    check=check,
    repeats=True,
    fires=Market(praise=tuple(_praise(n, n * 0.5) for n in range(8))),
    silent=Market(praise=tuple(_praise(n, n * 20) for n in range(8))),
)
