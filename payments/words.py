"""The words for kinds of account, as people read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Promise] = {
    "budget_granted": _("预算指标"),
    "budget_free": _("可用预算"),
    "budget_reserved": _("已预留预算"),
    "budget_committed": _("已承诺预算"),
    "budget_payable": _("应付预算"),
    "budget_paid": _("已支付预算"),
    "provider_cash": _("支付平台存款"),
    "provider_fees": _("支付通道费用"),
    "escrow_held": _("托管资金"),
    "escrow_frozen": _("争议冻结资金"),
    "agency_due": _("应付服务机构款"),
    "platform_fee": _("平台服务费"),
    "refund_due": _("应退委托方款"),
    "charge_disputed": _("银行争议扣款"),
    "dispute_losses": _("争议损失"),
    "bank_sent": _("银行转账付款"),
    "bank_received": _("银行转账收款"),
}

# What made money move. Every cause that is posted has its words here.
CAUSES: dict[str, Promise] = {
    "budget.granted": _("年初下达"),
    "budget.increased": _("预算追加"),
    "budget.decreased": _("预算调减"),
    "budget.carried_over": _("结转下年"),
    "budget.lapsed": _("结余收回"),
    "need.published": _("需求发布，预留"),
    "award.confirmed": _("机构确认中选，承诺"),
    "award.withdrawn": _("中选未能成立，恢复预留"),
    "contract.amended": _("合同变更，调整承诺"),
    "result.accepted": _("成果验收，应付"),
    "need.released": _("释放预留"),
    "treasury.paid": _("国库支付"),
    "escrow.funded": _("托管到账"),
    "escrow.surplus": _("重复付款"),
    "escrow.provider_fee": _("支付通道费用"),
    "escrow.released": _("决定放款"),
    "escrow.transferred": _("放款完成"),
    "escrow.refund": _("决定退款"),
    "escrow.refunded": _("退款完成"),
    "escrow.refund_failed": _("退款未被接收"),
    "escrow.frozen": _("争议冻结"),
    "escrow.thawed": _("解除冻结"),
    "escrow.dispute_withdrawn": _("银行争议扣款"),
    "escrow.dispute_reinstated": _("银行争议退还"),
    "escrow.dispute_lost": _("银行争议败诉"),
    "bank.confirmed": _("银行转账确认"),
}
# What the first word of a reference names, and where its page is.
REFERENCES: dict[str, Promise] = {
    "need": _("需求"),
    "contract": _("合同"),
    "milestone": _("合同阶段"),
    "line": _("预算指标"),
    "escrow": _("资金托管"),
}
PAGES = {
    "need": "/needs/{id}/",
    "contract": "/contracts/{id}/",
    "line": "/money/budget/{id}/",
    "escrow": "/money/escrows/{id}/",
}


def cause(code: str) -> str:
    return str(CAUSES.get(code, code))


def reference(text: str) -> str:
    """ "contract:5" as people read it: "合同 5"."""
    kind, _colon, number = text.partition(":")
    return f"{REFERENCES[kind]} {number}" if kind in REFERENCES else text


def page(text: str, *, department: bool) -> str:
    """The address of what a reference names, "" when it has no page of its own, or none that opens for this reader:
    a budget line is its department's.
    """
    kind, _colon, number = text.partition(":")
    closed = kind == "line" and not department
    return PAGES[kind].format(id=number) if kind in PAGES and not closed else ""
