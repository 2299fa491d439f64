"""The catalogue of service items, open to everybody."""

from itertools import groupby

from django.http import Http404, HttpResponse
from django.shortcuts import render

from accounts.requests import Request
from marketplace import selectors
from marketplace.forms import CatalogueFilterForm
from marketplace.selectors import NeedFilters

OPEN_SHOWN = 10


def catalogue(request: Request) -> HttpResponse:
    form = CatalogueFilterForm(request.GET)
    items = list(selectors.catalogue(form.filters()))
    counts = selectors.open_counts()
    groups = [
        (rows[0].category, [(item, counts.get(item.code, 0)) for item in rows])
        for rows in (list(group) for _, group in groupby(items, key=lambda item: item.category_code))
    ]
    context = {"form": form, "groups": groups, "count": len(items)}
    return render(request, "marketplace/catalogue.html", context)


def item(request: Request, code: str) -> HttpResponse:
    current = selectors.item(code)
    if current is None:
        raise Http404
    open_needs = selectors.open_needs(filters=NeedFilters(item=code))
    context = {
        "item": current,
        "versions": selectors.versions(code),
        "needs": open_needs[:OPEN_SHOWN],
        "open_count": open_needs.count(),
    }
    return render(request, "marketplace/item.html", context)
