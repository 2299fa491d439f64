"""Promises: how public bodies keep their limits, for everybody to read."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from core import charts, clock, rulesets, tables
from supervision.selectors import cards

PER_PAGE = 30


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    standings = cards.by_department()
    context = {
        "standings": standings,
        "total": cards.total(standings),
        "kinds": cards.by_kind(None, now - cards.YEAR),
        "rules": rulesets.current("clocks"),
    }
    return render(request, "supervision/promises.html", context | drawn(None))


def drawn(organisation_id: int | None) -> dict[str, Any]:
    """A year's months with their bars; no bars where nothing was decided."""
    months = cards.months(organisation_id, clock.now())
    bars = charts.bars([(float(one.kept + one.broken), float(one.kept)) for one in months])
    return {"bars": list(zip(bars, months, strict=False))}


@require_safe
def promises_file(_request: HttpRequest, kind: str) -> HttpResponse:
    """The table as CSV or XLSX."""
    columns = [_("单位"), _("按期办结"), _("超时"), _("按期率（%）"), _("正在办理"), _("超时未办结")]
    return tables.respond(_rows(), columns=columns, name="promises", kind=kind)


def _rows() -> Iterator[list[Any]]:
    for one in cards.by_department():
        tally = one.tally
        share = "" if tally.share is None else tally.share
        yield [one.organisation.name, tally.kept, tally.broken, share, tally.running, tally.overdue]


@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """One public body: by kind, by month, and every red card with what it said to it."""
    try:
        found = cards.body(pk)
    except Organisation.DoesNotExist as missing:
        raise Http404 from missing
    kinds = cards.by_kind(pk, clock.now() - cards.YEAR)
    context = {
        "body": found,
        "kinds": kinds,
        "total": cards.total([cards.Standing(found, one.tally) for one in kinds]),
        "page_obj": Paginator(cards.broken(pk), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "supervision/promise.html", context | drawn(pk))
