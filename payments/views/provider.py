"""Dealings with the provider: its webhooks, and the operator's console of events, calls and reconciliations."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.actor import SUPERVISORS, requires
from accounts.requests import Request
from core import clock
from payments import escrow_words as words
from payments.models import ProviderCall, ProviderEvent, Reconciliation
from payments.selectors import provider
from payments.services.escrow import calls, events, reconciling

PER_PAGE = 30


@csrf_exempt  # the provider has no cookie of ours: its signature says who it is
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Stored, then answered; what it means is worked out afterwards."""
    status = events.receive(request.body, request.headers.get("Stripe-Signature", ""))
    return HttpResponse(status=status)


@requires(*SUPERVISORS)
def console(request: Request) -> HttpResponse:
    """`?state=` filters events."""
    state = request.GET.get("state", "")
    state = state if state in ProviderEvent.State.values else ""
    page = Paginator(provider.events(state), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "lines": [(one, words.EVENT_KINDS[ProviderEvent.State(one.state)]) for one in page.object_list],
        "states": ProviderEvent.State.choices,
        "chosen": state,
        "calls": [
            (one, words.CALL_KINDS[ProviderCall.State(one.state)], words.trouble(one.trouble))
            for one in provider.open_calls()[:PER_PAGE]
        ],
        "reconciliations": [
            (one, words.RECONCILED[Reconciliation.State(one.state)]) for one in provider.reconciliations()[:10]
        ],
        "health": provider.health(),
        "operates": request.actor.of("operator"),
        "tab": "provider",
    }
    return render(request, "payments/provider.html", context)


@requires(*SUPERVISORS)
def event(request: Request, pk: int) -> HttpResponse:
    row = provider.event(pk)
    if row is None:
        raise Http404
    kind = words.EVENT_KINDS[ProviderEvent.State(row.state)]
    context = {"event": row, "kind": kind, "operates": request.actor.of("operator")}
    return render(request, "payments/event.html", context)


@require_POST
@requires("operator")
def replay(request: Request, pk: int) -> HttpResponseBase:
    if provider.event(pk) is None:
        raise Http404
    events.replay(event_pk=pk, by=request.actor.by)
    messages.success(request, _("事件会重新处理；已经入账的内容不会重复。"))
    return redirect("payments:provider_event", pk)


@require_POST
@requires("operator")
def retry(request: Request, pk: int) -> HttpResponseBase:
    calls.retry(call_id=pk, by=request.actor.by)
    messages.success(request, _("已重新提交给支付平台。"))
    return redirect("payments:provider")


@require_POST
@requires("operator")
def reconcile(request: Request) -> HttpResponseBase:
    """Compare now: from the beginning of yesterday to this moment."""
    now = clock.now()
    since, _until = reconciling.yesterday(now)
    row = reconciling.reconcile(since=since, until=now, by=request.actor.by)
    return redirect(row)


@requires(*SUPERVISORS)
def reconciliation(request: Request, pk: int) -> HttpResponse:
    row = provider.reconciliations().filter(pk=pk).first()
    if row is None:
        raise Http404
    context = {"row": row, "kind": words.RECONCILED[Reconciliation.State(row.state)], "tab": "provider"}
    return render(request, "payments/reconciliation.html", context)
