"""Five points lost: a talk is due. Raised with the facts; a person decides."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Market, Rule, fallen, falling

RULE = Rule(
    code="points_lost",
    title=_("累计扣满 5 分"),
    text=_("净扣分达到 5 分的机构，建议提醒谈话；不自动处理。"),
    says=_("信用分现为 {score} 分；一次扣分使其由 {before} 降到 {after}。"),
    basis="平台规则 B11（草案）",
    since=date(2025, 1, 1),
    check=fallen,
    fires=Market(records=[falling("100", "97", "94")]),
    silent=Market(records=[falling("100", "97")]),
    ground="points_lost",
)
