"""Forms of consultations: a draft of parameters or of a text, an opinion, an answer, adopting, withdrawing."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.workdays import LOCAL
from supervision.case_forms import Refusing
from supervision.models import Consultation, OpinionAnswer
from supervision.parameter_forms import ParameterForm
from supervision.services.consultations import Draft


class DraftForm(Refusing):
    """What every draft says of itself."""

    title = forms.CharField(label=_("标题"), max_length=120)
    reasons = forms.CharField(
        label=_("起草说明"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "data-keep": True}),
        help_text=_("为什么改、依据什么、影响谁。所有人可见。"),
    )
    days = forms.IntegerField(label=_("征求意见多少天"), min_value=1, max_value=180)

    def __init__(self, *args: Any, least: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].initial = least
        self.fields["days"].help_text = _("自然日，不少于 {least} 天；发布后不能缩短。").format(least=least)

    @property
    def draft(self) -> Draft:
        data = self.cleaned_data
        return Draft(data["title"], data["reasons"], data["days"])


class ParametersDraftForm(ParameterForm, DraftForm):
    """The next version of a rule set."""


class TextDraftForm(DraftForm):
    """A rule in words, new or in the place of one that holds."""

    text = forms.CharField(
        label=_("草案文本"),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 12, "data-keep": True}),
        help_text=_("每段一行。修改现行规则的，与现行文本的差别会自动列出。"),
    )


class OpinionForm(Refusing):
    text = forms.CharField(
        label=_("意见内容"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "data-keep": True}),
        help_text=_("无需登录。姓名和账号不记录；写在意见里的电话、邮箱、证件号公开时自动隐去。"),
    )
    named = forms.BooleanField(label=_("以本单位名义发表，公开单位名称"), required=False)

    def __init__(self, *args: Any, organisation: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not organisation:
            del self.fields["named"]


class AnswerForm(Refusing):
    outcome = forms.ChoiceField(label=_("是否采纳"), choices=OpinionAnswer.Outcome.choices, widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=_("理由"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "data-keep": True}),
        help_text=_("与意见一起公开，公开后不能改。"),
    )


class AdoptForm(Refusing):
    starts_on = forms.DateField(
        label=_("自哪天起生效"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("当日零时起，须晚于今天。已经作出的决定和已经开始的程序仍按原来的版本。"),
    )

    @property
    def starts_at(self) -> datetime:
        day: date = self.cleaned_data["starts_on"]
        return datetime.combine(day, time(), LOCAL)


class WithdrawForm(Refusing):
    reasons = forms.CharField(
        label=_("撤回理由"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "data-keep": True}),
        help_text=_("公开。撤回后不能恢复，要再改请提出新的草案。"),
    )


def text_form(data: Any, replaced: Consultation | None, least: int) -> TextDraftForm:
    """Begins with what holds now, where the draft is to replace it."""
    first = {"title": replaced.title, "text": replaced.text} if replaced else {}
    return TextDraftForm(data, least=least, initial=first)
