"""Proposing a listing: first the case, those that permit it and why others don't, then its terms."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from accounts.actor import requires
from accounts.requests import Request
from core import papers
from supervision import list_words, words
from supervision.list_forms import ProposeForm
from supervision.models import Case, Listing
from supervision.selectors import cases as seen_cases
from supervision.selectors import listings as seen
from supervision.services import listing_grounds, listings
from supervision.views.list_steps import done

PER_PAGE = 20
OTHERS = 10  # cases that carry no listing are shown as examples of why not


@require_http_methods(["GET", "HEAD", "POST"])
@requires("regulator")
def propose(request: Request) -> HttpResponseBase:
    """A published case becomes a candidate."""
    if request.method == "POST":
        return _proposed(request)
    number = request.GET.get("case", "").strip()[:30]
    if not number:
        return _choice(request)
    case = _found(number)
    return _terms(request, case, ProposeForm(initial=_prefilled(case)))


def _proposed(request: Request) -> HttpResponseBase:
    form = ProposeForm(request.POST)
    made: list[Listing] = []
    verb = lambda **given: made.append(listings.propose_listing(**given))  # noqa: E731 - to keep the row
    if form.is_valid() and done(request, form, verb, _("已提出列入，请发出告知书。"), **form.cleaned_data):
        return redirect(made[0])
    case = seen_cases.decisions().filter(number=request.POST.get("case_number", "")[:30]).first()
    return _terms(request, case, form) if case else _choice(request, refused=form)


def _choice(request: Request, *, refused: ProposeForm | None = None) -> HttpResponse:
    q = request.GET.get("q", "").strip()[:60]
    may, others = seen.proposable(q)
    page = Paginator(may, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [_row(case) for case in page.object_list],
        "others": [_row(case) | {"why": listing_grounds.why_not(case)} for case in others[:OTHERS]],
        "q": q,
        "form": refused,
    }
    return render(request, "supervision/listing_choice.html", context, status=422 if refused else 200)


def _row(case: Case) -> dict[str, Any]:
    return {"case": case, "ground": words.ground(case.ground)}


def _terms(request: Request, case: Case, form: ProposeForm) -> HttpResponse:
    why, stands = listing_grounds.why_not(case), listing_grounds.footing(case)
    context = {
        "form": form,
        "case": case,
        "why": why,
        "ground": words.ground(case.ground),
        "severity": list_words.SEVERITY[stands.ground.severity],
        "terms": stands.terms,
    }
    return render(request, "supervision/listing_new.html", context, status=422 if form.errors else 200)


def _prefilled(case: Case) -> dict[str, Any]:
    """In the language of the record, whoever reads the page."""
    stands = listing_grounds.footing(case)
    with override(papers.LANGUAGE):
        ground = str(words.ground(case.ground))
    return {
        "case_number": case.number,
        "ground": ground,
        "legal_basis": stands.ground.basis,
        "months": stands.terms.fewest,
    }


def _found(number: str) -> Case:
    try:
        return seen_cases.decision(number)
    except Case.DoesNotExist as missing:
        raise Http404 from missing
