"""/exposure/: what was published about broken rules, in one list with its filters in the address."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import selectors as accounts
from core import clock, tables
from core.charts import columns, year_before
from core.workdays import LOCAL
from supervision.selectors import exposure as seen
from supervision.selectors.exposure import KINDS, Filters

PER_PAGE = 30
MOST = 10_000  # rows of a file


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    filters, choices = filters_of(request.GET)
    page = Paginator(seen.rows(filters), PER_PAGE).get_page(request.GET.get("page"))
    counts = seen.counts(filters)
    context = choices | {
        "filters": filters,
        "page_obj": page,
        "entries": seen.entries(page.object_list),
        "kinds": [(kind, name, counts[kind]) for kind, name in KINDS.items()],
        "total": sum(counts.values()),
        "chart": columns(seen.months(filters, year_before(now)), list(KINDS), now),
        "legend": list(KINDS.items()),
    }
    return render(request, "supervision/exposure.html", context)


@require_safe
def exposure_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same list to take along."""
    filters, _choices = filters_of(request.GET)
    found = seen.entries(seen.rows(filters)[:MOST])
    rows = [[f"{one.at.astimezone(LOCAL):%Y-%m-%d}", one.label, one.name, one.detail, one.path] for one in found]
    columns_ = [_("公布日期"), _("类别"), _("单位"), _("内容"), _("页面")]
    return tables.respond(rows, columns=columns_, name="exposure", kind=kind)


def filters_of(query: QueryDict) -> tuple[Filters, dict[str, Any]]:
    """What an address asks for, with the choices there are; unknown values count as "all"."""
    this_year = clock.now().astimezone(LOCAL).year
    years = list(range(this_year, this_year - 5, -1))
    regions = [one for one in accounts.regions() if one.code.endswith("00")]
    region = next((one for one in regions if one.code == query.get("region")), None)
    kind = query.get("kind", "")
    filters = Filters(
        kind=kind if kind in KINDS else "",
        q=query.get("q", "").strip()[:60],
        region=region.reach if region else "",
        year=next((year for year in years if str(year) == query.get("year")), None),
    )
    return filters, {"years": years, "regions": regions, "region": region}
