"""Forms of double-random inspection."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from accounts.models import Organisation, Region
from core import clock, rulesets
from core.errors import Refusal
from core.workdays import LOCAL
from supervision import inspection_words as words
from supervision.models import Finding, Inspection, InspectionPlan
from supervision.rules.drawing import BANDS
from supervision.services.plans import Terms


class Refusable(forms.Form):
    def refuse(self, refusal: Refusal) -> None:
        self.add_error(None, f"{refusal.sentence} {refusal.way_out}")


class PlanForm(Refusable):
    title = forms.CharField(label=_("抽查事项"), max_length=120)
    basis = forms.CharField(label=_("依据"), max_length=300, help_text=_("法律、法规或文件的名称和条款。"))
    scope = forms.CharField(label=_("抽查范围"), max_length=300)
    region = forms.ModelChoiceField(label=_("地区"), queryset=Region.objects.none())
    items = forms.MultipleChoiceField(
        label=_("只查提供这些服务的机构"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("不选就是全部。按住 Ctrl 可以多选。"),
    )
    standard = forms.CharField(
        label=_("检查要点"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("每行一条，检查人员逐条记录结果。"),
    )
    method = forms.ChoiceField(label=_("检查方式"), choices=InspectionPlan.Method.choices, widget=forms.RadioSelect)
    year = forms.IntegerField(label=_("年度"), min_value=2020, max_value=2100)
    per_year = forms.IntegerField(label=_("每年次数"), min_value=1, max_value=12, initial=1)
    team = forms.IntegerField(label=_("每组检查人员"), min_value=1, max_value=5)
    partners = forms.ModelMultipleChoiceField(
        label=_("联合检查的监管单位"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("它们的检查人员一起参加抽取。"),
    )

    def __init__(self, *args: Any, body: int, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        params = rulesets.current("inspections")
        self._choice("region").queryset = accounts.regions()
        others = Organisation.objects.filter(kind=Organisation.Kind.REGULATOR).exclude(pk=body)
        self._choice("partners").queryset = others
        self.fields["items"].choices = items  # type: ignore[attr-defined]
        self.fields["year"].initial = clock.now().astimezone(LOCAL).year
        self.fields["team"].initial = params["team"]
        for band in BANDS:
            self.fields[f"ratio_{band}"] = forms.IntegerField(
                label=str(words.BAND_RATIOS[band]), min_value=1, max_value=100, initial=params["ratios"][band]
            )

    def _choice(self, name: str) -> "forms.ModelChoiceField[Any]":
        field: forms.ModelChoiceField[Any] = self.fields[name]  # type: ignore[assignment]
        return field

    @property
    def bands(self) -> list[forms.BoundField]:
        return [self[f"ratio_{band}"] for band in BANDS]

    def terms(self) -> Terms:
        data = self.cleaned_data
        plain = ("title", "basis", "scope", "region", "items", "year", "per_year", "team", "method")
        return Terms(
            **{name: data[name] for name in plain},
            standard=data["standard"].splitlines(),
            ratios={band: data[f"ratio_{band}"] for band in BANDS},
            partners=list(data["partners"]),
        )


class AnnounceForm(Refusable):
    public_number = forms.CharField(
        label=_("另外混入的公开数字"),
        max_length=200,
        required=False,
        help_text=_("选填。写清哪个数字、何时公布，例如“上证指数下一个交易日收盘点位”；抽取时据此填写，谁也无法预知。"),
    )


class DrawForm(Refusable):
    public_value = forms.CharField(label=_("公布的数字"), max_length=64)


class WordForm(Refusable):
    text = forms.CharField(label=_("投入一个词"), max_length=64)


class InspectorForm(Refusable):
    email = forms.EmailField(label=_("邮箱"), help_text=_("本单位成员登录用的邮箱。"))
    badge = forms.CharField(label=_("执法证号"), max_length=30)


class NotifyForm(Refusable):
    visit_at = forms.DateTimeField(
        label=_("检查时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    words = forms.CharField(
        label=_("请机构准备什么"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MultipleFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Photos(forms.FileField):
    """Any number of pictures."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(Photos, self).clean(one, initial) for one in data or []]


class PointForm(Refusable):
    """What was found at one point of the standard."""

    verdict = forms.ChoiceField(label=_("结果"), choices=Finding.Mark.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("情况"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2, "data-keep": ""})
    )
    photos = Photos(
        label=_("照片"),
        required=False,
        widget=MultipleFiles(attrs={"accept": "image/*", "multiple": True}),
        help_text=_("拍摄地点等附带信息会被去除。"),
    )
    public = forms.BooleanField(
        label=_("照片可以随结果公布"), required=False, help_text=_("有人脸、证件或商业秘密的不要勾选。")
    )


class ConcludeForm(Refusable):
    outcome = forms.ChoiceField(label=_("结论"), choices=Inspection.Result.choices, widget=forms.RadioSelect)
    summary = forms.CharField(
        label=_("结论说明"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4, "data-keep": ""})
    )
    ground = forms.ChoiceField(
        label=_("转入案件的事由"), required=False, help_text=_("只在转入案件时填写，取自公布的裁量基准。")
    )

    def __init__(self, *args: Any, grounds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [("", "–"), *grounds]  # type: ignore[attr-defined]


class TextForm(Refusable):
    """A statement: a reply, a correction, a reason to step back."""

    text = forms.CharField(label=_("内容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "data-keep": ""}))


class FixedForm(TextForm):
    proof = forms.FileField(label=_("整改证明"), required=False)
