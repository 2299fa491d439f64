"""What stands where with an enterprise's money, in words: states, troubles, moments of its story."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from payments.models import Difference, ProviderCall, ProviderEvent, Reconciliation
from payments.rules.escrow import State

STATES: dict[State, tuple[Promise, str]] = {
    State.UNPAID: (_("待付款"), "now"),
    State.PAYING: (_("等待付款"), "now"),
    State.HELD: (_("已托管"), "good"),
    State.FROZEN: (_("争议冻结"), "bad"),
    State.MOVING: (_("划转中"), "now"),
    State.SETTLED: (_("已结清"), "ended"),
    State.CANCELLED: (_("已取消"), "ended"),
}
# The provider's codes people are likely to meet; every other is shown as it is.
DECLINES: dict[str, Promise] = {
    "generic_decline": _("发卡行拒绝了这张卡，请换一张卡或联系发卡行。"),
    "card_declined": _("发卡行拒绝了这张卡，请换一张卡或联系发卡行。"),
    "insufficient_funds": _("卡内余额不足，请换一张卡或其他付款方式。"),
    "payment_intent_authentication_failure": _("身份验证没有通过，请重新付款。"),
}
TROUBLES: dict[str, Promise] = {
    "connection": _("支付平台没有响应"),
    "http_500": _("支付平台内部错误"),
    "http_503": _("支付平台暂停服务"),
    "rate_limit": _("支付平台要求放慢"),
    "charge_disputed": _("付款已被银行收回"),
    "charge_already_refunded": _("这笔付款已经全部退回"),
    "balance_insufficient": _("支付平台余额不足"),
    "insufficient_capabilities_for_transfer": _("收款账户尚未开通"),
    "refund_failed": _("对方银行或钱包没有接收退款"),
    "idempotency_error": _("同一请求编号的内容不一致"),
}
CALL_KINDS = {
    ProviderCall.State.WAITING: "now",
    ProviderCall.State.BLOCKED: "now",
    ProviderCall.State.DONE: "good",
    ProviderCall.State.REFUSED: "bad",
    ProviderCall.State.STUCK: "bad",
}
EVENT_KINDS = {
    ProviderEvent.State.WAITING: "now",
    ProviderEvent.State.DONE: "good",
    ProviderEvent.State.IGNORED: "neutral",
    ProviderEvent.State.STUCK: "bad",
}
RECONCILED = {
    Reconciliation.State.AGREES: "good",
    Reconciliation.State.DIFFERS: "bad",
    Reconciliation.State.FAILED: "bad",
}
DIFFERENCES = {kind: kind.label for kind in Difference.Kind}
# The lines of an escrow's audit stream, told to its parties: title and icon.
STORY: dict[str, tuple[Promise, str]] = {
    "opened": (_("发起托管"), "file-text"),
    "payment_page": (_("打开支付页"), "external-link"),
    "funded": (_("付款到账，资金托管"), "shield-check"),
    "part_accepted": (_("成果已验收"), "checks"),
    "released": (_("决定放款"), "arrow-right"),
    "transferred": (_("已划到服务机构"), "circle-check"),
    "refund_decided": (_("决定退款"), "arrow-back-up"),
    "refunded": (_("已退回委托方"), "circle-check"),
    "refund_failed": (_("退款未被接收"), "alert-circle"),
    "surplus_returned": (_("重复付款原路退回"), "arrow-back-up"),
    "stopped": (_("提出争议，资金冻结"), "alert-circle"),
    "resumed": (_("撤回争议，恢复托管"), "check"),
    "settlement_proposed": (_("提出处理方案"), "message"),
    "settlement_accepted": (_("同意处理方案"), "check"),
    "settlement_declined": (_("没有同意处理方案"), "x"),
    "settlement_decided": (_("监管部门作出决定"), "gavel"),
    "bank_dispute": (_("付款人的银行收回款项调查"), "alert-circle"),
    "bank_dispute_won": (_("银行退还款项"), "check"),
    "bank_dispute_lost": (_("银行判定退给付款人"), "x"),
    "cancelled": (_("取消托管"), "x"),
    "call_retried": (_("运营人员重新提交"), "refresh"),
}


def decline(code: str) -> str:
    """Why a payment was declined, "" when it was not."""
    return str(DECLINES.get(code, _("付款没有成功（{code}），请重试。").format(code=code))) if code else ""


def trouble(code: str) -> str:
    return str(TROUBLES.get(code, code))
