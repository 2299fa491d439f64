"""Five points lost: a talk is due. Raised with the facts; a person decides."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, Parameters, Rule, falling, fell_below


def check(seen: Market, p: Parameters) -> list[Hit]:
    hits = []
    for one in seen.records:
        if step := fell_below(one, Decimal(p["below"]), Decimal(p["at_least"])):
            evidence = {"score": str(one.score), "before": str(step.before), "after": str(step.after)}
            hits.append(Hit(f"{one.agency}:{step.key}", (), (one.agency,), evidence))
    return hits


RULE = Rule(
    code="points_lost",
    title=_("累计扣满 5 分"),
    text=_("净扣分达到 5 分的机构，建议提醒谈话；不自动处理。"),
    says=_("信用分现为 {score} 分；一次扣分使其由 {before} 降到 {after}。"),
    basis="平台规则 B11（草案）",
    since=date(2025, 1, 1),
    check=check,
    fires=Market(records=[falling("100", "97", "94")]),
    silent=Market(records=[falling("100", "97")]),
    ground="points_lost",
)
