"""Forms of the agency's own pages and of the directory."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import RefusableForm, RegionField
from agencies.models import Agency, Practitioner, Qualification
from agencies.selectors import Filters, offered_items

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
GRADES = ["A", "B", "C", "D"]


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ProfileForm(forms.ModelForm):
    class Meta:
        model = Agency
        fields = ["introduction", "address", "website"]
        widgets = {
            "introduction": forms.Textarea(attrs={"rows": 6, "maxlength": 2000}),
            "website": forms.URLInput(attrs={"placeholder": "https://"}),
        }
        help_texts = {
            "introduction": _("说说做过什么、擅长什么。2000 字以内，所有人可见。"),
            "website": _("以 https:// 开头。"),
        }

    website = forms.URLField(label=_("网站"), required=False, max_length=200, assume_scheme="https")


class DropForm(forms.Form):
    """Several scans at once; each is checked on its own by the service."""

    scans = forms.FileField(
        label=_("证书扫描件"),
        widget=ManyFiles(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True}),
        help_text=_(
            "JPG、PNG 或 WebP，每个不超过 20 MB，可一次拖放多个。"
            "原件只有本单位和监管人员能看，公众看到的是加水印的副本。"
        ),
    )


class QualificationForm(RefusableForm, forms.ModelForm):
    refusal_fields = {"qualification.period": "valid_until"}

    class Meta:
        model = Qualification
        fields = ["kind", "grade", "number", "issuer", "valid_from", "valid_until"]
        widgets = {
            "kind": forms.TextInput(attrs={"list": "licence-kinds"}),
            "valid_from": DATE,
            "valid_until": DATE,
        }
        help_texts = {"kind": _("与证书上的名称一致；服务要求的资质按名称核对。")}


class PractitionerForm(RefusableForm, forms.ModelForm):
    class Meta:
        model = Practitioner
        fields = ["name", "certificate", "certificate_number", "valid_until"]
        widgets = {"valid_until": DATE}
        help_texts = {"name": _("请勿填写身份证号码，平台不收集。"), "valid_until": _("长期有效可以不填。")}


class DirectoryForm(forms.Form):
    """The directory's filters; what makes no sense is ignored."""

    q = forms.CharField(label=_("名称或信用代码"), required=False, max_length=100)
    item = forms.ChoiceField(label=_("服务事项"), required=False)
    region = RegionField(label=_("所在地区"), required=False, empty_label=_("全国"))
    grade = forms.ChoiceField(
        label=_("信用等级"),
        required=False,
        choices=[("", _("不限")), *((g, g) for g in GRADES), ("none", _("暂无评级"))],
    )
    licensed = forms.BooleanField(label=_("有有效资质证书"), required=False)
    sort = forms.ChoiceField(
        label=_("排序"),
        required=False,
        choices=[("score", _("信用评分")), ("name", _("名称")), ("newest", _("最近入驻"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = [(offer.item_code, offer.name) for offer in offered_items()]
        self.fields["item"].choices = [("", _("全部事项")), *items]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        self.is_valid()
        kept = {name: value for name, value in self.cleaned_data.items() if value}
        region = kept.pop("region", None)
        return Filters(**kept, region=region.reach if region else "")
