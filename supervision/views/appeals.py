"""Appeals against ratings and objections to credit rows: what waits, and the page on which one is decided."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import SUPERVISORS, requires
from accounts.requests import Request
from core import clock
from core.errors import Refusal
from ratings import selectors
from ratings.models import Appeal
from ratings.services.grades import anew
from ratings.views.appeals import described, track
from supervision.forms import AppealVerdictForm
from supervision.services import appeals

PER_PAGE = 30
LATEST = 10


@require_safe
@requires(*SUPERVISORS)
def index(request: Request) -> HttpResponse:
    state = request.GET.get("state", selectors.OPEN)
    state = state if state in selectors.STATES else selectors.OPEN
    page = Paginator(selectors.appeals(state), PER_PAGE).get_page(request.GET.get("page"))
    names = {selectors.OPEN: _("待决定"), selectors.UPHELD: _("成立"), selectors.REJECTED: _("不成立"), "": _("全部")}
    context = {
        "page_obj": page,
        "rows": [_row(row) for row in page.object_list],
        "state": state,
        "states": names.items(),
        "waiting": selectors.appeals().count(),
    }
    return render(request, "supervision/appeals.html", context)


def _row(row: Appeal) -> dict[str, Any]:
    return {"appeal": row, "about": described(row), "decision": getattr(row, "decision", None)}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*SUPERVISORS)
def show(request: Request, pk: int) -> HttpResponseBase:
    """Facts, rule, history and defence, then the decision with its reasons."""
    try:
        row = selectors.appeal(pk)
    except Appeal.DoesNotExist as missing:
        raise Http404 from missing
    data = request.POST if request.method == "POST" else None
    form = AppealVerdictForm(data, of_grade=row.line_id is not None)
    if request.method == "POST" and form.is_valid() and _decided(request, row, form):
        return redirect(row)
    return render(request, "supervision/appeal.html", _context(request, row, form), status=422 if form.errors else 200)


def _decided(request: Request, row: Appeal, form: AppealVerdictForm) -> bool:
    data = form.cleaned_data
    try:
        appeals.decide(
            appeal_id=row.pk, upheld=data["outcome"] == "upheld", reasons=data["reasons"], by=request.actor.by
        )
    except Refusal as refusal:
        if refusal.kind.status != 422:
            raise
        form.refuse(refusal)
        return False
    messages.success(request, _("决定已公开。"))
    return True


def _context(request: Request, row: Appeal, form: AppealVerdictForm) -> dict[str, Any]:
    decision, statement, now = getattr(row, "decision", None), getattr(row, "statement", None), clock.now()
    earlier = [one for one in selectors.appeals_of(row.by_org_id) if one.pk != row.pk][:LATEST]
    return {
        "appeal": row,
        "decision": decision,
        "statement": statement,
        "inside": True,
        "about": described(row),
        "about_agency": selectors.about(row) if row.rating is None or row.rating.side == "buyer" else None,
        "fresh": anew(row.line, now) if row.line and decision is None else None,
        "stars": selectors.average_of(row.rating) if row.rating else None,
        "track": track(row),
        "earlier": [_row(one) for one in earlier],
        "wait": statement is None and now < row.heard_by,
        "free": appeals.may_decide(row.pk, request.actor.by),
        "form": form,
    }
