"""Escrow's pages: mine as a list, and one with all that may be done about it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.actor import SUPERVISORS, requires
from accounts.errors import NOT_YOURS
from accounts.requests import Request
from payments import escrow_words as words
from payments.escrow_forms import GiveBackForm, ReleaseForm, SettlementForm, StopForm
from payments.gateway import Trouble
from payments.models import Escrow, Funding, ProviderCall, Side
from payments.rules.escrow import State
from payments.selectors import escrow as escrows
from payments.selectors import provider
from payments.selectors.escrow import Standing
from payments.services.escrow import arrivals

PARTIES = ("enterprise", "agency")
READERS = (*PARTIES, *SUPERVISORS)
PER_PAGE = 20
Forms = dict[str, Any]
PROGRESS = {State.UNPAID: 0, State.PAYING: 0, State.HELD: 1, State.FROZEN: 1, State.MOVING: 2, State.SETTLED: 3}


@requires(*READERS)
def overview(request: Request) -> HttpResponse:
    """Mine, newest first; supervisors see all. `?open=1` leaves out what is over."""
    actor = request.actor
    rows = escrows.every() if actor.of(*SUPERVISORS) else escrows.escrows_of(actor.org_id)
    only_open = request.GET.get("open") == "1"
    if only_open:
        rows = rows.filter(cancelled_at=None)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    lines = escrows.standings(list(page.object_list))
    if only_open:
        lines = [one for one in lines if one.state != State.SETTLED]
    context = {
        "page_obj": page,
        "lines": [(one, one.escrow.side_of(actor.org_id)) for one in lines],
        "only_open": only_open,
        "totals": None if actor.of(*SUPERVISORS) else escrows.totals(actor.org_id),
        "health": provider.health(),
        "payout": provider.payout_account(actor.org_id) if actor.of("agency") else None,
        "tab": "escrow",
    }
    return render(request, "payments/escrows.html", context)


@requires(*READERS)
def escrow(request: Request, pk: int) -> HttpResponse:
    row, side = readable(request, pk)
    return page(request, row, side, {})


@requires(*PARTIES)
def back(request: Request, pk: int) -> HttpResponseBase:
    """Where the payment page leads back to: ask how it went rather than wait for the webhook."""
    row, _side = readable(request, pk)
    for funding in row.fundings.all():
        try:
            if funding.state in escrows.OPEN:
                arrivals.refresh(funding)
        except Trouble:
            messages.warning(request, _("支付平台暂时没有响应，付款结果稍后会自动更新，请不要重复付款。"))
    row = escrows.escrow(pk)
    if row.funded_at:
        messages.success(request, _("付款已到账，资金已托管。"))
    return redirect(row)


def readable(request: Request, pk: int) -> tuple[Escrow, Side | None]:
    """The escrow and the reader's side (None: a supervisor). Nobody else may read it."""
    try:
        row = escrows.escrow(pk)
    except Escrow.DoesNotExist as missing:
        raise Http404 from missing
    side = row.side_of(request.actor.org_id)
    if side is None and not request.actor.of(*SUPERVISORS):
        raise NOT_YOURS()
    return row, side


def page(request: Request, row: Escrow, side: Side | None, forms: Forms) -> HttpResponse:
    """The whole page; `forms` holds what was refused, under its name and, for parts, their id."""
    standing, funding = escrows.standing(row), escrows.last_funding(row)
    regulator = request.actor.of("regulator")
    context = {
        "escrow": row,
        "standing": standing,
        "side": side,
        "steps": _steps(standing),
        "funding": funding,
        "declined": words.decline(funding.failure) if funding and not row.funded_at else "",
        "parts": [_part(one, standing, side, forms) for one in row.parts.all()],
        "pending": [(one, words.trouble(one.trouble)) for one in escrows.pending(row)],
        "proposal": next((one for one in row.settlements.all() if one.answered_at is None), None),
        "bank_dispute": next((one for one in row.charge_disputes.all() if one.closed_at is None), None),
        "may": _may(standing, funding, side, regulator=regulator),
        "give_back": forms.get("give_back", GiveBackForm()),
        "stop": forms.get("stop", StopForm()),
        "settlement": forms.get("settlement", SettlementForm()),
        "story": escrows.story(row),
        "health": provider.health(),
        "tab": "escrow",
    }
    return render(request, "payments/escrow.html", context, status=422 if forms else 200)


def _may(standing: Standing, funding: Funding | None, side: Side | None, *, regulator: bool) -> dict[str, bool]:
    """What this reader may do now."""
    row, party = standing.escrow, side is not None
    unpaid = standing.state in (State.UNPAID, State.PAYING)
    moves = standing.state == State.HELD and bool(standing.held)
    frozen = row.disputed_at is not None and standing.state == State.FROZEN
    at_bank = any(one.closed_at is None for one in row.charge_disputes.all())
    return {
        "pay": unpaid and side == Side.BUYER,
        "opening": unpaid and funding is not None and funding.state == Funding.State.OPENING,
        "cancel": unpaid and side == Side.BUYER,
        "release": moves and side == Side.BUYER,
        "give_back": moves and side == Side.SUPPLIER,
        "stop": moves and party,
        "resume": frozen and side is not None and row.disputed_by == side,
        "propose": frozen and party and not at_bank,
        "decide": frozen and regulator and not at_bank,
    }


def _part(one: Any, standing: Standing, side: Side | None, forms: Forms) -> dict[str, Any]:
    form = forms.get(f"release:{one.pk}", ReleaseForm(auto_id=f"release_{one.pk}_%s", initial={"amount": one.left}))
    may = standing.state == State.HELD and side == Side.BUYER and bool(one.left) and bool(standing.held)
    return {"part": one, "form": form, "may_release": may and one.accepted_at is None}


def _steps(standing: Standing) -> list[dict[str, Any]]:
    row = standing.escrow
    if standing.state == State.CANCELLED:
        return [{"label": _("付款"), "state": "failed", "at": row.cancelled_at, "note": _("已取消")}]
    reached = PROGRESS[standing.state]
    moved = [one for one in row.calls.all() if one.kind in (ProviderCall.Kind.TRANSFER, ProviderCall.Kind.REFUND)]
    last = max((one.done_at for one in moved if one.done_at), default=None)
    labels = (
        (_("付款"), row.funded_at),
        (_("托管"), None),
        (_("划转"), None),
        (_("结清"), last if reached == 3 else None),
    )
    return [
        {
            "label": label,
            "state": "done" if place < reached or reached == 3 else "now" if place == reached else "todo",
            "at": at,
            "note": _("争议冻结") if place == 1 and standing.state == State.FROZEN else "",
        }
        for place, (label, at) in enumerate(labels)
    ]
