"""Refusals of supervision."""

from django.utils.translation import gettext_lazy as _

from core.errors import define

REASONS_SHORT = define(
    "verdict.reasons_short",
    _("请写明核查理由，至少 {least} 个字。"),
    _("写清看了什么、为什么这样认定：理由会随结论一直保留。"),
)
VERDICT_UNKNOWN = define("verdict.unknown", _("请选择一个核查结论。"), _("属实、有合理解释或误报，三选一。"))
OWN_MATTER = define(
    "verdict.own_matter",
    _("这条线索涉及您所在的单位，不能由您核查。"),
    _("请由其他监管单位的人员核查。"),
    status=403,
)
