"""What is done about an escrow: each view one verb of the services, refusals shown where they belong."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import requires
from accounts.forms import RefusableForm
from accounts.requests import Request
from core.errors import Refusal
from payments.escrow_forms import GiveBackForm, ReleaseForm, SettlementForm, StopForm
from payments.models import EscrowPart, Funding, Settlement
from payments.selectors import escrow as escrows
from payments.services.escrow import disputes, moving, opening
from payments.views.escrow import PARTIES, page, readable


@require_POST
@requires("enterprise")
def pay(request: Request, pk: int) -> HttpResponseBase:
    """To the payment page; when the provider does not answer, back to ours, which says what happens next."""
    row, _side = readable(request, pk)
    funding = opening.pay(escrow_id=row.pk, by=request.actor.by)
    return to_page(request, funding)


def to_page(request: Request, funding: Funding) -> HttpResponseBase:
    if funding.state == Funding.State.OPEN and funding.url:
        return redirect(funding.url)
    if funding.state == Funding.State.OPENING:
        messages.warning(request, _("支付平台暂时没有响应。您的付款申请已经保存，平台会自动重试，请稍后在本页继续。"))
    else:
        messages.error(request, _("支付平台没有接受这次付款申请，请稍后再试，或改用银行转账。"))
    return redirect(funding.escrow)


@require_POST
@requires("enterprise")
def cancel(request: Request, pk: int) -> HttpResponseBase:
    row, _side = readable(request, pk)
    opening.cancel(escrow_id=row.pk, by=request.actor.by)
    messages.success(request, _("已取消托管，可以在合同页重新选择付款方式。"))
    return redirect(row.page)


@require_POST
@requires("enterprise")
def release(request: Request, pk: int) -> HttpResponseBase:
    part = _part(pk)
    form = ReleaseForm(request.POST, auto_id=f"release_{pk}_%s")

    def act(values: dict[str, Any]) -> None:
        moving.release_early(part_id=pk, amount=values["amount"], by=request.actor.by)

    return _done(request, part.escrow_id, form, act, name=f"release:{pk}", said=_("已决定放款，正在划到服务机构账户。"))


@require_POST
@requires("agency")
def give_back(request: Request, pk: int) -> HttpResponseBase:
    def act(values: dict[str, Any]) -> None:
        moving.give_back(escrow_id=pk, amount=values["amount"], reason=values["reason"], by=request.actor.by)

    return _done(request, pk, GiveBackForm(request.POST), act, name="give_back", said=_("已决定退款，正在退回委托方。"))


@require_POST
@requires(*PARTIES)
def stop(request: Request, pk: int) -> HttpResponseBase:
    def act(values: dict[str, Any]) -> None:
        disputes.stop(escrow_id=pk, reason=values["reason"], by=request.actor.by)

    return _done(request, pk, StopForm(request.POST), act, name="stop", said=_("资金已冻结。请与对方协商处理方案。"))


@require_POST
@requires(*PARTIES)
def resume(request: Request, pk: int) -> HttpResponseBase:
    row, _side = readable(request, pk)
    disputes.resume(escrow_id=row.pk, by=request.actor.by)
    messages.success(request, _("争议已撤回，资金恢复托管。"))
    return redirect(row)


@require_POST
@requires(*PARTIES)
def propose(request: Request, pk: int) -> HttpResponseBase:
    def act(values: dict[str, Any]) -> None:
        by = request.actor.by
        disputes.propose(escrow_id=pk, to_supplier=values["to_supplier"], reason=values["reason"], by=by)

    return _done(
        request, pk, SettlementForm(request.POST), act, name="settlement", said=_("处理方案已提出，等待对方答复。")
    )


@require_POST
@requires(*PARTIES)
def answer(request: Request, pk: int) -> HttpResponseBase:
    """`accepted`: yes carries it out; anything else declines it, or takes it back."""
    settlement = _settlement(pk)
    row, _side = readable(request, settlement.escrow_id)
    accepted = request.POST.get("accepted") == "yes"
    disputes.answer(settlement_id=pk, accepted=accepted, by=request.actor.by)
    messages.success(
        request, _("处理方案已生效，正在划转。") if accepted else _("这份方案已经结束，可以提出新的方案。")
    )
    return redirect(row)


@require_POST
@requires("regulator")
def decide(request: Request, pk: int) -> HttpResponseBase:
    def act(values: dict[str, Any]) -> None:
        by = request.actor.by
        disputes.decide(escrow_id=pk, to_supplier=values["to_supplier"], reason=values["reason"], by=by)

    return _done(request, pk, SettlementForm(request.POST), act, name="settlement", said=_("决定已作出，正在划转。"))


def _done(
    request: Request, pk: int, form: RefusableForm, act: Callable[[dict[str, Any]], None], *, name: str, said: str
) -> HttpResponseBase:
    """Run a form through its verb; the page again with what was typed when it was refused."""
    row, side = readable(request, pk)
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except Refusal as refusal:
            if refusal.code not in form.refusal_fields:
                raise
            form.refuse(refusal)
    if form.errors:
        return page(request, row, side, {name: form})
    messages.success(request, said)
    return redirect(row)


def _part(pk: int) -> EscrowPart:
    try:
        return escrows.part(pk)
    except EscrowPart.DoesNotExist as missing:
        raise Http404 from missing


def _settlement(pk: int) -> Settlement:
    try:
        return escrows.settlement(pk)
    except Settlement.DoesNotExist as missing:
        raise Http404 from missing
