"""/clauses/: clauses somebody found unclear or impossible, and what became of them; and their publisher's answer."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import requires
from accounts.models import Organisation
from accounts.requests import Request
from core import workdays
from core.errors import Refusal
from core.rulesets import Versions
from core.workdays import WorkCalendar
from supervision import words
from supervision.case_forms import ClauseAnswerForm
from supervision.models import ClauseAnswer, ClauseReport
from supervision.selectors import clauses as seen
from supervision.services import clauses

PER_PAGE = 20
Kind = Organisation.Kind


@require_safe
def index(request: Request) -> HttpResponse:
    stage = request.GET.get("stage", "")
    stage = stage if stage in seen.STAGES else ""
    page = Paginator(seen.published(stage), PER_PAGE).get_page(request.GET.get("page"))
    versions, calendar = Versions(), workdays.load()
    context = {
        "page_obj": page,
        "rows": [_row(row, versions, calendar) for row in page.object_list],
        "stage": stage,
        "stages": [("", _("全部")), (seen.OPEN, _("待发布单位处理")), *ClauseAnswer.Outcome.choices],
    }
    return render(request, "supervision/clauses.html", context)


def _row(row: ClauseReport, versions: Versions | None = None, calendar: WorkCalendar | None = None) -> dict[str, Any]:
    """A report as everybody reads it: never who complained, nor their words."""
    answer, decided = getattr(row, "answer", None), seen.decision(row)
    outcome = words.OUTCOMES.get(decided.data.get("outcome", "")) if decided else None
    over = seen.over_at(row)
    due = None if answer or over else seen.due(row, versions, calendar)
    return {"report": row, "answer": answer, "due": due, "decided": decided, "outcome": outcome}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Kind.DEPARTMENT, Kind.ENTERPRISE, Kind.REGULATOR, Kind.OPERATOR)
def clause(request: Request, number: str) -> HttpResponseBase:
    """For whoever published the clause; for others there is none."""
    try:
        row = seen.report(number)
    except ClauseReport.DoesNotExist as missing:
        raise Http404 from missing
    if not request.actor.acts_for(row.complaint.subject_id):
        raise Http404
    form = ClauseAnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _answered(request, row, form):
        return redirect(row)
    context = {**_row(row), "form": form, "over": seen.over_at(row)}
    return render(request, "supervision/clause.html", context, status=form.status)


def _answered(request: Request, row: ClauseReport, form: ClauseAnswerForm) -> bool:
    try:
        clauses.answer(number=row.number, by=request.actor.by, **form.cleaned_data)
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("已记录并公布。"))
    return True
