"""Forms of the lists. The rules are in services; a refusal comes back into the form with nothing typed lost."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import RefusableForm
from agencies.forms import DATE, ManyFiles

KEPT = _("会随记录一直保留。")


class ManyField(forms.FileField):
    """Several files in one field; `cleaned_data` holds the list."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        single = super().clean
        return [single(one, initial) for one in data] if isinstance(data, list | tuple) else [single(data, initial)]


class WordsForm(RefusableForm):
    """Reasons, a statement, a note: the words of one step."""

    text = forms.CharField(label=_("理由"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}), help_text=KEPT)

    def __init__(self, *args: Any, label: Any = "", needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label
        self.fields["text"].required = needed


class FilesForm(WordsForm):
    """Words with files: a defence, a supplement, an application."""

    uploads = ManyField(
        label=_("附件"),
        required=False,
        widget=ManyFiles(attrs={"multiple": True}),
        help_text=_("图片、PDF、Word、Excel 或 ZIP，每个不超过 20 MB，最多 5 个；只有本单位和监管人员能看。"),
    )

    @property
    def files_given(self) -> list[Any]:
        return [one for one in self.cleaned_data.get("uploads") or [] if one]


class RepairForm(FilesForm):
    commitment = forms.BooleanField(
        label=_("我承诺：整改属实、材料真实，不再发生同类行为；违背承诺的，原措施恢复执行，一年内不再申请修复。")
    )
    field_order = ["text", "uploads", "commitment"]
    refusal_fields = {"repair.commitment": "commitment"}


class ProposeForm(RefusableForm):
    """The case is chosen before; ground and basis come from the scale, the authority is one's own."""

    case_number = forms.CharField(max_length=30, widget=forms.HiddenInput)
    ground = forms.CharField(label=_("列入事由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    legal_basis = forms.CharField(
        label=_("法律依据"), max_length=300, help_text=_("取自裁量基准，可以写得更具体；公众据此查证。")
    )
    months = forms.IntegerField(label=_("期限（月）"), min_value=1, max_value=36)
    refusal_fields = {"listing.months": "months"}


class ReviewForm(WordsForm):
    outcome = forms.ChoiceField(
        label=_("复核结论"), choices=[("upheld", _("维持")), ("revoked", _("撤销并移出"))], widget=forms.RadioSelect
    )
    field_order = ["outcome", "text"]


class MeasureForm(RefusableForm):
    text = forms.CharField(label=_("采取的措施"), max_length=300)
    legal_basis = forms.CharField(label=_("法律依据"), max_length=300)
    until = forms.DateField(label=_("截止日期"), widget=DATE)
    refusal_fields = {"share.end": "until"}


class UploadForm(RefusableForm):
    file = forms.FileField(label=_("名单文件"), help_text=_("CSV、XLSX 或 JSON，须为主管部门的完整名单。"))
    as_of = forms.DateField(label=_("名单截至日期"), widget=DATE)
    source = forms.CharField(label=_("来源"), max_length=200, help_text=_("如“信用中国（河北）严重失信主体名单”。"))
    refusal_fields = {"import.older": "as_of", "import.future": "as_of", "file.empty": "file", "file.too_large": "file"}


class CorrectForm(RefusableForm):
    name = forms.CharField(label=_("名称"), max_length=120)
    contact_name = forms.CharField(label=_("联系人"), max_length=40)
    contact_phone = forms.CharField(label=_("联系电话"), max_length=20)
    mended = forms.CharField(
        label=_("改正了什么"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "data-keep": True}),
        help_text=_("逐项说明经异议核实的信息怎样改正；将在公示页面公开，并重新公示。"),
    )
    refusal_fields = {
        "name.invalid": "name", "correction.same": "name", "phone.invalid": "contact_phone", "process.words": "mended",
    }  # fmt: skip

    def __init__(self, *args: Any, disputed: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not disputed:
            del self.fields["mended"]
