"""The parameters of a rule set as a form: a field for each, checked by the type of its value."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.parameters import UNITS, BadValue, Row, flatten, parse, rebuild
from marketplace.wording import UNITS as UNIT_WORDS

FAULTS = {
    "whole": _("请填写不小于 0 的整数。"),
    "number": _("请填写不小于 0 的数，最多六位小数。"),
    "unit": _("请选择时间单位。"),
    "list": _("请填写与原值同类的 JSON。"),
    "text": _("请填写 1 到 2000 个字。"),
}


class ParameterForm(forms.Form):
    """The rows of a version, each editable; `cleaned_data["parameters"]` are those of the next one."""

    def __init__(self, *args: Any, parameters: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = flatten(parameters)
        for index, row in enumerate(self.rows):
            self.fields[f"row-{index}"] = _field(row)

    def parameter_fields(self) -> list[tuple[forms.BoundField, Row]]:
        return [(self[f"row-{index}"], row) for index, row in enumerate(self.rows)]

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
    return forms.CharField(label=row.path, initial=row.text, widget=widget, max_length=4000)
