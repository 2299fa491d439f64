"""/desk/: each kind of organisation finds its own work, what is due first on top."""

from collections.abc import Callable

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actor import requires
from accounts.models import Organisation
from accounts.requests import Request
from core import clock, skew, tables
from core.charts import columns, year_before
from core.workdays import LOCAL
from portal import __version__, words
from portal.selectors import desks, health, operator
from portal.selectors import worklist as worklists
from portal.selectors.catalogue import catalogue_lines
from portal.selectors.worklist import Filters, Line
from supervision.selectors import trends

Kind = Organisation.Kind
PER_PAGE = 25


@require_safe
@requires()
def desk(request: Request) -> HttpResponse:
    """Without an organisation there is no desk yet: people are led to register one."""
    if request.actor.organisation is None:
        return redirect("/join/")
    return _DESKS[request.actor.kind](request, request.actor.organisation.pk)


def _buyer(request: Request, org_id: int) -> HttpResponse:
    desk = desks.buyer_desk(org_id, clock.now(), department=request.actor.of(Kind.DEPARTMENT))
    columns = [(words.COLUMNS[key], cards) for key, cards in desk.columns]
    return render(request, "portal/desk_buyer.html", {"desk": desk, "columns": columns})


def _agency(request: Request, org_id: int) -> HttpResponse:
    desk = desks.agency_desk(org_id, clock.now())
    missing = [(words.PROFILE[key], words.PROFILE_PAGES[key]) for key in desk.missing]
    return render(request, "portal/desk_agency.html", {"desk": desk, "missing": missing})


def _regulator(request: Request, org_id: int) -> HttpResponse:
    now = clock.now()
    work = worklists.worklist(Filters.of(request.GET), org_id, now)
    page = Paginator(work.items, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "desk": desks.regulator_desk(now),
        "work": work,
        "kinds": [(key, words.WORKLIST[key], count) for key, count in work.kinds.items()],
        "states": list(words.WORK_STATES.items()),
        "lines": worklists.lines(list(page.object_list), org_id),
        "page_obj": page,
        "chart": columns(trends.months(year_before(now)), list(words.ARRIVALS), now),
        "legend": list(words.ARRIVALS.items()),
    }
    return render(request, "portal/desk_regulator.html", context)


@require_safe
@requires(Kind.REGULATOR)
def worklist_file(request: Request, kind: str) -> HttpResponse:
    """The worklist with its filters, to take along."""
    org_id = request.actor.org_id or 0
    work = worklists.worklist(Filters.of(request.GET), org_id, clock.now())
    columns = [_("类别"), _("事项"), _("要办的事"), _("由谁办理"), _("状态"), _("开始"), _("期限"), _("链接")]
    rows = [_row(line) for line in worklists.lines(work.items, org_id)]
    return tables.respond(rows, columns=columns, name="worklist", kind=kind)


def _row(line: Line) -> list[str]:
    item = line.item
    since, due = (f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}" if at else "" for at in (item.since, item.due))
    state = str(words.WORK_STATES[item.state])
    return [item.label, item.title, item.what, line.owner, state, since, due, settings.SITE_URL + item.path]


def _operator(request: Request, _org_id: int) -> HttpResponse:
    now = clock.now()
    jobs, rule_sets, items = health.jobs(now), operator.rule_sets(now), catalogue_lines()
    clocks = skew.clocks()
    context = {
        "chores": operator.chores(jobs, clocks, rule_sets, items, now),
        "now": now,
        "jobs": jobs,
        "dead_jobs": health.dead_jobs(),
        "database": health.database_version(),
        "migrated": health.migrated(),
        "clocks": clocks,
        "clock_bound": health.milliseconds(clocks.bound),
        "embedded": settings.EMBEDDED,
        "version": __version__,
        "rule_sets": rule_sets,
        "items": items,
        "calendar_years": operator.calendar_standing(operator.local_today(now)),
    }
    return render(request, "portal/desk_operator.html", context)


_DESKS: dict[str, Callable[[Request, int], HttpResponse]] = {
    Kind.ENTERPRISE: _buyer,
    Kind.DEPARTMENT: _buyer,
    Kind.AGENCY: _agency,
    Kind.REGULATOR: _regulator,
    Kind.OPERATOR: _operator,
}
