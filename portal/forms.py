"""Forms of the operator's desk: a new rule-set version, a day, an announced year."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.workdays import LOCAL
from marketplace.models import ServiceItem
from portal.rules import announced_days
from supervision.parameter_forms import ParameterForm

LINE_FAULTS = {
    "form": _("第 {number} 行看不懂。请写成“2027-02-06 休 春节”，调休上班写“班”。"),
    "date": _("第 {number} 行的日期不存在。"),
    "year": _("第 {number} 行不在 {year} 年。"),
    "twice": _("第 {number} 行的日期重复了。"),
}


class RuleSetForm(ParameterForm):
    """A version that cannot wait for a consultation, with the date it starts to hold."""

    effective_from = forms.DateTimeField(
        label=_("生效时间"),
        help_text=_("北京时间，必须晚于现在。此前作出的决定仍按当时的版本。"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    note = forms.CharField(
        label=_("为什么来不及征求意见"),
        max_length=500,
        help_text=_("写明依据和紧急的理由，在“规则征求意见”栏公布。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    draft = forms.BooleanField(label=_("标为“待确认”"), required=False)

    def clean_effective_from(self) -> datetime:
        value: datetime = self.cleaned_data["effective_from"]
        return value if value.tzinfo else value.replace(tzinfo=LOCAL)


ITEM_FIELDS = (
    "name_zh",
    "name_en",
    "approval_zh",
    "payer",
    "self_service_allowed",
    "legal_basis_zh",
    "legal_basis_confirmed",
    "licence_kind",
    "licence_en",
    "licence_basis_zh",
    "licence_confirmed",
)


class ItemForm(forms.Form):
    """The next version of a catalogue item."""

    name_zh = forms.CharField(label=_("名称"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=160)
    approval_zh = forms.CharField(label=_("对应的审批事项"), max_length=120)
    payer = forms.ChoiceField(label=_("付费方"), choices=ServiceItem.Payer.choices)
    self_service_allowed = forms.BooleanField(label=_("申请人可以自行编制"), required=False)
    legal_basis_zh = forms.CharField(label=_("设定依据"), max_length=200, required=False)
    legal_basis_confirmed = forms.BooleanField(label=_("设定依据已核实"), required=False)
    licence_kind = forms.CharField(
        label=_("法律要求的资质"), max_length=60, required=False, help_text=_("法律没有要求的留空，平台不得自设门槛。")
    )
    licence_en = forms.CharField(label=_("资质英文名称"), max_length=120, required=False)
    licence_basis_zh = forms.CharField(label=_("资质要求的依据"), max_length=200, required=False)
    licence_confirmed = forms.BooleanField(label=_("资质要求已核实"), required=False)
    effective_from = forms.DateTimeField(
        label=_("生效时间"),
        required=False,
        help_text=_("北京时间；留空为立即生效。"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, item: ServiceItem, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(item, name) for name in ITEM_FIELDS})
        super().__init__(*args, **kwargs)
        self.item = item

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.changes():
            raise ValidationError(_("没有任何改动。"), code="same")
        return cleaned

    def changes(self) -> dict[str, Any]:
        """The fields whose value differs from the version in force."""
        new = {name: self.cleaned_data[name] for name in ITEM_FIELDS}
        return {name: value for name, value in new.items() if value != getattr(self.item, name)}


class CancelItemForm(forms.Form):
    """Why an item is cancelled; everybody reads it."""

    reason = forms.CharField(label=_("取消理由和依据"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class DayForm(forms.Form):
    """One coming day that differs from the plain week."""

    date = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    mark = forms.ChoiceField(
        label=_("标记为"), choices=[("off", _("休息")), ("on", _("上班")), ("plain", _("按普通星期"))]
    )
    name = forms.CharField(label=_("名称"), max_length=60, required=False)
    official = forms.BooleanField(label=_("国务院已公布"), required=False)


class YearForm(forms.Form):
    """A year's announced days, one a line."""

    days = forms.CharField(
        label=_("放假与调休"),
        help_text=_("每行一天，例如“2027-02-06 休 春节”；调休上班写“班”。"),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_days(self) -> list[announced_days.Line]:
        try:
            return announced_days.read(self.cleaned_data["days"], self.year)
        except announced_days.BadLine as fault:
            text = LINE_FAULTS[fault.kind].format(number=fault.number, year=self.year)
            raise ValidationError(text, code=fault.kind) from fault


def year_as_text(days: list[tuple[date, bool, str]]) -> str:
    """A year's days as the form reads them."""
    return "\n".join(f"{day:%Y-%m-%d} {'班' if working else '休'} {name}".rstrip() for day, working, name in days)
