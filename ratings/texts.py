"""Words of this room: what the five dimensions and their stars are called, and the sentence of every credit event."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ratings.rules.score import Why

DIMENSIONS = ("quality", "timeliness", "attitude", "fees", "compliance")
# The buyer rates the service; the agency rates the buyer. Same columns, each in words of its own.
LABELS: dict[str, dict[str, Promise]] = {
    "buyer": {
        "quality": _("服务质量"),
        "timeliness": _("服务时效"),
        "attitude": _("服务态度"),
        "fees": _("服务收费"),
        "compliance": _("服务规范"),
    },
    "supplier": {
        "quality": _("需求明确"),
        "timeliness": _("配合及时"),
        "attitude": _("沟通态度"),
        "fees": _("付款守信"),
        "compliance": _("流程规范"),
    },
}
HINTS: dict[str, dict[str, Promise]] = {
    "buyer": {
        "quality": _("成果是否真实、完整、可用"),
        "timeliness": _("是否按约定时间提交和整改"),
        "attitude": _("沟通是否耐心、回应是否及时"),
        "fees": _("是否按合同收费，没有额外要求"),
        "compliance": _("程序、资质和文本是否合规"),
    },
    "supplier": {
        "quality": _("需求和资料是否清楚、真实"),
        "timeliness": _("提供资料和验收是否及时"),
        "attitude": _("沟通是否尊重、顺畅"),
        "fees": _("是否按合同付款，没有压价"),
        "compliance": _("是否按平台流程办事"),
    },
}
NOT_GRADED = _("不评级")
STARS: dict[int, Promise] = {1: _("很差"), 2: _("较差"), 3: _("一般"), 4: _("较好"), 5: _("很好")}

KINDS: dict[str, tuple[Promise, Promise]] = {
    "award_won": (_("中选"), _("中选“{need}”，金额 {amount} 元。")),
    "award_declined": (_("放弃了中选"), _("放弃“{need}”的中选结果，理由：{reason}。")),
    "award_silent": (_("逾期未确认"), _("“{need}”中选后在期限内没有答复，视为放弃。")),
    "confirmed_late": (_("逾期确认"), _("“{need}”中选后超过期限才确认。")),
    "contract_signed": (_("合同签订"), _("“{need}”签订合同 {contract}。")),
    "milestone_on_time": (_("按期交付"), _("“{need}”的“{milestone}”按期提交并通过验收。")),
    "milestone_late": (_("逾期交付"), _("“{need}”的“{milestone}”逾期 {days} 个工作日提交。")),
    "deliverable_returned": (_("成果退回"), _("“{need}”的“{milestone}”被退回整改，问题 {defects} 条。")),
    "returned_again": (_("再次退回"), _("“{need}”第 {nth} 次被退回整改，涉及“{milestone}”。")),
    "contract_completed": (_("完成合同"), _("“{need}”全部成果通过验收。")),
    "rating_received": (_("收到评价"), _("委托方为“{need}”评价，五项平均 {average} 分。")),
    "rating_missed": (_("未获评价"), _("委托方没有在期限内评价“{need}”，不作为好评。")),
    "refused_contract": (_("拒签合同"), _("无正当理由拒绝签订“{need}”的合同。")),
    "quality_rejected": (_("质量问题"), _("审批部门因质量退回“{need}”的成果。")),
    "fee_complaint": (_("收费投诉属实"), _("“{need}”的收费投诉经核查属实。")),
    "service_complaint": (_("服务投诉属实"), _("“{need}”的服务投诉经核查属实。")),
    "licence_lapsed": (_("资质失效"), _("资质失效后仍参加“{need}”的选取。")),
    "malicious_complaint": (_("恶意投诉"), _("就“{need}”提出的投诉经核查为恶意投诉。")),
    "subcontracting": (_("转包或出借资质"), _("“{need}”存在转包或出借资质。")),
    "false_entry": (_("提供虚假材料"), _("入驻材料经核查不实。")),
    "collusion": (_("串通或弄虚作假"), _("“{need}”中存在串通或弄虚作假。")),
    "honour": (_("获得表彰"), _("受到表彰：{reason}。")),
    "stood_down": (_("成交前退出"), _("“{need}”轮到其中选时，已自行撤下这项服务。")),
    "approval_used": (_("成果用于审批"), _("“{need}”的成果用于审批 {approval}。")),
    "regulator_rating": (_("监管部门评价"), _("监管部门就“{need}”的成果评价，两项平均 {average} 分。")),
    "measure_reminder": (_("提醒"), _("处理决定 {case}：提醒。")),
    "measure_warning": (_("警告"), _("处理决定 {case}：警告。")),
    "measure_suspension": (_("暂停参加"), _("处理决定 {case}：暂停参加 {days} 天。")),
    "measure_removal": (_("清退"), _("处理决定 {case}：清退。")),
    "listing": (_("列入平台黑名单"), _("因{reason}列入平台黑名单（{case}）。")),
    "repair": (_("信用修复"), _("此前的一条记录已修复：{reason}。")),
    "correction": (_("更正"), _("更正此前的一条记录：{reason}。")),
}
WHY: dict[Why, Promise] = {
    Why.START: _("起始分"),
    Why.COUNTED: _("计入"),
    Why.NEUTRAL: _("只记录，不计分"),
    Why.CAPPED: _("超过当年加分上限，部分或全部不计"),
    Why.EXPIRED: _("已过计分期，不再计入"),
    Why.CORRECTED: _("已被更正，不计入"),
    Why.REPAIRED: _("已修复，不再计入"),
    Why.FLOOR: _("总分不低于零"),
}


def label(kind: str) -> str:
    return str(KINDS[kind][0]) if kind in KINDS else kind


def sentence(kind: str, summary: Mapping[str, Any]) -> str:
    """The event in the reader's language, filled with what was recorded."""
    said = {**summary, "reason": str(summary.get("reason") or "–").rstrip("。.")}  # the sentence brings its own stop
    return str(KINDS[kind][1]).format_map(_Blank(said)) if kind in KINDS else kind


class _Blank(dict[str, Any]):
    """A value an old row does not have reads as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"
