"""The early end of a contract: proposed, answered; and a department's note that it filed the contract."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import requires
from accounts.requests import Request
from contracts import errors, services
from contracts.forms import EndForm, FilingForm
from contracts.models import Termination
from contracts.services.terminating import waiting
from contracts.views.contract import PARTIES, answered, party


@requires(*PARTIES)
def terminate(request: Request, pk: int) -> HttpResponseBase:
    row, side = party(request, pk)
    if row.signed_at is None or row.completed_at or row.terminated_at:
        raise errors.NOT_RUNNING()
    if waiting(row):
        raise errors.TERMINATION_WAITING()
    form, by = EndForm(request.POST or None), request.actor.by
    if request.method == "POST":
        asked = form.attempt(
            lambda given: services.propose_termination(
                contract_id=row.pk, side=side, reason=given["reason"], liable=given["liable"], by=by
            )
        )
        if asked:
            messages.success(request, _("解除申请已提出，等待对方答复。"))
            return redirect("contracts:contract", row.pk)
    context = {"contract": row, "form": form}
    return render(request, "contracts/terminate.html", context, status=422 if form.errors else 200)


@require_POST
@requires(*PARTIES)
def agree(request: Request, pk: int) -> HttpResponseBase:
    row, _side = party(request, _termination(pk).contract_id)
    services.agree_termination(termination_id=pk, by=request.actor.by)
    return answered(request, row, {}, _("合同已解除。已经验收的部分仍应付款，其余款项退回。"))


@require_POST
@requires(*PARTIES)
def dispute(request: Request, pk: int) -> HttpResponseBase:
    row, _side = party(request, _termination(pk).contract_id)
    form, by = EndForm(request.POST, auto_id="end_%s"), request.actor.by
    form.attempt(
        lambda given: services.dispute_termination(
            termination_id=pk, reason=given["reason"], liable=given["liable"], by=by
        )
    )
    return answered(request, row, {"dispute": form}, _("已提出异议，合同继续履行。"))


@require_POST
@requires(*PARTIES)
def withdraw(request: Request, pk: int) -> HttpResponseBase:
    row, _side = party(request, _termination(pk).contract_id)
    services.withdraw_termination(termination_id=pk, by=request.actor.by)
    return answered(request, row, {}, _("解除申请已撤回。"))


@require_POST
@requires("department")
def file(request: Request, pk: int) -> HttpResponseBase:
    row, _side = party(request, pk)
    form, by = FilingForm(request.POST), request.actor.by
    form.attempt(lambda given: services.file_contract(contract_id=row.pk, number=given["number"], by=by))
    return answered(request, row, {"filing": form}, _("已登记备案编号。"))


def _termination(pk: int) -> Termination:
    found = Termination.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
