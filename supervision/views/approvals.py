"""Results used in approvals: written down by departments and regulators, rated by regulators, readable by anyone.

One sent back for its quality is between its sides until it was heard and confirmed.
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import SUPERVISORS, requires
from accounts.errors import NOT_YOURS
from accounts.forms import RefusableForm
from accounts.requests import Request
from core import clock, files
from core.errors import Refusal
from ratings import selectors
from ratings import services as ratings
from ratings.forms import QualityAnswerForm, QualityVerdictForm, RegulatorForm, UseForm
from ratings.models import ApprovalUse
from supervision.services import approvals

PER_PAGE = 30
USERS = ("department", "regulator")
SHORT = ("appeal.reasons_short", "appeal.grounds_short")


@require_safe
@requires("department", *SUPERVISORS)
def index(request: Request) -> HttpResponse:
    """A department sees what it wrote down, supervisors see all."""
    own = request.actor.of("department")
    rows = selectors.uses_by(request.actor.org_id) if own else selectors.uses()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [_row(one) for one in page.object_list],
        "waiting": selectors.unrated().count() if not own else 0,
        "may_write": request.actor.of(*USERS),
    }
    return render(request, "ratings/uses.html", context)


def _row(use: ApprovalUse) -> dict[str, Any]:
    verdict, over = getattr(use, "verdict", None), clock.now() >= use.rate_by
    return {"use": use, "rated": hasattr(use, "rating"), "over": over, "verdict": verdict}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*USERS)
def new(request: Request) -> HttpResponseBase:
    posted = request.method == "POST"
    form = UseForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            use = approvals.use_in_approval(**form.cleaned_data, by=request.actor.by)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _told(use))
            return redirect(use)
    return render(request, "ratings/use_new.html", {"form": form}, status=422 if form.errors else 200)


def _told(use: ApprovalUse) -> str:
    if use.reported:
        return _("已登记并通知机构。机构陈述申辩后，由监管部门决定。")
    return _("已登记。监管部门将在期限内评价。")


@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """What was used where and what came of it."""
    return _page(request, _use(request, pk))


@require_POST
@requires("regulator")
def rate(request: Request, pk: int) -> HttpResponseBase:
    """A regulator who has no part in it gives the marks."""
    use, form = _use(request, pk), RegulatorForm(request.POST)

    def give() -> None:
        data = form.cleaned_data
        marks = {name: int(data[name]) for name in ("quality", "compliance")}
        approvals.rate(use_id=use.pk, **marks, text=data["text"], by=request.actor.by)

    return _done(request, use, form, give, _("监管评价已公开，记入诚信档案。"))


@require_POST
@requires("agency")
def answer(request: Request, pk: int) -> HttpResponseBase:
    """The agency's defence against a report of bad quality."""
    use, form = _use(request, pk), QualityAnswerForm(request.POST, request.FILES)
    if not request.actor.acts_for(use.contract.supplier_id):
        raise NOT_YOURS()

    def give() -> None:
        upload = form.cleaned_data["evidence"]
        kept = files.store(upload) if upload else None
        ratings.answer_report(use_id=use.pk, text=form.cleaned_data["text"], evidence=kept, by=request.actor.by)

    return _done(request, use, form, give, _("陈述申辩已提交，决定人会看到。"))


@require_POST
@requires("regulator")
def decide(request: Request, pk: int) -> HttpResponseBase:
    """Confirmed or dropped, by a regulator without a part in it."""
    use, form = _use(request, pk), QualityVerdictForm(request.POST)

    def give() -> None:
        confirmed = form.cleaned_data["outcome"] == "confirmed"
        approvals.decide(use_id=use.pk, confirmed=confirmed, reasons=form.cleaned_data["reasons"], by=request.actor.by)

    return _done(request, use, form, give, _("决定已记录并通知双方。"))


def _done(request: Request, use: ApprovalUse, form: RefusableForm, give: Any, said: str) -> HttpResponseBase:
    """Do it and come back to the page, with what was typed where it says too little."""
    if form.is_valid():
        try:
            give()
        except Refusal as refusal:
            if refusal.code not in SHORT:
                raise
            form.refuse(refusal)
        else:
            messages.success(request, said)
            return redirect(use)
    return _page(request, use, form)


@require_safe
def evidence(request: Request, pk: int) -> HttpResponseBase:
    """The file of the agency's defence, for the sides and supervisors."""
    use = _use(request, pk)
    said = getattr(use, "answer", None)
    if said is None or said.evidence is None or not _inside(request, use):
        raise Http404
    return files.respond(said.evidence)


def _use(request: Request, pk: int) -> ApprovalUse:
    """What is not public is there for its sides and for supervisors only."""
    try:
        use = selectors.use(pk)
    except ApprovalUse.DoesNotExist as missing:
        raise Http404 from missing
    verdict = getattr(use, "verdict", None)
    if use.reported and not (verdict and verdict.confirmed) and not _inside(request, use):
        raise Http404
    return use


def _inside(request: Request, use: ApprovalUse) -> bool:
    sides = (use.contract.supplier_id, use.by_org_id)
    return request.actor.of(*SUPERVISORS) or any(request.actor.acts_for(one) for one in sides)


def _page(request: Request, use: ApprovalUse, form: RefusableForm | None = None) -> HttpResponse:
    now = clock.now()
    rating, said, verdict = (getattr(use, name, None) for name in ("rating", "answer", "verdict"))
    heard = said is not None or use.heard_by is None or now >= use.heard_by
    context = {
        "use": use,
        "rating": rating,
        "answer": said,
        "verdict": verdict,
        "over": now >= use.rate_by,
        "heard": heard,
        "inside": _inside(request, use),
        "turn": _turn(request, use, open_=verdict is None and rating is None, heard=heard),
    }
    context["form"] = form or FORMS[context["turn"]]() if context["turn"] in FORMS else None
    return render(request, "ratings/use.html", context, status=422 if form and form.errors else 200)


FORMS: dict[str, type[RefusableForm]] = {
    "rate": RegulatorForm,
    "answer": QualityAnswerForm,
    "decide": QualityVerdictForm,
}


def _turn(request: Request, use: ApprovalUse, *, open_: bool, heard: bool) -> str:
    """What this reader may do now: "rate", "answer", "decide", "related" or nothing."""
    if not open_:
        return ""
    if request.actor.of("regulator"):
        if not approvals.free(use, request.actor.by):
            return "related"
        return "rate" if not use.reported else "decide" if heard else ""
    owns = use.reported and request.actor.acts_for(use.contract.supplier_id)
    return "answer" if owns and not heard else ""
