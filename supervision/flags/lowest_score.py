"""A score below 70: a suspension is due. Raised with the facts; a person decides."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Market, Rule, fallen, falling

RULE = Rule(
    code="lowest_score",
    title=_("信用分低于 70 分"),
    text=_("信用分低于 70 分的机构，建议暂停参与三个月；不自动处理。"),
    says=_("信用分现为 {score} 分；一次扣分使其由 {before} 降到 {after}。"),
    basis="平台规则 B11（草案）",
    since=date(2025, 1, 1),
    check=fallen,
    fires=Market(records=[falling("100", "85", "60")]),
    silent=Market(records=[falling("100", "85", "70")]),
    ground="lowest_score",
)
