"""Words for what inspections store as codes."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BANDS: dict[str, Promise] = {
    "A": _("A 档（风险最低）"),
    "B": _("B 档"),
    "C": _("C 档"),
    "D": _("D 档（风险最高）"),
}
BAND_RATIOS: dict[str, Promise] = {
    "A": _("A 档比例（%）"),
    "B": _("B 档比例（%）"),
    "C": _("C 档比例（%）"),
    "D": _("D 档比例（%）"),
}
TIES: dict[str, Promise] = {"member": _("任职"), "declared": _("已申报的关系")}
EVENTS: dict[str, Promise] = {
    "drawn": _("抽中"),
    "notify": _("已通知机构"),
    "conclude": _("作出结论"),
    "publish": _("公布结果"),
    "publish_fix": _("公布结果，开始整改"),
    "report": _("机构报告整改完成"),
    "follow": _("安排复查"),
    "reply": _("机构说明"),
    "recused": _("检查人员回避，依次递补"),
    "corrected": _("更正"),
}
# How a state looks: neutral, now, good, bad, ended.
STATE_KINDS = {"drawn": "now", "noticed": "now", "concluded": "now", "fixing": "now", "reported": "now"}
RESULT_KINDS = {"ok": "good", "fix": "bad", "case": "bad"}
