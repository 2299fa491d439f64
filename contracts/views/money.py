"""The buyer chooses how to pay."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import requires
from accounts.requests import Request
from contracts import services
from contracts.forms import InvoiceForm, SlipForm
from contracts.services import money
from contracts.views.contract import answered, page, party
from contracts.views.delivery import milestone_of
from payments.services.escrow import opening
from payments.views.escrow_moves import to_page


@require_POST
@requires("enterprise")
def fund(request: Request, pk: int) -> HttpResponseBase:
    """`milestone`: its number, or nothing for all that is not paid for. Leads to the payment page."""
    row, _side = party(request, pk)
    chosen = request.POST.get("milestone", "")
    if chosen and not any(str(one.pk) == chosen for one in row.milestones.all()):
        raise Http404
    by = request.actor.by
    escrow = money.fund(contract_id=row.pk, milestone_id=int(chosen) if chosen else None, by=by)
    return to_page(request, opening.pay(escrow_id=escrow.pk, by=by))


@require_POST
@requires("enterprise")
def report_transfer(request: Request, pk: int) -> HttpResponseBase:
    """A milestone was paid by bank: the slip."""
    row, _side = party(request, milestone_of(pk).contract_id)
    form = SlipForm(request.POST, request.FILES, auto_id=f"slip_{pk}_%s")
    by = request.actor.by
    form.attempt(lambda given: money.report_transfer(milestone_id=pk, slip=given["slip"], note=given["note"], by=by))
    return answered(request, row, {f"slip:{pk}": form}, _("回单已提交，等待服务机构确认收款。"))


@require_POST
@requires("agency")
def invoice(request: Request, pk: int) -> HttpResponseBase:
    """The agency asks for an accepted milestone to be paid; leads to the paper."""
    row, side = party(request, milestone_of(pk).contract_id)
    form = InvoiceForm(request.POST, auto_id=f"invoice_{pk}_%s")
    issued = form.attempt(lambda given: services.invoice(milestone_id=pk, tax=given["tax"], by=request.actor.by))
    if issued is None:
        return page(request, row, side, {f"invoice:{pk}": form})
    messages.success(request, _("请款单 {number} 已开出，委托方可以查看。").format(number=issued.paper.number))
    return redirect(issued.get_absolute_url())
