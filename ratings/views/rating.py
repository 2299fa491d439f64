"""Rating the other side of a contract; nothing of it is shown before the window is revealed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import BUYERS, SUPERVISORS, requires
from accounts.errors import NOT_YOURS
from accounts.requests import Request
from contracts import selectors as contracts
from contracts.models import Contract
from core import clock
from core.errors import Refusal
from ratings import errors, selectors, services
from ratings.forms import RatingForm, ReplyForm
from ratings.models import Rating, RatingWindow
from ratings.services.rating import appeal_until, edit_until
from ratings.texts import DIMENSIONS, LABELS

PARTIES = (*BUYERS, "agency")


@requires(*PARTIES, *SUPERVISORS)
def rate(request: Request, pk: int) -> HttpResponseBase:
    """Both the form and what became of it."""
    contract, side = _readable(request, pk)
    window = selectors.window_of(pk)
    if window is None:
        raise errors.NOT_OPEN()
    own = selectors.own_rating(window, side) if side else None
    form = None
    if side and _may_rate(window, own):
        form = RatingForm(request.POST if request.method == "POST" else None, side=side, rating=own)
    if request.method == "POST":
        return _rated(request, contract, window, side, form)
    return _page(request, contract, window, side, form)


def _rated(
    request: Request, contract: Contract, window: RatingWindow, side: str | None, form: RatingForm | None
) -> HttpResponseBase:
    if side is None:
        raise NOT_YOURS()
    if form is None:
        raise errors.WINDOW_OVER() if _over(window) else errors.EDIT_OVER()
    if form.is_valid():
        try:
            services.rate(
                contract_id=contract.pk,
                side=side,
                scores=form.scores(),
                text=form.cleaned_data["text"],
                by=request.actor.by,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("评价已提交。双方都评价后，或窗口关闭时公开。"))
            return redirect("ratings:rate", contract.pk)
    return _page(request, contract, window, side, form)


def _over(window: RatingWindow) -> bool:
    return window.revealed_at is not None or clock.now() >= window.ends_at


def _may_rate(window: RatingWindow, own: Rating | None) -> bool:
    return not _over(window) and (own is None or clock.now() < edit_until(own))


def _page(
    request: Request, contract: Contract, window: RatingWindow, side: str | None, form: RatingForm | None
) -> HttpResponse:
    own = selectors.own_rating(window, side) if side else None
    other = {"buyer": "supplier", "supplier": "buyer"}.get(side or "", "")
    context = {
        "contract": contract,
        "need": contract.award.need,
        "window": window,
        "over": _over(window),
        "side": side,
        "form": form,
        "own": own,
        "own_stars": _stars(own) if own else [],
        "edit_until": edit_until(own) if own else None,
        "other_name": contract.buyer.name if other == "buyer" else contract.supplier.organisation.name,
        "other_rated": selectors.has_rated(window, other) if other else False,
        "revealed": [_shown(request, rating) for rating in selectors.revealed(window)],
    }
    return render(request, "ratings/rate.html", context, status=422 if form and form.errors else 200)


def _shown(request: Request, rating: Rating) -> dict[str, Any]:
    may_reply = request.actor.acts_for(rating.ratee_id) and rating.replied_at is None
    appeal = getattr(rating, "appeal", None)
    decision = getattr(appeal, "decision", None)
    return {
        "rating": rating,
        "stars": _stars(rating),
        "average": selectors.average_of(rating),
        "reply": ReplyForm() if may_reply else None,
        "appeal": appeal,
        "withdrawn": bool(decision and decision.upheld),
        "may_appeal": request.actor.acts_for(rating.ratee_id) and clock.now() < appeal_until(rating),
    }


def _stars(rating: Rating) -> list[dict[str, Any]]:
    return [{"label": LABELS[rating.side][name], "value": getattr(rating, name)} for name in DIMENSIONS]


@require_POST
@requires(*PARTIES)
def reply(request: Request, pk: int) -> HttpResponseBase:
    try:
        rating = selectors.rating(pk)
    except Rating.DoesNotExist as missing:
        raise Http404 from missing
    form = ReplyForm(request.POST)
    text = form.cleaned_data["reply"] if form.is_valid() else request.POST.get("reply", "")
    services.reply(rating_id=pk, text=text, by=request.actor.by)
    messages.success(request, _("答复已公开。"))
    if request.POST.get("next") == "credit" and rating.side == "buyer":
        return redirect("ratings:credit", rating.ratee_id)
    return redirect("ratings:rate", rating.window.contract_id)


def _readable(request: Request, pk: int) -> tuple[Contract, str | None]:
    try:
        contract = contracts.contract(pk)
    except Contract.DoesNotExist as missing:
        raise Http404 from missing
    side = contract.side_of(request.actor.org_id)
    if side is None and not request.actor.of(*SUPERVISORS):
        raise NOT_YOURS()
    return contract, side
