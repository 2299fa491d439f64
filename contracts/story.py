"""The story of a contract for its parties: the lines of its audit chain in words."""

from typing import Any

from django.utils.translation import gettext as _

from contracts.models import Contract, Side
from core.models import AuditEntry

ICONS = {
    "drawn_up": "file-plus",
    "drafted": "pencil",
    "confirmed": "check",
    "sent_back": "arrow-back-up",
    "amendment_proposed": "pencil",
    "amendment_returned": "arrow-back-up",
    "amendment_withdrawn": "x",
    "amended": "signature",
    "termination_proposed": "alert-triangle",
    "termination_disputed": "scale",
    "termination_withdrawn": "x",
    "terminated": "ban",
    "filed": "file-check",
    "signed": "signature",
    "barred": "ban",
    "delivered": "upload",
    "accepted": "checks",
    "returned": "arrow-back-up",
    "completed": "flag",
    "rating_opened": "star",
    "rated": "star",
    "ratings_revealed": "eye",
    "replied": "message",
}


def story(contract: Contract) -> list[dict[str, Any]]:
    """What happened, newest first, as the timeline component takes it."""
    entries = AuditEntry.objects.filter(stream=f"contract:{contract.pk}").order_by("-seq")
    return [_event(entry) for entry in entries]


def _event(entry: AuditEntry) -> dict[str, Any]:
    kind = {
        "sent_back": "bad",
        "barred": "bad",
        "terminated": "bad",
        "filed": "good",
        "amendment_returned": "bad",
        "amended": "good",
        "returned": "bad",
        "signed": "good",
        "completed": "good",
    }.get(entry.action, "")
    return {
        "at": entry.at,
        "title": _title(entry),
        "text": entry.reason or "；".join(entry.data.get("defects", [])),
        "icon": ICONS.get(entry.action, "point"),
        "kind": kind,
    }


def _title(entry: AuditEntry) -> str:
    side = entry.data.get("side", "")
    values = {
        "side": Side(side).label if side in Side.values else "",
        "version": entry.data.get("version", ""),
        "milestone": entry.data.get("milestone", ""),
        "number": entry.data.get("number", ""),
    }
    return _sentences().get(entry.action, entry.action).format(**values)


def _sentences() -> dict[str, str]:
    return {
        "drawn_up": _("机构确认中选，生成合同草稿"),
        "drafted": _("{side}提出第 {version} 版合同"),
        "confirmed": _("{side}确认第 {version} 版合同"),
        "sent_back": _("{side}退回合同"),
        "amendment_proposed": _("{side}提出变更合同"),
        "amendment_returned": _("{side}退回变更申请"),
        "amendment_withdrawn": _("{side}撤回变更申请"),
        "amended": _("双方同意变更，合同进入第 {version} 版"),
        "termination_proposed": _("{side}提出解除合同"),
        "termination_agreed": _("{side}同意解除合同"),
        "termination_disputed": _("{side}对解除有异议"),
        "termination_silent": _("期满未答复，视为同意解除"),
        "termination_withdrawn": _("{side}撤回解除申请"),
        "terminated": _("合同解除"),
        "filed": _("合同已备案，编号 {number}"),
        "signed": _("合同签订，采用第 {version} 版"),
        "barred": _("服务机构受限，合同未能签订"),
        "delivered": _("提交第 {milestone} 阶段成果"),
        "accepted": _("第 {milestone} 阶段通过验收"),
        "returned": _("第 {milestone} 阶段成果退回整改"),
        "completed": _("全部成果通过验收，合同完成"),
        "rating_opened": _("互评窗口打开"),
        "rated": _("{side}已提交评价"),
        "ratings_revealed": _("双方评价公开"),
        "replied": _("被评价方已答复"),
    }
