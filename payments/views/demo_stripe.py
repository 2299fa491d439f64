"""The demo's look-alike of the provider's hosted pages. They do not exist beside a real key: 404."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from payments import escrow_words as words
from payments import gateway
from payments.escrow_forms import CardForm
from payments.stripe_double.desk import Desk
from payments.stripe_double.shelf import Thing
from payments.stripe_double.world import Refused

View = Callable[[HttpRequest, str, Desk], HttpResponseBase]


def demo_only(view: View) -> Callable[[HttpRequest, str], HttpResponseBase]:
    @wraps(view)
    def guarded(request: HttpRequest, name: str) -> HttpResponseBase:
        if gateway.real() or not gateway.available():
            raise Http404
        try:
            return view(request, name, gateway.desk())
        except Refused as missing:
            raise Http404 from missing

    return guarded


@demo_only
def checkout(request: HttpRequest, name: str, desk: Desk) -> HttpResponseBase:
    """The payment page: choose how, pay, be declined, be asked for authentication."""
    session = desk.session(name)
    form = CardForm(request.POST if request.method == "POST" else None, methods=session["payment_method_types"])
    if request.method == "POST" and session["status"] == "open" and form.is_valid():
        values = form.cleaned_data
        intent = desk.pay(name, method=values["method"], number=values["number"] if values["method"] == "card" else "")
        if intent["status"] == "succeeded":
            if intent.get("latest_charge") and values["number"] == CardForm.CARDS[-1][0] and values["method"] == "card":
                desk.dispute(intent["latest_charge"])
            return redirect(session["success_url"])
        session = desk.session(name)
    return _page(request, session, form)


def _page(request: HttpRequest, session: Thing, form: CardForm) -> HttpResponseBase:
    error = session["error"] or {}
    context = {
        "session": session,
        "amount": gateway.yuan(session["amount_total"]),
        "form": form,
        "asks": session["intent_status"] == "requires_action",
        "declined": words.decline(error.get("decline_code") or error.get("code") or ""),
    }
    return render(request, "payments/demo/checkout.html", context)


@require_POST
@demo_only
def authenticate(request: HttpRequest, name: str, desk: Desk) -> HttpResponseBase:
    """The answer to 3-D Secure."""
    intent = desk.authenticate(name, passed=request.POST.get("passed") == "yes")
    session = desk.session(name)
    return redirect(session["success_url"] if intent["status"] == "succeeded" else request.path + "../")


@demo_only
def onboarding(request: HttpRequest, name: str, desk: Desk) -> HttpResponseBase:
    """The account's verification: one button instead of a dozen forms."""
    account = desk.account(name)
    if request.method == "POST":
        desk.onboard(name, complete=request.POST.get("complete") == "yes")
        return redirect(account["return_url"])
    return render(request, "payments/demo/onboarding.html", {"account": account})
