"""Forms of the competition."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from core.money import MoneyFormField


class AgencyChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} · {obj.grade}" if obj.grade else str(obj)


class ChoiceForm(forms.Form):
    """A private buyer names an agency, an amount and why."""

    agency = AgencyChoice(queryset=Agency.objects.none(), label=_("机构"), empty_label=_("请选择"))
    amount = MoneyFormField(label=_("金额（元）"))
    reason = forms.CharField(
        label=_("选择理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("随中选公告公开。")
    )
