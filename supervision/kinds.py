"""What kinds of steps there are, in words. A kind that is missing here is shown by its code."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.words import length

KINDS: dict[str, Promise] = {
    "need.answer": _("答复提问"),
    "need.choose": _("直接选取机构"),
    "award.confirm": _("确认中选"),
    "contract.sign": _("确认合同"),
    "contract.deliver": _("提交成果"),
    "contract.rework": _("整改成果"),
    "contract.accept": _("确认成果"),
    "contract.amend": _("答复合同变更"),
    "contract.terminate": _("答复合同解除"),
    "contract.file": _("合同备案"),
    "payment.pay": _("支付款项"),
    "rating.rate": _("互相评价"),
    "rating.reply": _("公开答复评价"),
    "rating.file_appeal": _("对评价提出申诉"),
    "rating.appeal": _("评价申诉裁决"),
    "rating.answer": _("对申诉说明"),
    "rating.regulator": _("监管部门评价"),
    "quality.answer": _("对质量退回陈述申辩"),
    "quality.decide": _("质量退回确认"),
    "grade.propose": _("提出年度信用等级名单"),
    "grade.object": _("对年度信用等级提出异议"),
    "grade.decide": _("年度信用等级异议决定"),
    "grade.publish": _("公布年度信用等级"),
    "agency.check": _("登记信息核验"),
    "agency.correct": _("登记信息补正"),
    "agency.renew": _("资质证书续期"),
    "complaint.accept": _("投诉受理"),
    "complaint.complete": _("投诉补正"),
    "complaint.reply": _("投诉答辩"),
    "complaint.notify": _("通知被投诉方"),
    "complaint.decide": _("投诉处理决定"),
    "complaint.ask_review": _("申请投诉复核"),
    "complaint.review": _("投诉复核"),
    "case.notice": _("案件告知"),
    "case.defence": _("陈述申辩"),
    "case.decide": _("案件决定"),
    "case.second": _("第二人决定"),
    "case.publish": _("决定公开"),
    "case.ask_review": _("申请复核"),
    "case.review": _("复核决定"),
    "inspection.round": _("抽查计划按期抽取"),
    "inspection.draw": _("公布随机数并抽取"),
    "inspection.notify": _("通知被检查单位"),
    "inspection.check": _("实施检查"),
    "inspection.publish": _("公开检查结果"),
    "inspection.fix": _("检查整改"),
    "inspection.recheck": _("整改复查"),
    "listing.notify": _("列入告知"),
    "listing.defence": _("列入前陈述申辩"),
    "listing.decide": _("列入决定"),
    "listing.ask_review": _("申请列入复核"),
    "listing.review_decide": _("列入复核"),
    "listing.receive": _("签收并反馈联合惩戒"),
    "clause.fix": _("修改或删除不清楚的条款"),
    "consultation.answer": _("答复征求到的意见"),
    "consultation.decide": _("通过或撤回草案"),
    "question.answer": _("答复提问（首问负责）"),
    "question.escalated": _("负责人再次答复提问"),
    "repair.check": _("修复申请审查"),
    "repair.supplement": _("修复申请补正"),
    "repair.review": _("信用修复审核"),
}


def label(kind: str) -> str:
    return str(KINDS.get(kind, kind))


# Rights of which one is reminded on the platform only: most of those who have them do not need them.
QUIET = ("rating.reply", "rating.file_appeal", "grade.object")
# Why a clock may stand still, by the codes of the rule set.
STOPS: dict[str, Promise] = {
    "waiting_for_other": _("等待对方提供资料"),
    "expert_opinion": _("专家评审或检验鉴定"),
    "suspended": _("依法暂停"),
    "room": _("办理单位依规暂停"),
}
LEVELS: dict[str, Promise] = {
    "head": _("科室负责人"),
    "leader": _("分管领导"),
    "office": _("市级主管机构"),
}


def limit_words(limit: Mapping[str, Any] | None) -> str:
    """ "5 个工作日", or "" for an end that was agreed."""
    return length(limit["n"], limit["unit"]) if limit else ""
