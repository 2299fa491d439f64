"""A revealed rating as supervisors and its two sides read it, and the case that may grow from it."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.actor import SUPERVISORS, requires
from accounts.requests import Request
from ratings import selectors as ratings
from ratings.models import Rating
from ratings.texts import DIMENSIONS, LABELS
from supervision.forms import GrownCaseForm
from supervision.selectors import origins
from supervision.services.origins import open_case_on_rating
from supervision.views import growing


@require_safe
@requires()
def rating(request: Request, pk: int) -> HttpResponse:
    """For everybody else, and as long as it is sealed, there is none."""
    row = _rating(pk)
    if not (request.actor.of(*SUPERVISORS) or request.actor.org_id in (row.rater_id, row.ratee_id)):
        raise Http404
    return _page(request, row)


@require_POST
@requires("regulator")
def open_case(request: Request, pk: int) -> HttpResponseBase:
    """The rating becomes a case on one of its sides."""
    row = _rating(pk)
    form = growing.form_for(origins.of_rating(row), request.POST)

    def verb(data: dict[str, Any]) -> Any:
        return open_case_on_rating(
            rating_id=pk, subject_id=data["subject"], ground=data["ground"], facts=data["facts"], by=request.actor.by
        )

    made = growing.opened(request, form, verb)
    return redirect(made) if made else _page(request, row, form)


def _rating(pk: int) -> Rating:
    try:
        return ratings.rating(pk)
    except Rating.DoesNotExist as missing:
        raise Http404 from missing


def _page(request: Request, row: Rating, form: GrownCaseForm | None = None) -> HttpResponse:
    actor, appeal = request.actor, ratings.of_rating(row.pk)
    regulator, case = actor.of("regulator"), growing.grown(actor, origins.RATING, row.pk)
    context = {
        "rating": row,
        "contract": row.window.contract,
        "need": row.window.contract.award.need,
        "average": ratings.average_of(row),
        "stars": [{"label": LABELS[row.side][name], "value": getattr(row, name)} for name in DIMENSIONS],
        "appeal": appeal,
        "waits": origins.appealed(row),
        "withdrawn": origins.is_withdrawn(row),
        "inside": actor.of(*SUPERVISORS),
        "regulator": regulator,
        "tied": regulator and growing.tied(actor, row.rater_id, row.ratee_id),
        "case_form": form or (growing.form_for(origins.of_rating(row)) if regulator and not case["grown"] else None),
        "refused": form is not None,
        **case,
    }
    return render(request, "supervision/rating.html", context, status=422 if form else 200)
