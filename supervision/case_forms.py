"""Forms that begin something: a complaint, its follow-up, a case, a declared relation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.rules.credit_code import normalise
from core.errors import Refusal
from supervision import words
from supervision.acts import FILES_HINT, ManyFilesField
from supervision.list_words import FACTS
from supervision.models import ClauseAnswer


class Refusing(forms.Form):
    refused = 422

    @property
    def status(self) -> int:
        """Of the page that shows the form."""
        return self.refused if self.errors else 200

    def refuse(self, refusal: Refusal) -> None:
        self.refused = refusal.kind.status if refusal.kind.status == 429 else 422
        self.add_error(None, f"{refusal.sentence} {refusal.way_out}")


class ComplaintForm(Refusing):
    """What anyone may tell. Whom it is about is known from the page one came from."""

    official = forms.CharField(
        label=_("工作人员姓名或岗位"), max_length=60, required=False, help_text=_("只在投诉工作人员时填写。")
    )
    statement = forms.CharField(
        label=_("投诉内容"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8, "data-keep": True}),
        help_text=_("写明时间、地点、发生了什么、您希望怎样处理。"),
    )
    evidence = ManyFilesField(label=_("证据"), required=False, help_text=FILES_HINT)
    hidden = forms.BooleanField(
        label=_("对所有人隐去我的身份"),
        required=False,
        initial=True,
        help_text=_("您的联系方式加密保存，任何页面都不显示。内容和附件中请不要写能认出您的信息。"),
    )
    name = forms.CharField(label=_("怎么称呼您"), max_length=40, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    email = forms.EmailField(label=_("邮箱"), max_length=120, required=False)


class ObjectionForm(ComplaintForm):
    """An objection to what a newcomer published: first, to which facts."""

    facts = forms.MultipleChoiceField(
        label=_("哪一项公示信息不属实"), choices=list(FACTS.items()), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["statement"].label = _("异议内容")
        self.fields["statement"].help_text = _("写明哪里不属实、您怎样知道、有什么证据。")


class ClauseForm(ComplaintForm):
    """A clause somebody finds unclear or impossible: first, the words as they were published."""

    clause = forms.CharField(
        label=_("条款原文"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "data-keep": True}),
        help_text=_("从公布的页面复制。发布单位会立即看到这一条并限期处理，处理结果公开；您写的其他内容只给监管部门。"),
    )


class ClauseAnswerForm(Refusing):
    """What its publisher does about a clause."""

    outcome = forms.ChoiceField(label=_("怎样处理"), choices=ClauseAnswer.Outcome.choices, widget=forms.RadioSelect)
    new_text = forms.CharField(
        label=_("修改后的条款"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-keep": True}),
        help_text=_("只在修改时填写。"),
    )
    reasons = forms.CharField(
        label=_("说明"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "data-keep": True}),
        help_text=_("改了什么，或为什么保留。与原文一起公开，公开后不能改。"),
    )


class AboutForm(Refusing):
    """For those who came without saying what about."""

    where = forms.CharField(
        label=_("页面地址、需求编号或统一社会信用代码"),
        max_length=300,
        help_text=_("例如 /needs/12/、XQ-2026-000012，或机构的 18 位信用代码。"),
    )


class FollowUpForm(Refusing):
    number = forms.CharField(label=_("受理编号"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    secret = forms.CharField(label=_("查询码"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class CaseForm(Refusing):
    credit_code = forms.CharField(label=_("当事单位的统一社会信用代码"), max_length=18)
    ground = forms.ChoiceField(label=_("情形（裁量基准）"), choices=list(words.GROUNDS.items()))
    facts = forms.CharField(
        label=_("事实"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6, "data-keep": True})
    )

    def clean_credit_code(self) -> str:
        return normalise(self.cleaned_data["credit_code"])


class RelationForm(Refusing):
    credit_code = forms.CharField(label=_("有关联的单位（统一社会信用代码）"), max_length=18)
    ground = forms.CharField(label=_("关联情况"), max_length=300, help_text=_("例如：近亲属在该单位任职。"))

    def clean_credit_code(self) -> str:
        return normalise(self.cleaned_data["credit_code"])
