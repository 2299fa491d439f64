"""What the operator keeps of identities: people, organisations of every kind, memberships, regions.

Passwords are neither shown nor set here: a new person chooses one through "forgotten password". Nothing is deleted,
accounts are closed by taking "active" away.
"""

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation, Region, User
from accounts.services import valid_code, valid_phone
from core import audit, clock
from core.audit import By
from core.errors import Refusal


class Kept(admin.ModelAdmin):
    """Rows that stay: closed or changed, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(User)
class UserAdmin(Kept):
    list_display = ["email", "name", "is_active", "is_staff", "joined_at", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    readonly_fields = ["joined_at", "last_login"]
    fields = ["email", "name", "is_active", "is_staff", "is_superuser", "groups", "joined_at", "last_login"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:  # noqa: ARG002
        """Only who holds every power hands powers out."""
        powers = [] if getattr(request.user, "is_superuser", False) else ["is_staff", "is_superuser", "groups"]
        return [*self.readonly_fields, *powers]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.email = obj.email.strip().lower()
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not EmailAddress.objects.filter(user=obj, email=obj.email).exists():
            EmailAddress.objects.filter(user=obj, primary=True).update(primary=False)
            EmailAddress.objects.create(user=obj, email=obj.email, primary=True, verified=False)
        _record(request, f"user:{obj.pk}", change=change, fields=form.changed_data)


class OrganisationAdminForm(forms.ModelForm):
    """The same rules as on the public form."""

    def clean_credit_code(self) -> str:
        return self._ruled(valid_code, "credit_code")

    def clean_contact_phone(self) -> str:
        return self._ruled(valid_phone, "contact_phone")

    def _ruled(self, rule: Any, field: str) -> str:
        try:
            return str(rule(self.cleaned_data[field]))
        except Refusal as refusal:
            raise forms.ValidationError(f"{refusal.sentence} {refusal.way_out}", code=refusal.code) from refusal


@admin.register(Organisation)
class OrganisationAdmin(Kept):
    """Departments, regulators and operators are opened here; agencies and enterprises register themselves."""

    form = OrganisationAdminForm
    list_display = ["name", "kind", "credit_code", "region", "registered_at"]
    list_filter = ["kind"]
    list_select_related = ["region"]
    search_fields = ["name", "credit_code"]
    autocomplete_fields = ["region"]
    fields = ["kind", "name", "credit_code", "region", "contact_name", "contact_phone", "registered_at"]
    readonly_fields = ["registered_at"]
    inlines = [MembershipInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:  # noqa: ARG002
        """What an organisation is does not change once it exists."""
        return ["registered_at", "kind", "credit_code"] if obj else ["registered_at"]

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "kind":
            opened = (Organisation.Kind.DEPARTMENT, Organisation.Kind.REGULATOR, Organisation.Kind.OPERATOR)
            kwargs["choices"] = [("", "---------"), *((kind.value, kind.label) for kind in opened)]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.registered_at = clock.now()
        super().save_model(request, obj, form, change)
        _record(request, f"organisation:{obj.pk}", change=change, fields=form.changed_data)


@admin.register(Region)
class RegionAdmin(Kept):
    list_display = ["code", "name", "name_en", "parent"]
    list_select_related = ["parent"]
    search_fields = ["code", "name", "name_en"]
    autocomplete_fields = ["parent"]


def _record(request: HttpRequest, stream: str, *, change: bool, fields: list[str]) -> None:
    action = "changed_by_operator" if change else "opened_by_operator"
    audit.record(
        stream=stream, action=action, by=By(request.user.pk), data={"fields": fields}, reason=str(_("运营后台"))
    )
