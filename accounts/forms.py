"""Forms about people and organisations. The rules are in services; refusals come back beside the field they concern."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from accounts import selectors
from accounts.models import Membership, Region, User
from accounts.services import valid_code, valid_phone
from core.errors import Refusal

T = TypeVar("T")


class RefusableForm(forms.Form):
    """A form that shows a refusal in its own words, beside the field it is about; nothing typed is lost."""

    refusal_fields: dict[str, str] = {}

    def attempt(self, work: Callable[[dict[str, Any]], T]) -> T | None:
        """What comes of `work` with what was filled in. None when that is not valid or was refused for one of the
        fields: then `errors` says why. Any other refusal is for the page that tells refusals.
        """
        if not self.is_valid():
            return None
        try:
            return work(self.cleaned_data)
        except Refusal as refusal:
            if refusal.code not in self.refusal_fields:
                raise
            self.refuse(refusal)
        return None

    def refuse(self, refusal: Refusal) -> None:
        field = self.refusal_fields.get(refusal.code)
        self.add_error(field if field in self.fields else None, f"{refusal.sentence} {refusal.way_out}")


class _ByProvince(ModelChoiceIterator):
    """Regions under their province, in the order of their codes."""

    def __iter__(self) -> Iterator[Any]:
        yield "", self.field.empty_label
        regions = list(self.queryset)
        for province in (region for region in regions if region.parent_id is None):
            inside = [region for region in regions if region.code.startswith(province.reach)]
            yield str(province), [self.choice(region) for region in inside]


class RegionField(forms.ModelChoiceField):
    """Any region: agencies and enterprises of the whole country are welcome."""

    iterator = _ByProvince

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Region.objects.none(), **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> "RegionField":
        copy: RegionField = super().__deepcopy__(memo)
        copy.queryset = selectors.regions()
        return copy

    def label_from_instance(self, region: Any) -> str:
        return f"\u2003\u2003{region}" if not region.code.endswith("00") else f"\u2003{region}"


class ContactForm(RefusableForm):
    """Whom to call."""

    refusal_fields = {"phone.invalid": "contact_phone"}

    contact_name = forms.CharField(
        label=_("联系人"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    contact_phone = forms.CharField(
        label=_("联系电话"),
        max_length=40,
        help_text=_("手机、带区号的座机或 400 号码。仅向达成交易的对方和监管人员显示。"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_contact_phone(self) -> str:
        return _checked(valid_phone, self.cleaned_data["contact_phone"])


class OrganisationForm(ContactForm):
    """An organisation and the commitment: with an account at hand this is all."""

    refusal_fields = {
        **ContactForm.refusal_fields,
        "credit_code.invalid": "credit_code",
        "credit_code.taken": "credit_code",
        "name.invalid": "name",
        "email.taken": "email",
        "commitment.missing": "commitment",
    }

    name = forms.CharField(
        label=_("单位全称"),
        min_length=2,
        max_length=120,
        help_text=_("与营业执照或登记证书一致。"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    credit_code = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=60,
        help_text=_("18 位，平台会核对校验码。空格、连字符、全角和小写都会自动整理。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    region = RegionField(label=_("所在地区"), empty_label=_("请选择"))
    commitment = forms.BooleanField(
        label=_("我已阅读并代表本单位作出以上承诺"),
        error_messages={"required": _("请阅读承诺并勾选；这是入驻的唯一条件。")},
    )

    field_order = ["email", "password", "name", "credit_code", "region", "contact_name", "contact_phone", "commitment"]

    def clean_credit_code(self) -> str:
        return _checked(valid_code, self.cleaned_data["credit_code"])


class NewcomerForm(OrganisationForm):
    """The same with an account made on the way."""

    email = forms.EmailField(
        label=_("登录邮箱"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("登录密码"),
        max_length=200,
        strip=False,
        help_text=_("至少 10 位，不要用常见密码。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.cleaned_data.get("email", "")))
        return password


class MemberForm(RefusableForm):
    """Add a colleague who has an account already."""

    refusal_fields = {"member.no_account": "email", "member.already": "email"}

    email = forms.EmailField(label=_("对方的登录邮箱"), max_length=254)
    role = forms.ChoiceField(label=_("角色"), choices=Membership.Role.choices, initial=Membership.Role.MEMBER)


def _checked(rule: Any, typed: str) -> str:
    try:
        return str(rule(typed))
    except Refusal as refusal:
        raise forms.ValidationError(f"{refusal.sentence} {refusal.way_out}", code=refusal.code) from refusal
