"""One form from stranger to registered organisation: shared by the enterprise's door here and the agency's above."""

from typing import Any, Protocol

from allauth.account.utils import complete_signup
from allauth.core import ratelimit
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import selectors, services
from accounts.forms import NewcomerForm, OrganisationForm
from accounts.middleware import ACTING
from accounts.models import Organisation, User
from accounts.requests import Request
from core.errors import Refusal

IDENTITY = ("name", "credit_code", "region", "contact_name", "contact_phone")


class Registers(Protocol):
    """Registers what the form describes and answers with the organisation."""

    def __call__(self, *, user: User, **identity: Any) -> Organisation: ...


def join(request: Request, *, template: str, register: Registers, done: str, context: dict[str, Any]) -> HttpResponse:
    """Show the form, or register with it and go to `done`. A stranger gets an account on the way and is signed in."""
    form = _form(request)
    if request.method == "POST":
        if request.actor.user is None and (limited := ratelimit.consume_or_429(request, action="signup")):
            return limited  # type: ignore[no-any-return]
        if form.is_valid() and (answer := _registered(request, form, register, done)):
            return answer
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


def _form(request: Request) -> OrganisationForm:
    user = request.actor.user
    form_class = OrganisationForm if user else NewcomerForm
    return form_class(request.POST or None, initial={"contact_name": user.name if user else ""})


def _registered(request: Request, form: OrganisationForm, register: Registers, done: str) -> HttpResponse | None:
    known = request.actor.user
    identity = {name: form.cleaned_data[name] for name in IDENTITY}
    try:
        with transaction.atomic():
            user = known or _account(form)
            organisation = register(user=user, **identity)
    except Refusal as refusal:
        if known and (own := selectors.own_by_code(known, identity["credit_code"])):
            return _enter(request, own, done)
        form.refuse(refusal)
        return None
    if known:
        return _enter(request, organisation, done)
    return _first_entry(request, user, organisation, done)


def _account(form: OrganisationForm) -> User:
    data = form.cleaned_data
    return services.sign_up(email=data["email"], password=data["password"], name=data["contact_name"])


def _enter(request: Request, organisation: Organisation, done: str) -> HttpResponse:
    """A second click on the same button ends where the first one did."""
    request.session[ACTING] = organisation.pk
    _welcome(request, organisation)
    return redirect(done)


def _first_entry(request: Request, user: User, organisation: Organisation, done: str) -> HttpResponse:
    answer: HttpResponse = complete_signup(request, user, None, done)
    request.session[ACTING] = organisation.pk
    _welcome(request, organisation)
    return answer


def _welcome(request: Request, organisation: Organisation) -> None:
    messages.success(request, _("“{name}”已登记，即时生效。").format(name=organisation.name))
