"""The words for a department's money: stages, states of orders, cards."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from payments.rules import budget as rules

STAGES: dict[str, Promise] = {
    rules.FREE: _("可用"),
    rules.RESERVED: _("已预留"),
    rules.COMMITTED: _("已承诺"),
    rules.PAYABLE: _("应付"),
    rules.PAID: _("已支付"),
}
# What has to happen for money to be at a stage.
STAGE_NOTES: dict[str, Promise] = {
    rules.FREE: _("还可以用来发布新的需求"),
    rules.RESERVED: _("已发布的需求，等待中选机构确认"),
    rules.COMMITTED: _("机构已确认，等待验收成果"),
    rules.PAYABLE: _("成果已验收，等待支付"),
    rules.PAID: _("国库已支付给机构"),
}
ORDER_STATES: dict[str, Promise] = {
    rules.TO_CHECK: _("待复核"),
    rules.SENT_BACK: _("复核退回"),
    rules.CHECKED: _("待送国库"),
    rules.SENT: _("国库办理中"),
    rules.REJECTED: _("国库退回"),
    rules.PAID_OUT: _("已支付"),
    rules.WITHDRAWN: _("已撤回"),
}
ORDER_KINDS = {
    rules.TO_CHECK: "now",
    rules.SENT_BACK: "bad",
    rules.CHECKED: "now",
    rules.SENT: "neutral",
    rules.REJECTED: "bad",
    rules.PAID_OUT: "good",
    rules.WITHDRAWN: "ended",
}
CARDS: dict[str, Promise] = {rules.YELLOW: _("黄牌"), rules.RED: _("红牌")}
# What is wrong with a return file; {detail} is a row, a column or a number.
RETURN_FAULTS: dict[str, Promise] = {
    "large": _("文件超过 5 MB"),
    "encoding": _("文件不是 UTF-8 编码"),
    "empty": _("文件里没有结果"),
    "columns": _("缺少这些列：{detail}"),
    "csv": _("不是有效的 CSV（{detail}）"),
    "xml": _("不是有效的 XML（{detail}）"),
    "doctype": _("XML 里不能有 DOCTYPE 或实体"),
    "position": _("第 {detail} 行的序号不是数字"),
    "amount": _("第 {detail} 行的金额应是两位小数，例如 48500.00"),
    "result": _("第 {detail} 行的结果应是 PAID 或 REJECTED"),
    "reason": _("第 {detail} 行被退回，却没有写原因"),
    "twice": _("同一行出现了两次"),
    "batches": _("一个文件只能回复一个批次"),
    "unknown": _("没有批次 {detail}"),
    "line": _("第 {detail} 行与送出的支付令编号或金额不一致"),
    "told": _("第 {detail} 行此前已有不同的结果"),
}
# What happened to an order, by its audit trail.
ORDER_NEWS: dict[str, Promise] = {
    "made": _("制单"),
    "checked": _("复核通过"),
    "sent_back": _("复核退回"),
    "corrected": _("更正后重新制单"),
    "withdrawn": _("撤回"),
    "paid": _("国库已支付"),
    "rejected": _("国库退回"),
}
