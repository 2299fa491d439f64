"""One supplier again and again: a buyer whose work keeps going to the same agency."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, Parameters, Rule, bidder, grouped, market, need, share


def check(seen: Market, p: Parameters) -> list[Hit]:
    hits = []
    for buyer, won in grouped([one for one in seen.needs if one.winner], lambda one: one.buyer).items():
        for agency, same in grouped(won, lambda one: one.winner).items():
            if len(same) >= p["least"] and len(same) * 100 >= len(won) * p["share_percent"]:
                evidence = {"n": str(len(same)), "all": str(len(won)), "share": share(len(same), len(won))}
                needs = tuple(one.need for one in same)
                hits.append(Hit(f"{buyer}:{agency}", needs, (buyer, agency), evidence))
    return hits


RULE = Rule(
    code="repeated_supplier",
    title=_("反复由同一机构中选"),
    text=_("同一委托方的需求大多由同一家机构中选。"),
    says=_("{all} 次选取中有 {n} 次（{share}）由同一家机构中选。"),
    basis="《优化营商环境条例》第四十三条",
    since=date(2025, 1, 1),
    check=check,
    repeats=True,
    fires=market(*(need(n, bidder(7, 90_000), bidder(8 + n, 95_000)) for n in range(1, 6))),
    silent=market(*(need(n, bidder(7 + n, 90_000), bidder(20, 95_000)) for n in range(1, 6))),
)
