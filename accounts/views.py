"""Pages about joining, one's organisations and their members."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import errors, selectors, services
from accounts.actor import requires
from accounts.forms import ContactForm, MemberForm, RefusableForm
from accounts.joining import join as join_with
from accounts.middleware import ACTING
from accounts.models import Membership, Organisation, User
from accounts.requests import Request
from core.errors import Refusal

ENTERPRISE_COMMITMENT = "enterprise-2026-1"
MANY = 20


def join(request: Request) -> HttpResponse:
    """The doors: which kind of organisation, and who opens the others."""
    return render(request, "accounts/join.html")


def join_enterprise(request: Request) -> HttpResponse:
    return join_with(request, template="accounts/join_enterprise.html", register=_enterprise, done="/desk/", context={})


def _enterprise(*, user: User, **identity: Any) -> Organisation:
    return services.register_organisation(
        user=user, kind=Organisation.Kind.ENTERPRISE, commitment=ENTERPRISE_COMMITMENT, **identity
    )


@requires()
def organisation(request: Request) -> HttpResponse:
    """The acting organisation with its members, and the others one may act for."""
    return _page(request)


def _page(request: Request, *, contact: ContactForm | None = None, member: MemberForm | None = None) -> HttpResponse:
    actor = request.actor
    assert actor.user is not None  # noqa: S101 - `requires` let nobody else in
    refused = any(form and form.errors for form in (contact, member))
    context = {
        "organisation": actor.organisation,
        "members": selectors.members(actor.org_id) if actor.org_id else [],
        "mine": selectors.organisations_of(actor.user),
        "contact_form": contact or ContactForm(initial=_contact(actor.organisation), prefix="contact"),
        "member_form": member or MemberForm(prefix="member"),
    }
    return render(request, "accounts/organisation.html", context, status=422 if refused else 200)


def _contact(row: Organisation | None) -> dict[str, str]:
    return {"contact_name": row.contact_name, "contact_phone": row.contact_phone} if row else {}


@require_POST
@requires()
def switch(request: Request) -> HttpResponse:
    """Act for another of one's own organisations from now on; anything else does not exist."""
    typed = request.POST.get("organisation", "")
    wanted = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < MANY else 0
    membership = get_object_or_404(Membership, user=request.actor.user, organisation_id=wanted)
    request.session[ACTING] = membership.organisation_id
    messages.success(request, _("已切换到“{name}”。").format(name=membership.organisation.name))
    return redirect("/desk/")


@require_POST
@requires()
def add_member(request: Request) -> HttpResponse:
    acting = _owned(request)
    form = MemberForm(request.POST, prefix="member")
    if form.is_valid() and _done(
        form, lambda data: services.add_member(organisation=acting, by=request.actor.by, **data)
    ):
        messages.success(request, _("已添加成员。"))
        return redirect("accounts:organisation")
    return _page(request, member=form)


@require_POST
@requires()
def remove_member(request: Request, user_id: int) -> HttpResponse:
    """Owners remove anybody; everybody may leave."""
    acting = request.actor.organisation if request.actor.user.pk == user_id else _owned(request)  # type: ignore[union-attr]
    if acting is None:
        raise errors.NOT_YOURS()
    services.remove_member(organisation=acting, user_id=user_id, by=request.actor.by)
    messages.success(request, _("已移除成员。"))
    return redirect("accounts:organisation")


@require_POST
@requires()
def change_contact(request: Request) -> HttpResponse:
    acting = _owned(request)
    form = ContactForm(request.POST, prefix="contact")
    if form.is_valid() and _done(
        form, lambda data: services.update_contact(organisation=acting, by=request.actor.by, **data)
    ):
        messages.success(request, _("联系方式已更新。"))
        return redirect("accounts:organisation")
    return _page(request, contact=form)


def _owned(request: Request) -> Organisation:
    """The acting organisation, for its owners only."""
    if request.actor.organisation is None:
        raise errors.NOT_YOURS()
    if not request.actor.owner:
        raise errors.OWNERS_ONLY()
    return request.actor.organisation


def _done(form: RefusableForm, verb: Any) -> bool:
    try:
        verb(form.cleaned_data)
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True
