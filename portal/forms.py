"""Forms of the operator's desk: a new rule-set version, a day, an announced year."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.workdays import LOCAL
from marketplace.wording import UNITS as UNIT_WORDS
from portal.rules import announced_days
from portal.rules.parameters import UNITS, BadValue, Row, flatten, parse, rebuild

FAULTS = {
    "whole": _("请填写不小于 0 的整数。"),
    "number": _("请填写不小于 0 的数，最多六位小数。"),
    "unit": _("请选择时间单位。"),
    "list": _("请填写与原值同类的 JSON。"),
    "text": _("请填写 1 到 2000 个字。"),
}
LINE_FAULTS = {
    "form": _("第 {number} 行看不懂。请写成“2027-02-06 休 春节”，调休上班写“班”。"),
    "date": _("第 {number} 行的日期不存在。"),
    "year": _("第 {number} 行不在 {year} 年。"),
    "twice": _("第 {number} 行的日期重复了。"),
}


class RuleSetForm(forms.Form):
    """The rows of the last version, each editable, with the date the new version starts to hold."""

    effective_from = forms.DateTimeField(
        label=_("生效时间"),
        help_text=_("北京时间，必须晚于现在。此前作出的决定仍按当时的版本。"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    note = forms.CharField(
        label=_("修改说明"),
        max_length=500,
        help_text=_("写明依据和理由，公开可查。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    draft = forms.BooleanField(label=_("标为“待确认”"), required=False)

    def __init__(self, *args: Any, parameters: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = flatten(parameters)
        for index, row in enumerate(self.rows):
            self.fields[f"row-{index}"] = _field(row)

    def parameter_fields(self) -> list[forms.BoundField]:
        return [self[f"row-{index}"] for index in range(len(self.rows))]

    def clean_effective_from(self) -> datetime:
        value: datetime = self.cleaned_data["effective_from"]
        return value if value.tzinfo else value.replace(tzinfo=LOCAL)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        new = [self._new_row(index, row) for index, row in enumerate(self.rows)]
        cleaned["parameters"] = rebuild(new)
        return cleaned

    def _new_row(self, index: int, row: Row) -> Row:
        typed = self.cleaned_data.get(f"row-{index}")
        try:
            return row if typed is None else Row(row.path, parse(row, typed))
        except BadValue as fault:
            self.add_error(f"row-{index}", ValidationError(FAULTS[fault.kind], code=fault.kind))
            return row


def _field(row: Row) -> forms.Field:
    choices: dict[str, list[tuple[str, Any]]] = {
        "switch": [("true", _("是")), ("false", _("否"))],
        "unit": [(u, UNIT_WORDS[u]) for u in UNITS],
    }
    if row.kind in choices:
        return forms.ChoiceField(label=row.path, initial=row.text, choices=choices[row.kind])
    widget = forms.Textarea(attrs={"rows": 2}) if len(row.text) > 60 else forms.TextInput()
    if row.kind in ("whole", "number"):
        widget.attrs["inputmode"] = "decimal"
    return forms.CharField(label=row.path, initial=row.text, widget=widget)


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
