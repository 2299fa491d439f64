"""Words for what rules store as codes."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TRACES: dict[str, Promise] = {"person": _("成员"), "phone": _("电话"), "address": _("地址")}


def evidence(stored: Mapping[str, str]) -> dict[str, str]:
    """Evidence as people read it: figures stay, kinds of traces get their names."""
    return {key: _kinds(value) if key == "kinds" else value for key, value in stored.items()}


def _kinds(codes: str) -> str:
    return " / ".join(str(TRACES.get(code, code)) for code in codes.split(","))


GROUNDS: dict[str, Promise] = {
    "late_step": _("逾期未办理"),
    "late_delivery": _("逾期提交成果"),
    "service_complaint": _("服务投诉属实"),
    "service_complaint_third": _("十二个月内第三次服务投诉属实"),
    "fee_complaint": _("收费投诉属实"),
    "malicious_complaint": _("恶意投诉"),
    "points_lost": _("累计扣满 5 分"),
    "low_score": _("信用分低于 80 分"),
    "lowest_score": _("信用分低于 70 分"),
    "refused_contract": _("无正当理由拒签合同"),
    "quality_rejected": _("成果因质量问题被审批部门退回"),
    "licence_lapsed": _("资质失效后仍参与竞价"),
    "inspection_failed": _("抽查发现问题"),
    "subcontracting": _("转包或出借资质"),
    "false_entry": _("提供虚假入驻信息"),
    "collusion": _("串通、行贿或出具虚假报告"),
    "false_praise": _("虚假评价"),
    "wrong_procedure": _("违反采购或办理程序"),
}
SEVERITIES: dict[str, Promise] = {"minor": _("轻微"), "general": pgettext_lazy("轻重", "一般"), "serious": _("严重")}
CASE_EVENTS: dict[str, Promise] = {
    "opened": _("立案"),
    "noticed": _("告知拟处理的事实、理由、依据和权利"),
    "defended": _("当事人陈述申辩"),
    "waived": _("当事人放弃陈述申辩"),
    "dropped": _("决定不予处理"),
    "proposed": _("提出处理建议"),
    "sent_back": _("退回建议"),
    "decided": _("作出决定"),
    "published": _("公布决定"),
    "enforced": _("开始执行"),
    "review_asked": _("当事人申请复核，暂停执行"),
    "review_decided": _("复核结论"),
    "ended": _("期满结束"),
    "lifted": _("信用修复，提前解除"),
    "restored": _("违背修复承诺，恢复执行"),
    "corrected": _("更正说明"),
}
REVIEW_OUTCOMES: dict[str, Promise] = {"upheld": _("维持"), "changed": _("减轻"), "revoked": _("撤销")}
COMPLAINT_STATES: dict[str, Promise] = {
    "filed": _("已提交，等待受理"),
    "incomplete": _("等待补正"),
    "rejected": _("不予受理"),
    "transferred": _("已移送"),
    "accepted": _("已受理，等待通知对方"),
    "investigating": _("调查中"),
    "paused": _("鉴定或检测中，期限暂停"),
    "decided": _("已答复"),
    "review": _("复核中"),
    "closed": _("复核完毕"),
    "withdrawn": _("已撤回"),
}
COMPLAINT_EVENTS: dict[str, Promise] = {
    "filed": _("提交投诉"),
    "missing_asked": _("一次性告知需要补充的内容"),
    "completed": _("补充材料"),
    "lapsed": _("逾期未补正，视为撤回"),
    "passed": _("转给另一监管部门办理"),
    "taken": _("工作人员承办"),
    "accepted": _("受理"),
    "rejected": _("不予受理"),
    "transferred": _("移送有权处理的机关"),
    "notified": _("通知被投诉方"),
    "replied": _("被投诉方答复"),
    "suspended": _("暂停需求"),
    "resumed": _("恢复需求"),
    "pause_asked": _("申请送鉴定或检测，暂停期限"),
    "pause_agreed": _("另一位工作人员同意，期限暂停"),
    "pause_refused": _("期限不暂停"),
    "paused": _("送鉴定或检测，期限暂停"),
    "continued": _("鉴定或检测结束，期限继续"),
    "evidence": _("补充证据"),
    "decided": _("作出处理答复"),
    "withdrawn": _("撤回投诉"),
    "review_asked": _("申请复核"),
    "review_decided": _("复核结论"),
    "malicious": _("认定为恶意投诉"),
    "case_opened": _("立案处理"),
    "complainant_case": _("对恶意投诉立案"),
    "mended": _("机构说明已改正"),
}
OUTCOMES: dict[str, Promise] = {
    "upheld": _("属实"),
    "partly": _("部分属实"),
    "dismissed": _("不属实"),
    "kept": _("维持原答复"),
    "reopened": _("予以受理"),
}


def ground(code: str) -> str | Promise:
    """A ground of the published scale in words; one nobody has worded yet, by its code."""
    return GROUNDS.get(code, code)


# Where a consultation stands, and how its state is drawn (components/state.html).
CONSULTATION_STAGES: dict[str, Promise] = {
    "open": _("征求意见中"),
    "closed": _("意见办理中"),
    "adopted": _("已通过"),
    "withdrawn": _("已撤回"),
}
STAGE_KINDS = {"open": "now", "closed": "neutral", "adopted": "good", "withdrawn": "ended"}
# What happened to a question: title, icon and kind of its line.
QUESTION_EVENTS: Mapping[str, tuple[Promise, str, str]] = {
    "asked": (_("提出问题"), "message-question", ""),
    "passed": (_("转办"), "switch-horizontal", ""),
    "answered": (_("作出答复"), "message-reply", "good"),
    "satisfied": (_("提问人表示满意"), "circle-check", "good"),
    "unsatisfied": (_("提问人不满意，转由负责人答复"), "arrow-up", "bad"),
    "answered_again": (_("负责人再次答复"), "message-reply", "good"),
}
