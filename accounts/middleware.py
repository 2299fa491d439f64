"""Puts `request.actor` on every request and keeps supervisors without a second factor out."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.actor import SUPERVISORS, Actor, actor_for

ACTING = "acting_organisation"
Handler = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor_for(request.user, request.session.get(ACTING))  # type: ignore[attr-defined]
        return self.get_response(request)


class SecondFactorMiddleware:
    """Regulators, operators and staff need TOTP or a passkey outside the demo; until then only set-up pages open."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if settings.DEMO or not _powerful(actor) or request.path.startswith(("/account/", "/static/", "/i18n/")):
            return self.get_response(request)
        if is_mfa_enabled(actor.user):
            return self.get_response(request)
        return redirect("mfa_index")


def _powerful(actor: Actor) -> bool:
    return actor.of(*SUPERVISORS) or bool(actor.user and actor.user.is_staff)
