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
}
