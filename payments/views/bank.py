"""Bank transfers between the parties: the slip, and the agency's answer. They are shown on the contract's page."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import SUPERVISORS, requires
from accounts.errors import NOT_YOURS
from accounts.requests import Request
from core import files
from core.errors import Refusal
from payments.escrow_forms import BankRefuseForm
from payments.models import BankPayment, Side
from payments.selectors import escrow as escrows
from payments.services.escrow import bank


@requires("enterprise", "agency", *SUPERVISORS)
def slip(request: Request, pk: int) -> HttpResponseBase:
    return files.respond(_readable(request, pk).slip, inline=True)


@require_POST
@requires("agency")
def confirm(request: Request, pk: int) -> HttpResponseBase:
    payment = bank.confirm(payment_id=_readable(request, pk).pk, by=request.actor.by)
    messages.success(request, _("已确认收到 {amount} 元。").format(amount=payment.amount))
    return redirect(payment.page)


@requires("agency")
def refuse(request: Request, pk: int) -> HttpResponseBase:
    """The money did not come: say what the bank shows."""
    payment = _readable(request, pk)
    if payment.side_of(request.actor.org_id) != Side.SUPPLIER:
        raise NOT_YOURS()
    form = BankRefuseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            bank.refuse(payment_id=payment.pk, reason=form.cleaned_data["reason"], by=request.actor.by)
        except Refusal as refusal:
            if refusal.code not in form.refusal_fields:
                raise
            form.refuse(refusal)
        else:
            messages.success(request, _("已告知委托方没有收到这笔转账。"))
            return redirect(payment.page)
    context = {"payment": payment, "form": form}
    return render(request, "payments/bank_refuse.html", context, status=422 if form.errors else 200)


def _readable(request: Request, pk: int) -> BankPayment:
    """Raises access.not_yours to everybody but its parties and supervisors."""
    try:
        payment = escrows.bank_payment(pk)
    except BankPayment.DoesNotExist as missing:
        raise Http404 from missing
    if payment.side_of(request.actor.org_id) is None and not request.actor.of(*SUPERVISORS):
        raise NOT_YOURS()
    return payment
