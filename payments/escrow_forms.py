"""What people fill in about escrow. The rules are in services; nothing typed is lost."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import RefusableForm
from core.money import Money, MoneyFormField
from payments.stripe_double.charging import APPROVED, DECLINED, DISPUTED, POOR, SECURE


def _reason(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=500, required=False, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReleaseForm(RefusableForm):
    refusal_fields = {"escrow.short": "amount"}

    amount = MoneyFormField(label=_("放款金额"), help_text=_("不超过本阶段尚未放款的金额，可以分次放款。"))


class GiveBackForm(RefusableForm):
    refusal_fields = {"escrow.short": "amount", "escrow.reason": "reason"}

    amount = MoneyFormField(label=_("退款金额"))
    reason = _reason(_("退款理由"), _("委托方会看到。"))


class StopForm(RefusableForm):
    refusal_fields = {"escrow.reason": "reason"}

    reason = _reason(_("争议理由"), _("写明事实和依据，对方和监管部门会看到。提出后资金立即冻结。"))


class ZeroMoneyField(MoneyFormField):
    """An amount that may be nothing at all."""

    def clean(self, value: Any) -> Any:
        if str(value or "").strip() in ("0", "0.0", "0.00"):
            return Money.of(0)
        return super().clean(value)


class SettlementForm(RefusableForm):
    refusal_fields = {"escrow.short": "to_supplier", "escrow.reason": "reason"}

    to_supplier = ZeroMoneyField(label=_("付给服务机构"), help_text=_("其余退回委托方；全部退回请填 0。"))
    reason = _reason(_("理由"))


class BankRefuseForm(RefusableForm):
    refusal_fields = {"escrow.reason": "reason"}

    reason = forms.CharField(label=_("没有收到的说明"), max_length=300, required=False)


class CardForm(forms.Form):
    """The demo's payment page."""

    CARDS = (
        (APPROVED, _("4242 4242 4242 4242 付款成功")),
        (SECURE, _("4000 0027 6000 3184 需要身份验证")),
        (POOR, _("4000 0000 0000 9995 余额不足")),
        (DECLINED, _("4000 0000 0000 0002 发卡行拒绝")),
        (DISPUTED, _("4000 0000 0000 0259 付款后持卡人提出争议")),
    )
    METHODS = {"card": _("银行卡"), "alipay": _("支付宝"), "wechat_pay": _("微信支付")}

    method = forms.ChoiceField(label=_("付款方式"), widget=forms.RadioSelect)
    number = forms.ChoiceField(label=_("演示卡号"), choices=CARDS, required=False)

    def __init__(self, data: Any = None, *, methods: list[str]) -> None:
        super().__init__(data, initial={"method": methods[0]})
        choices = [(one, self.METHODS[one]) for one in methods]
        self.fields["method"].choices = choices  # type: ignore[attr-defined]
