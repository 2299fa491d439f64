"""Rating the other side: five questions with stars that have words, and a text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import RefusableForm
from ratings.models import ApprovalUse, Rating
from ratings.texts import DIMENSIONS, HINTS, LABELS, STARS

CHOICES = [(str(stars), STARS[stars]) for stars in sorted(STARS)]


class RatingForm(RefusableForm):
    """`side`: who rates. Fields are named as texts.DIMENSIONS, plus `text`."""

    refusal_fields = {"rating.text_long": "text"}

    text = forms.CharField(
        label=_("评价内容"),
        required=False,
        max_length=5000,
        help_text=_("写下具体的事实，对其他人最有帮助。请不要写个人信息。"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, data: Any = None, *, side: str, rating: Rating | None = None) -> None:
        super().__init__(data, initial=_initial(rating))
        for name in DIMENSIONS:
            self.fields[name] = forms.ChoiceField(
                label=str(LABELS[side][name]),
                help_text=str(HINTS[side][name]),
                choices=CHOICES,
                widget=forms.RadioSelect,
                error_messages={"required": _("请选择 1 至 5 分。"), "invalid_choice": _("请选择 1 至 5 分。")},
            )

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[name] for name in DIMENSIONS]

    def scores(self) -> dict[str, int]:
        return {name: int(self.cleaned_data[name]) for name in DIMENSIONS}


class ReplyForm(forms.Form):
    reply = forms.CharField(
        label=_("答复"),
        required=False,
        max_length=1000,
        help_text=_("答复一次，随评价一并公开。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AppealForm(RefusableForm):
    """What somebody has against a rating or a row, with a file that shows it."""

    grounds = forms.CharField(
        label=_("理由"),
        max_length=2000,
        help_text=_("写明哪里与事实不符、依据是什么。对方和决定人会看到。"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    evidence = forms.FileField(label=_("证明材料"), required=False, help_text=_("可选，一个文件，不超过 20 MB。"))


class StatementForm(RefusableForm):
    text = forms.CharField(
        label=_("您的说明"),
        max_length=2000,
        help_text=_("只说明一次，申诉人和决定人会看到。"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class UseForm(RefusableForm):
    """A result used in an approval."""

    contract_number = forms.CharField(label=_("合同编号"), max_length=30, help_text=_("合同首页上的编号。"))
    approval_number = forms.CharField(label=_("审批文号"), max_length=80)
    outcome = forms.ChoiceField(
        label=_("使用结果"), choices=ApprovalUse.Outcome.choices, initial="accepted", widget=forms.RadioSelect
    )
    reasons = forms.CharField(
        label=_("情况说明"),
        required=False,
        max_length=1000,
        help_text=_("因质量退回时必填，会公开。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    legal_basis = forms.CharField(
        label=_("依据"), required=False, max_length=300, help_text=_("因质量退回时必填：所依据的规定和条款。")
    )


class QualityAnswerForm(RefusableForm):
    """What the agency says to a report of bad quality."""

    text = forms.CharField(
        label=_("陈述申辩"),
        max_length=2000,
        help_text=_("只陈述一次，登记单位和决定人会看到。"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    evidence = forms.FileField(label=_("证明材料"), required=False, help_text=_("可选，一个文件，不超过 20 MB。"))


class QualityVerdictForm(RefusableForm):
    outcome = forms.ChoiceField(
        label=_("决定"),
        choices=[("confirmed", _("确认：公开并计分")), ("dropped", _("撤销：不公开，不扣分"))],
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=_("理由"),
        max_length=2000,
        help_text=_("查明了什么、依据哪条规定。确认的，理由对所有人公开。"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class RegulatorForm(RefusableForm):
    """A regulator's marks of a result."""

    quality = forms.ChoiceField(
        label=_("成果质量"),
        help_text=_("内容是否真实、完整，结论是否站得住"),
        choices=CHOICES,
        widget=forms.RadioSelect,
    )
    compliance = forms.ChoiceField(
        label=_("程序合规"), help_text=_("程序、资质和签章是否合规"), choices=CHOICES, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("评价理由"), max_length=1000, help_text=_("会公开。"), widget=forms.Textarea(attrs={"rows": 4})
    )

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self["quality"], self["compliance"]]


def _initial(rating: Rating | None) -> dict[str, str]:
    if rating is None:
        return {}
    return {"text": rating.text, **{name: str(getattr(rating, name)) for name in DIMENSIONS}}
