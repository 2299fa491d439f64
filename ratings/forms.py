"""Rating the other side: five questions with stars that have words, and a text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from ratings.models import Rating
from ratings.texts import DIMENSIONS, HINTS, LABELS, STARS

CHOICES = [(str(stars), STARS[stars]) for stars in sorted(STARS)]


class RatingForm(forms.Form):
    """`side`: who rates. Fields are named as texts.DIMENSIONS, plus `text`."""

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

    def refuse(self, refusal: Refusal) -> None:
        field = "text" if refusal.code == "rating.text_long" else None
        self.add_error(field, f"{refusal.sentence} {refusal.way_out}")


class ReplyForm(forms.Form):
    reply = forms.CharField(
        label=_("答复"),
        required=False,
        max_length=1000,
        help_text=_("答复一次，随评价一并公开。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _initial(rating: Rating | None) -> dict[str, str]:
    if rating is None:
        return {}
    return {"text": rating.text, **{name: str(getattr(rating, name)) for name in DIMENSIONS}}
