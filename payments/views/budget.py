"""A department's budget: its lines as bars, a line with its rows, adjustments, and the year's end."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.actor import requires
from accounts.requests import Request
from core import tables
from core.errors import Refusal
from payments import budget_words as words
from payments.budget_forms import AdjustForm, LineForm, YearEndForm
from payments.models import BudgetLine
from payments.rules import budget as rules
from payments.selectors import budget
from payments.services import lines

PER_PAGE = 50


@requires("department")
def overview(request: Request) -> HttpResponse:
    """Every line of a year with its bar."""
    org_id = request.actor.org_id or 0
    years, year = budget.years_of(org_id), _year(request)
    found = budget.lines_of(org_id, year)
    context = {
        "tab": "budget",
        "year": year,
        "years": years,
        "this_year": lines.this_year(),
        "fiscal_year": next((row for row in years if row.year == year), None),
        "lines": found,
        "total": budget.total(found),
        "undecided": _undecided(org_id),
    }
    return render(request, "payments/budget.html", context)


def _year(request: Request) -> int:
    typed = request.GET.get("year", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else lines.this_year()


def _undecided(org_id: int) -> list[int]:
    """Years that are over and not closed."""
    now = lines.this_year()
    return [row.year for row in budget.years_of(org_id) if rules.decidable(row.year, now, closed=bool(row.closed_at))]


@requires("department")
def overview_file(request: Request, ending: str) -> HttpResponse:
    """The year's lines with their amounts by stage."""
    if ending not in tables.FORMATS:
        raise Http404
    year = _year(request)
    columns = [_("指标编码"), _("指标名称"), _("下达合计"), *(words.STAGES[stage] for stage in rules.STAGES)]
    rows = [
        [one.line.code, one.line.name, one.standing.granted.amount,
         *(one.standing.stages[stage].amount for stage in rules.STAGES)]
        for one in budget.lines_of(request.actor.org_id or 0, year)
    ]  # fmt: skip
    return tables.respond(rows, columns=columns, name=f"{_('预算指标')}-{year}", kind=ending)


@requires("department")
def open_line(request: Request) -> HttpResponse:
    form = LineForm(request.POST or None, initial={"year": lines.this_year()})
    if request.method == "POST" and form.is_valid():
        try:
            line = lines.open_line(department_id=request.actor.org_id or 0, by=request.actor.by, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.sentence} {refusal.way_out}")
        else:
            messages.success(request, _("指标已登记，可以在发布需求时选用。"))
            return redirect(line)
    return render(request, "payments/line_new.html", {"form": form, "tab": "budget"}, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.errors else 200


@requires("department")
def line(request: Request, pk: int) -> HttpResponse:
    """One line: its bar, the rows behind each stretch, how it came to be as large as it is."""
    found = _own(request, pk)
    return _line_page(request, found, AdjustForm())


def _own(request: Request, pk: int) -> budget.LineStanding:
    """A line of the actor's department; others' do not exist here."""
    try:
        found = budget.line(pk)
    except BudgetLine.DoesNotExist as missing:
        raise Http404 from missing
    if not request.actor.acts_for(found.line.department_id):
        raise Http404
    return found


def _line_page(request: Request, found: budget.LineStanding, form: AdjustForm) -> HttpResponse:
    stage = request.GET.get("stage", "")
    stage = stage if stage in rules.STAGES[1:] else ""
    rows = Paginator(budget.reservations(found.line.pk, stage), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "tab": "budget",
        "line": found.line,
        "standing": found.standing,
        "usable": found.usable,
        "stage": stage,
        "stages": rules.STAGES[1:],
        "page_obj": rows,
        "rows": [(row, getattr(row, stage) if stage else None) for row in rows],
        "adjustments": found.line.adjustments.select_related("by_user", "other_line__fiscal_year"),
        "form": form,
    }
    return render(request, "payments/line.html", context, status=_status(form))


@requires("department")
def adjust(request: Request, pk: int) -> HttpResponse:
    found = _own(request, pk)
    form = AdjustForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lines.adjust(line_id=pk, by=request.actor.by, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.sentence} {refusal.way_out}")
        else:
            messages.success(request, _("调整已记入。"))
            return redirect(found.line)
    return _line_page(request, found, form)


@requires("department")
def year_end(request: Request, year: int) -> HttpResponse:
    """A past year: what is left on each line, to be carried over or returned; then the year is closed."""
    org_id = request.actor.org_id or 0
    found = budget.lines_of(org_id, year)
    fiscal_year = next((row for row in budget.years_of(org_id) if row.year == year), None)
    if fiscal_year is None:
        raise Http404
    wrong: dict[int, YearEndForm] = {}
    if request.method == "POST" and (answer := _decide(request, year, found, wrong)):
        return answer
    left = [
        (one, wrong.get(one.line.pk) or YearEndForm(line=one.line, auto_id=f"id_{one.line.pk}_%s"))
        for one in found
        if one.standing.free
    ]
    context = {
        "tab": "budget",
        "year": year,
        "fiscal_year": fiscal_year,
        "over": rules.decidable(year, lines.this_year(), closed=False),
        "left": left,
        "total": budget.total(found),
    }
    return render(request, "payments/year_end.html", context, status=422 if wrong else 200)


def _decide(
    request: Request, year: int, found: list[budget.LineStanding], wrong: dict[int, YearEndForm]
) -> HttpResponse | None:
    """Take a decision or the closing; None with the refused form in `wrong`."""
    by = request.actor.by
    if "close" in request.POST:
        lines.close_year(department_id=request.actor.org_id or 0, year=year, by=by)
        messages.success(request, _("{year} 年度已结账。").format(year=year))
        return redirect("payments:budget")
    chosen = next((one.line for one in found if str(one.line.pk) == request.POST.get("line")), None)
    if chosen is None:
        raise Http404
    form = YearEndForm(request.POST, line=chosen, auto_id=f"id_{chosen.pk}_%s")
    if form.is_valid():
        verb = lines.carry_over if form.cleaned_data["decision"] == "carry" else lines.lapse
        try:
            verb(
                line_id=chosen.pk,
                document=form.cleaned_data["document"],
                reason=form.cleaned_data["reason"],
                by=by,
            )
        except Refusal as refusal:
            form.add_error(None, f"{refusal.sentence} {refusal.way_out}")
        else:
            messages.success(request, _("决定已记入。"))
            return redirect("payments:year_end", year)
    wrong[chosen.pk] = form
    return None
