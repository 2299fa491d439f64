"""The admin, for operators with a second factor only. Rooms register what an operator may touch; never bids or logs."""

from typing import Any, cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.errors import NOT_YOURS
from accounts.models import Organisation
from accounts.requests import Request


class OperatorSite(AdminSite):
    """Django's admin under our names; signing in happens where everybody signs in."""

    site_title = _("运营数据后台")
    site_header = _("中介服务网上交易平台 · 运营后台")
    index_title = _("运营数据")

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, acting for the operator, outside the demo with a second factor. Others who are signed in are told."""
        actor = cast("Request", request).actor
        if actor.user is None:
            return False
        staff = actor.user.is_active and actor.user.is_staff and actor.of(Organisation.Kind.OPERATOR)
        if staff and (settings.DEMO or is_mfa_enabled(actor.user)):
            return True
        raise NOT_YOURS()

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        if cast("Request", request).actor.user is not None:
            raise NOT_YOURS()
        return redirect_to_login(request.GET.get("next", "/operator/admin/"))
