"""The period a page of the books is about: two dates in Beijing, both included; this year so far unless said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.workdays import LOCAL

FIRST = date(2000, 1, 1)
LAST = date(2100, 1, 1)


@dataclass(frozen=True)
class Period:
    """`first` and `last` day."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), LOCAL)

    @property
    def end(self) -> datetime:
        """The midnight after the last day: not included."""
        return datetime.combine(self.last + timedelta(days=1), time(), LOCAL)


class PeriodForm(forms.Form):
    """Two dates in the address; one that is missing is filled in, one that cannot be read is told."""

    first = forms.DateField(label=_("从"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("到"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, asked: Mapping[str, str]) -> None:
        today = clock.now().astimezone(LOCAL).date()
        self.usual = Period(today.replace(month=1, day=1), today)
        last = asked.get("last") or today.isoformat()
        super().__init__({"first": asked.get("first") or f"{last[:4]}-01-01", "last": last})

    def clean_first(self) -> date:
        return self._known("first")

    def clean_last(self) -> date:
        return self._known("last")

    def _known(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        if not FIRST <= day < LAST:
            raise forms.ValidationError(_("请填写 2000 年至 2099 年之间的日期。"))
        return day

    def clean(self) -> dict[str, object]:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and first > last:
            self.add_error("last", _("结束日期不能早于开始日期。"))
        return self.cleaned_data

    @property
    def period(self) -> Period:
        """What was asked for; where that cannot be read, this year so far."""
        return Period(**self.cleaned_data) if self.is_valid() else self.usual
