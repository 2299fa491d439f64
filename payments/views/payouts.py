"""An agency's account for being paid: how far it has got, and the way to the provider's own pages."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import requires
from accounts.requests import Request
from payments.gateway import Trouble
from payments.selectors import escrow as escrows
from payments.selectors import provider
from payments.services.escrow import payouts as services


@requires("agency")
def payouts(request: Request) -> HttpResponseBase:
    account = provider.payout_account(request.actor.org_id)
    context = {
        "account": account,
        "totals": escrows.totals(request.actor.org_id),
        "waiting": provider.waiting_for(request.actor.org_id),
        "again": request.GET.get("again") == "1",
        "health": provider.health(),
        "tab": "payouts",
    }
    return render(request, "payments/payouts.html", context)


@require_POST
@requires("agency")
def onboard(request: Request) -> HttpResponseBase:
    return redirect(services.onboarding(organisation_id=request.actor.org_id or 0, by=request.actor.by))


@requires("agency")
def back(request: Request) -> HttpResponseBase:
    """Back from the provider's pages: ask how far it has got rather than wait for the webhook."""
    account = provider.payout_account(request.actor.org_id)
    try:
        if account and services.refresh(account).ready:
            messages.success(request, _("收款账户已经开通，放款会直接到账。"))
    except Trouble:
        messages.warning(request, _("支付平台暂时没有响应，开户进度稍后会自动更新。"))
    return redirect("payments:payouts")
