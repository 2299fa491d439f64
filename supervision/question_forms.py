"""Forms of questions: asking, opening one's own with the receipt, answering, passing on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from supervision.case_forms import Refusing
from supervision.models import Question
from supervision.selectors import questions as seen

WORDS = {"rows": 5, "data-keep": True}


class QuestionForm(Refusing):
    office = forms.TypedChoiceField(label=_("向谁提问"), coerce=int, help_text=_("不知道问谁，就问平台运营机构。"))
    title = forms.CharField(label=_("一句话说明问题"), max_length=120)
    text = forms.CharField(label=_("您的问题"), max_length=2000, widget=forms.Textarea(attrs=WORDS))
    public = forms.BooleanField(
        label=_("同意公开问题和答复"),
        required=False,
        initial=True,
        help_text=_("不公开您是谁；写在问题里的电话、邮箱、证件号公开时自动隐去。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [(row.pk, row.name) for row in seen.offices()]  # type: ignore[attr-defined]
        self.fields["office"].initial = seen.operator_id()


class ReceiptForm(Refusing):
    number = forms.CharField(label=_("提问编号"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    secret = forms.CharField(label=_("查询码"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class SaidForm(Refusing):
    """What an asker who is not satisfied says, or an officer answers."""

    text = forms.CharField(max_length=4000, widget=forms.Textarea(attrs=WORDS))

    def __init__(self, *args: Any, label: Any, hint: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label, self.fields["text"].help_text = label, hint


class PassForm(Refusing):
    """To a colleague, or to another office: "user:7", "office:3"."""

    taker = forms.ChoiceField(label=_("转给谁"))
    text = forms.CharField(
        label=_("转办理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "data-keep": True})
    )

    def __init__(self, *args: Any, question: Question, org_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = accounts.members(org_id).exclude(user=question.officer_id)
        own = [(f"user:{one.user_id}", str(one.user)) for one in members]
        others = [(f"office:{row.pk}", row.name) for row in seen.offices() if row.pk != org_id]
        self.fields["taker"].choices = [(_("本单位"), own), (_("其他单位"), others)]  # type: ignore[attr-defined]

    @property
    def given_to(self) -> dict[str, int]:
        """As services.questions.pass_on takes it."""
        kind, _colon, number = self.cleaned_data["taker"].partition(":")
        return {f"{kind}_id": int(number)}
