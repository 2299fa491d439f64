"""Refusals about red flags and their verdicts."""

from django.utils.translation import gettext_lazy as _

from core.errors import define

REASONS_SHORT = define(
    "verdict.reasons_short",
    _("请写明核查理由，至少 {least} 个字。"),
    _("写清看了什么、为什么这样认定：理由会随结论一直保留。"),
)
VERDICT_UNKNOWN = define("verdict.unknown", _("请选择一个核查结论。"), _("属实、有合理解释或误报，三选一。"))
NOT_CONFIRMED = define(
    "verdict.not_confirmed",
    _("这条线索没有认定属实，不能立案。"),
    _("先核查并记录“属实，需要处理”的结论和理由。"),
    status=409,
)
NOT_CONCERNED = define("verdict.not_concerned", _("这个单位不在线索涉及的范围里。"), _("请从线索列出的单位中选择。"))
CASE_OPEN = define(
    "verdict.case_open",
    _("这条线索已经对该单位立案。"),
    _("请在案件页面继续办理；对其他涉及的单位可以另行立案。"),
    status=409,
)
OWN_MATTER = define(
    "verdict.own_matter",
    _("这条线索涉及您所在的单位，不能由您核查。"),
    _("请由其他监管单位的人员核查。"),
    status=403,
)
