"""/statistics/: what the market achieved. Filters live in the address; the same figures come as CSV."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from core import charts, clock, tables
from marketplace.wording import STATES
from portal import words
from portal.selectors import statistics as facts
from portal.selectors.statistics import Scope, Statistics

BUYERS = (Organisation.Kind.ENTERPRISE, Organisation.Kind.DEPARTMENT)


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    scope, choices = scope_of(request.GET)
    found = facts.statistics(scope, clock.now())
    return render(request, "portal/statistics.html", choices | _drawn(found) | {"scope": scope, "stats": found})


@require_safe
def statistics_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same figures in long format, as CSV or XLSX."""
    scope, _choices = scope_of(request.GET)
    columns = [_("部分"), _("名称"), _("指标"), _("数值")]
    rows = table_rows(facts.statistics(scope, clock.now()))
    return tables.respond(rows, columns=columns, name="statistics", kind=kind)


def scope_of(query: QueryDict) -> tuple[Scope, dict[str, Any]]:
    """The scope an address asks for, with the choices there are; unknown values count as "all"."""
    years, categories, regions = facts.years(), facts.categories(), facts.regions_in_use()
    scope = Scope(
        year=next((year for year in years if str(year) == query.get("year")), None),
        category=next((row[0] for row in categories if row[0] == query.get("category")), ""),
        buyer=next((str(kind) for kind in BUYERS if kind == query.get("buyer")), ""),
        region=next((row[0] for row in regions if row[0] == query.get("region")), ""),
    )
    chinese = get_language() == "zh-hans"
    return scope, {
        "years": years,
        "categories": [(code, zh if chinese else en) for code, zh, en in categories],
        "regions": [(code, zh if chinese else en) for code, zh, en in regions],
        "buyers": [(str(kind), kind.label) for kind in BUYERS],
    }


def _drawn(found: Statistics) -> dict[str, Any]:
    months = [(float(savings.ceiling), float(savings.amount)) for _month, savings in found.months]
    spans = [(words.SPANS[name], days, count) for name, days, count in found.steps if name != "to_award"]
    crowd = charts.shares([count for _label, count in found.crowds])
    states = [(state, STATES[state], count) for state, count in found.states.items()]
    state_shares = charts.shares([count for _state, _label, count in states])
    return {
        "bars": list(zip(charts.bars(months), found.months, strict=False)),
        "spans": [(*span, share) for span, share in zip(spans, charts.shares([s[1] or 0 for s in spans]), strict=True)],
        "crowds": [(*pair, share) for pair, share in zip(found.crowds, crowd, strict=True)],
        "states": [(*row, share) for row, share in zip(states, state_shares, strict=True)],
        "failures": [(words.failure(reason), count) for reason, count in found.failures],
    }


def table_rows(found: Statistics) -> Iterator[list[Any]]:
    """Section, label, measure, value. Amounts in yuan, spans in days."""
    yield from _overall(found)
    for state, count in found.states.items():
        yield [_("状态"), STATES[state], _("需求数"), count]
    for name, days, count in found.steps:
        yield [_("各步用时"), words.SPANS[name], _("中位天数"), _rounded(days)]
        yield [_("各步用时"), words.SPANS[name], _("需求数"), count]
    for month, savings in found.months:
        yield from _money_rows(_("按月"), f"{month:%Y-%m}", savings)
    for label, count in found.crowds:
        yield [_("参与机构数"), label, _("竞争数"), count]
    for reason, count in found.failures:
        yield [_("流标原因"), words.failure(reason), _("需求数"), count]
    for section, lines in ((_("按类别"), found.categories), (_("按部门"), found.departments)):
        for line in lines:
            yield from _group_rows(section, line)


def _overall(found: Statistics) -> Iterator[list[Any]]:
    yield [_("总计"), "", _("需求数"), found.total]
    yield from _money_rows(_("总计"), "", found.savings)
    yield [_("总计"), "", _("参与机构数中位数"), _rounded(found.median_bidders)]


def _money_rows(section: str, label: str, savings: facts.Savings) -> Iterator[list[Any]]:
    yield [section, label, _("中选数"), savings.awards]
    yield [section, label, _("最高限价合计"), savings.ceiling]
    yield [section, label, _("中选金额合计"), savings.amount]
    yield [section, label, _("节约金额"), savings.saved]


def _group_rows(section: str, line: facts.GroupLine) -> Iterator[list[Any]]:
    name = line.label_zh if get_language() == "zh-hans" else line.label_en
    yield [section, name, _("需求数"), line.needs]
    yield [section, name, _("流标数"), line.failed]
    yield [section, name, _("公告到中选中位天数"), _rounded(line.days)]
    yield from _money_rows(section, name, line.savings)


def _rounded(value: float | None) -> float | str:
    return "" if value is None else round(value, 1)
