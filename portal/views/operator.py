"""The operator's tools: rule sets, calendar. Every change goes through core.upkeep and leaves a line."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import requires
from accounts.models import Organisation
from accounts.requests import Request
from core import clock, upkeep
from core.errors import Refusal
from portal import words
from portal.forms import DayForm, RuleSetForm, YearForm, year_as_text
from portal.selectors import operator as facts
from portal.views.refusals import refuse
from supervision import rule_sets
from supervision.selectors import consultations as consulted
from supervision.services import consultations

operator_only = requires(Organisation.Kind.OPERATOR)


@require_safe
@operator_only
def rules(request: Request) -> HttpResponse:
    return render(request, "portal/operator/rules.html", {"rule_sets": facts.rule_sets(clock.now())})


@require_safe
@operator_only
def rule_set(request: Request, name: str) -> HttpResponse:
    return render(request, "portal/operator/rule_set.html", _versions(name) | {"trail": facts.trail(f"rules:{name}")})


def _versions(name: str) -> dict[str, Any]:
    versions = facts.versions(name, clock.now())
    if not versions:
        raise Http404
    title = rule_sets.title(name)
    running = consulted.running_on(name)
    return {"name": name, "title": title, "versions": versions, "latest": versions[0].row, "running": running}


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def new_version(request: Request, name: str) -> HttpResponse:
    context = _versions(name)
    form = RuleSetForm(request.POST or None, parameters=context["latest"].parameters)
    if request.method == "POST" and form.is_valid() and _add_version(request, name, form):
        return redirect("portal:rule_set", name)
    status = 422 if form.errors else 200
    return render(request, "portal/operator/new_version.html", context | {"form": form}, status=status)


def _add_version(request: Request, name: str, form: RuleSetForm) -> bool:
    data = form.cleaned_data
    try:
        row = consultations.change_at_once(
            rule_set=name,
            effective_from=data["effective_from"],
            parameters=data["parameters"],
            draft=data["draft"],
            reasons=data["note"],
            by=request.actor.by,
        )
    except Refusal as refusal:
        return refuse(form, refusal)
    messages.success(request, _("已新增第 {version} 版。").format(version=row.version))
    return True


@require_safe
@operator_only
def calendar(request: Request, year: int | None = None) -> HttpResponse:
    return _calendar_page(request, year or facts.local_today(clock.now()).year)


@require_http_methods(["POST"])
@operator_only
def mark_day(request: Request, year: int) -> HttpResponse:
    form = DayForm(request.POST)
    if form.is_valid() and _mark(request, form):
        return redirect("portal:calendar_year", form.cleaned_data["date"].year)
    return _calendar_page(request, year, day_form=form)


def _mark(request: Request, form: DayForm) -> bool:
    data, by = form.cleaned_data, request.actor.by
    try:
        if data["mark"] == "plain":
            upkeep.clear_day(day=data["date"], by=by)
        else:
            day = upkeep.Day(data["date"], data["mark"] == "on", data["name"])
            upkeep.mark_day(day=day, official=data["official"], by=by)
    except Refusal as refusal:
        return refuse(form, refusal)
    messages.success(request, _("日历已更新。"))
    return True


@require_http_methods(["POST"])
@operator_only
def official_year(request: Request, year: int) -> HttpResponse:
    form = YearForm(request.POST, year=year)
    if form.is_valid():
        days = [upkeep.Day(line.date, line.is_working, line.name) for line in form.cleaned_data["days"]]
        upkeep.enter_official_year(year=year, days=days, by=request.actor.by)
        messages.success(request, _("{year} 年已按国务院公布的安排录入。").format(year=year))
        return redirect("portal:calendar_year", year)
    return _calendar_page(request, year, year_form=form)


def _calendar_page(
    request: Request, year: int, day_form: DayForm | None = None, year_form: YearForm | None = None
) -> HttpResponse:
    if not 2000 <= year <= 2100:
        raise Http404
    today = facts.local_today(clock.now())
    sheet = facts.year_sheet(year, today)
    context = {
        "sheet": sheet,
        "years": facts.calendar_years(today),
        "day_form": day_form or DayForm(),
        "year_form": year_form or YearForm(year=year, initial={"days": year_as_text(list(sheet.days))}),
        "trail": facts.trail(f"calendar:{year}"),
        "weekdays": words.WEEKDAYS,
    }
    failed = any(form is not None and form.errors for form in (day_form, year_form))
    return render(request, "portal/operator/calendar.html", context, status=422 if failed else 200)
