"""A score below 80: a warning is due, and inspections follow it. Raised with the facts; a person decides."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Market, Rule, fallen, falling

RULE = Rule(
    code="low_score",
    title=_("信用分低于 80 分"),
    text=_("信用分低于 80 分的机构，建议警告；抽查比例随警告提高，不自动处理。"),
    says=_("信用分现为 {score} 分；一次扣分使其由 {before} 降到 {after}。"),
    basis="平台规则 B11（草案）",
    since=date(2025, 1, 1),
    check=fallen,
    fires=Market(records=[falling("100", "85", "79.50")]),
    silent=Market(records=[falling("100", "85", "80")]),
    ground="low_score",
)
