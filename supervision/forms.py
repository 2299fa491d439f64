"""Forms of supervision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from supervision.models import FlagVerdict


class GrownCaseForm(forms.Form):
    """A case on one of those a flag, a card or a rating concerns."""

    subject = forms.TypedChoiceField(label=_("对谁立案"), coerce=int, widget=forms.RadioSelect)
    ground = forms.ChoiceField(label=_("事由"), help_text=_("取自公布的裁量基准。"))
    facts = forms.CharField(
        label=_("认定的事实"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4, "data-keep": ""})
    )

    def __init__(
        self, *args: Any, subjects: list[tuple[int, str]], grounds: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = subjects  # type: ignore[attr-defined]
        self.fields["ground"].choices = grounds  # type: ignore[attr-defined]

    def refuse(self, refusal: Refusal) -> None:
        self.add_error(None, f"{refusal.sentence} {refusal.way_out}")


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

    def __init__(self, data: Any = None, *, of_grade: bool = False) -> None:
        """`of_grade`: an objection to a yearly grade, which is computed anew or stays."""
        super().__init__(data)
        if of_grade:
            anew, kept = _("成立：按更正后的档案重新计算"), _("不成立：维持原结果")
            self.fields["outcome"].choices = [("upheld", anew), ("rejected", kept)]  # type: ignore[attr-defined]

    def refuse(self, refusal: Refusal) -> None:
        self.add_error(None, f"{refusal.sentence} {refusal.way_out}")
