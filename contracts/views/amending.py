"""Changes to a signed contract: proposed, answered, and the versions before."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import SUPERVISORS, requires
from accounts.requests import Request
from contracts import changes, errors, services
from contracts.forms import AmendForm, SendBackForm
from contracts.models import Amendment, Contract
from contracts.rules.terms import clauses
from contracts.services.amending import standing, waiting
from contracts.views.contract import PARTIES, answered, party, readable
from core.errors import Refusal


@requires(*PARTIES)
def amend(request: Request, pk: int) -> HttpResponseBase:
    """The form of a change: last days, amounts and names of what is not delivered yet, and the terms."""
    row, side = party(request, pk)
    if row.signed_at is None or row.completed_at or row.terminated_at:
        raise errors.NOT_CHANGEABLE()
    if waiting(row):
        raise errors.AMENDMENT_WAITING()
    form = AmendForm(request.POST if request.method == "POST" else None, contract=row, stages=standing(row))
    if request.method == "POST" and form.is_valid() and _proposed(request, row, side, form):
        return redirect("contracts:contract", row.pk)
    context = {"contract": row, "form": form, "side": side}
    return render(request, "contracts/amend.html", context, status=422 if form.errors else 200)


def _proposed(request: Request, row: Contract, side: str, form: AmendForm) -> bool:
    values = form.cleaned_data
    try:
        services.propose_amendment(
            contract_id=row.pk,
            side=side,
            reason=values["reason"],
            terms=values["terms"].replace("\r\n", "\n"),
            stages=values["stages"],
            version=values["version"],
            by=request.actor.by,
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("变更申请已提出，等待对方答复。"))
    return True


@require_POST
@requires(*PARTIES)
def agree(request: Request, pk: int) -> HttpResponseBase:
    party(request, _amendment(pk).contract_id)
    contract = services.agree_amendment(amendment_id=pk, by=request.actor.by)
    return answered(request, contract, {}, _("已同意变更，合同现为第 {version} 版。").format(version=contract.version))


@require_POST
@requires(*PARTIES)
def return_(request: Request, pk: int) -> HttpResponseBase:
    row, _side = party(request, _amendment(pk).contract_id)
    form, by = SendBackForm(request.POST, auto_id="amend_%s"), request.actor.by
    form.attempt(lambda given: services.return_amendment(amendment_id=pk, reason=given["reason"], by=by))
    return answered(request, row, {"amend_return": form}, _("已退回，对方会看到您的理由。"))


@require_POST
@requires(*PARTIES)
def withdraw(request: Request, pk: int) -> HttpResponseBase:
    row, _side = party(request, _amendment(pk).contract_id)
    services.withdraw_amendment(amendment_id=pk, by=request.actor.by)
    return answered(request, row, {}, _("变更申请已撤回。"))


@requires(*PARTIES, *SUPERVISORS)
def version(request: Request, pk: int, number: int) -> HttpResponse:
    """A version that was in force, as its paper has it."""
    row, _side = readable(request, pk)
    found = next((one for one in changes.versions(row) if one.number == number and one.paper), None)
    if found is None or found.paper is None:
        raise Http404
    data = found.paper.data
    context = {"contract": row, "version": found, "data": data, "terms": clauses(data["terms"])}
    return render(request, "contracts/version.html", context)


def _amendment(pk: int) -> Amendment:
    found = Amendment.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
