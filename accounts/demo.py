"""One click to become a demo person. Does not exist outside the demo."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.requests import Request

DOMAIN = "@demo.example"


def sign_in(request: Request) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    return _sign_in(request)


@require_POST
def _sign_in(request: Request) -> HttpResponse:
    email = request.POST.get("email", "")
    if not email.endswith(DOMAIN):
        raise Http404
    person = get_object_or_404(User, email=email, is_active=True)
    login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return redirect(_next(request))


def _next(request: Request) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)
