"""The page on which a private buyer names an agency. For departments it does not exist."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actor import requires
from accounts.requests import Request
from agencies import selectors as agencies
from agencies.models import Agency
from bidding import selectors, services
from bidding.forms import ChoiceForm
from core.errors import Refusal
from marketplace import selectors as needs
from marketplace.models import Method, Need


@require_http_methods(["GET", "POST"])
@requires("enterprise")
def choose(request: Request, pk: int) -> HttpResponseBase:
    need = _own_need(request, pk)
    form = ChoiceForm(request.POST or None)
    form.fields["agency"].queryset = _candidates(need)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid() and (award_id := _chosen(request, need, form)):
        messages.success(request, _("已选定机构，中选公告已发布。"))
        return redirect("contracts:award", award_id)
    context = {"need": need, "form": form, "award": selectors.standing_award(need.pk), "candidates": _candidates(need)}
    return _page(request, context, bad=form.is_bound)


def _page(request: Request, context: dict[str, object], *, bad: bool) -> HttpResponse:
    return render(request, "bidding/choose.html", context, status=422 if bad else 200)


def _own_need(request: Request, pk: int) -> Need:
    """A published need of the acting buyer that is to be placed directly; all others do not exist here."""
    need = needs.get_need(pk)
    if need is None or not request.actor.acts_for(need.buyer_id):
        raise Http404
    if need.method != Method.DIRECT or need.published_at is None:
        raise Http404
    return need


def _candidates(need: Need) -> "QuerySet[Agency]":
    return agencies.directory(agencies.Filters(item=need.item.code if need.item else ""))


def _chosen(request: Request, need: Need, form: ChoiceForm) -> int | None:
    """The award's id; None when the rules said no, with their words on the form."""
    given = form.cleaned_data
    try:
        award = services.choose_directly(
            need_id=need.pk,
            agency_id=given["agency"].pk,
            amount=given["amount"],
            reason=given["reason"],
            by=request.actor.by,
        )
    except Refusal as refusal:
        form.add_error(None, f"{refusal.sentence} {refusal.way_out}")
        return None
    return award.pk
