"""Forms of supervision."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from supervision.models import FlagVerdict


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(label=_("核查结论"), choices=FlagVerdict.Verdict.choices, widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=_("理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("看了什么、为什么这样认定。理由会随结论一直保留。"),
    )

    def refuse(self, refusal: Refusal) -> None:
        self.add_error(None, f"{refusal.sentence} {refusal.way_out}")


class AppealVerdictForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("决定"),
        choices=[("upheld", _("成立：不再计入")), ("rejected", _("不成立：照常计入"))],
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=_("理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("查明了什么、依据哪条规则。理由对所有人公开。"),
    )

    def refuse(self, refusal: Refusal) -> None:
        self.add_error(None, f"{refusal.sentence} {refusal.way_out}")
