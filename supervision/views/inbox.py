"""The inbox of whoever is signed in, and what could not be sent outside."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actor import requires
from accounts.requests import Request
from core.errors import Refusal
from supervision.models import Delivery, Notice
from supervision.selectors import notices as seen
from supervision.services import notices

PER_PAGE = 30


@require_safe
@requires()
def index(request: Request) -> HttpResponse:
    only_new = request.GET.get("show") == "unread"
    rows = seen.new(request.actor) if only_new else seen.inbox(request.actor)
    context = {
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "only_new": only_new,
        "unread": seen.unread(request.actor),
    }
    return render(request, "supervision/inbox.html", context)


@require_safe
@requires()
def notice(request: Request, pk: int) -> HttpResponseBase:
    """Mark it as read and go where it leads; for who it is not meant for there is none."""
    if not seen.inbox(request.actor).filter(pk=pk).exists():
        raise Http404
    row: Notice = notices.read(notice_id=pk, by=request.actor.by)
    inside = url_has_allowed_host_and_scheme(row.path, allowed_hosts=None)
    return redirect(row.path if inside else "supervision:inbox")


@require_POST
@requires()
def read_all(request: Request) -> HttpResponseBase:
    ids = list(seen.new(request.actor).values_list("pk", flat=True))
    notices.read_all(by=request.actor.by, notice_ids=ids)
    return redirect("supervision:inbox")


@require_safe
@requires("operator")
def deliveries(request: Request) -> HttpResponse:
    state = request.GET.get("state", "")
    context = {
        "page_obj": Paginator(seen.deliveries(state), PER_PAGE).get_page(request.GET.get("page")),
        "state": state,
        "states": Delivery.State.choices,
    }
    return render(request, "supervision/deliveries.html", context)


@require_POST
@requires("operator")
def send_again(request: Request, pk: int) -> HttpResponseBase:
    try:
        notices.send_again(delivery_id=pk, by=request.actor.by)
    except Delivery.DoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refusal:
        messages.error(request, f"{refusal.sentence} {refusal.way_out}")
    else:
        messages.success(request, _("已重新排队发送。"))
    return redirect("supervision:deliveries")
