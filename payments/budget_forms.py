"""Forms of a department's finance office."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.money import MoneyFormField
from payments.models import BudgetLine, PaymentOrder
from payments.services.lines import this_year
from payments.services.orders import PayTo


class LineForm(forms.Form):
    year = forms.TypedChoiceField(label=_("预算年度"), coerce=int)
    code = forms.CharField(label=_("指标编码"), max_length=30, help_text=_("与预算批复一致，例如 2010301-01。"))
    name = forms.CharField(label=_("指标名称"), max_length=100)
    amount = MoneyFormField(label=_("下达金额"))
    document = forms.CharField(label=_("批复文号"), max_length=80, help_text=_("例如：廊财预〔2026〕18 号。"))
    reason = forms.CharField(label=_("说明"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = this_year()
        self.fields["year"].choices = [(year, year) for year in (now, now + 1)]  # type: ignore[attr-defined]


class AdjustForm(forms.Form):
    adds = forms.TypedChoiceField(
        label=_("调整方向"),
        coerce=lambda value: value == "1",
        choices=[("1", _("追加")), ("0", _("调减"))],
        widget=forms.RadioSelect,
        initial="1",
    )
    amount = MoneyFormField(label=_("金额"))
    document = forms.CharField(label=_("调整文号"), max_length=80)
    reason = forms.CharField(label=_("事由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class YearEndForm(forms.Form):
    line = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=_("决定"), choices=[("carry", _("结转本年")), ("lapse", _("收回"))], widget=forms.RadioSelect
    )
    document = forms.CharField(label=_("文号"), max_length=80)
    reason = forms.CharField(label=_("理由"), max_length=300, required=False)

    def __init__(self, *args: Any, line: BudgetLine, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"line": line.pk, "decision": "carry"}, **kwargs})


class AccountForm(forms.Form):
    holder = forms.CharField(label=_("收款户名"), max_length=120)
    bank = forms.CharField(
        label=_("开户银行"), max_length=120, help_text=_("写到支行，例如：中国建设银行廊坊广阳支行。")
    )
    number = forms.CharField(
        label=_("收款账号"),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    @property
    def to(self) -> PayTo:
        given = self.cleaned_data
        return PayTo(given["holder"], given["bank"], given["number"])


class OrderForm(AccountForm):
    purpose = forms.CharField(label=_("用途"), max_length=120, help_text=_("会写进国库文件。"))

    @staticmethod
    def start(order: PaymentOrder) -> dict[str, Any]:
        return {
            "holder": order.holder,
            "bank": order.bank,
            "number": order.account_number,
            "purpose": order.purpose,
        }


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class ReturnForm(forms.Form):
    file = forms.FileField(label=_("国库回执文件"), help_text=_("国库返回的 CSV 或 XML 原文件。"))
