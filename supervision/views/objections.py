"""An agency's publicity: until when anyone may object to what it published, and every objection there was."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import Request
from agencies import selectors as agencies
from core import clock
from supervision.selectors import objections

PER_PAGE = 20


@require_safe
def index(request: Request, pk: int) -> HttpResponse:
    agency = agencies.find(pk)
    if agency is None:
        raise Http404
    publicity = agencies.publicity(agency)
    page = Paginator(objections.of_agency(pk), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "agency": agency,
        "publicity": publicity,
        "open": publicity is not None and publicity.runs(clock.now()),
        "page_obj": page,
        "objections": [objections.as_read(row) for row in page.object_list],
        "mine": request.actor.acts_for(pk),
    }
    return render(request, "supervision/objections.html", context)
