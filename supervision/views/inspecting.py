"""Inspections as regulators do them: plans, inspectors, the draw, and the record that is written on a phone."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import SUPERVISORS, requires
from accounts.errors import NOT_YOURS
from accounts.requests import Request
from core import clock, rulesets
from core.errors import Refusal
from marketplace import selectors as marketplace
from supervision import words
from supervision.errors import inspections as errors
from supervision.inspection_forms import (
    AnnounceForm,
    ConcludeForm,
    DrawForm,
    InspectorForm,
    NotifyForm,
    PlanForm,
    PointForm,
    Refusable,
    TextForm,
)
from supervision.models import Drawing, Inspection, InspectionPlan
from supervision.rules.discretion import scale
from supervision.rules.inspections import Stage
from supervision.selectors import drawings as drawn
from supervision.selectors import inspections as seen
from supervision.services import drawings, inspections, plans
from supervision.views.inspections import inspection_or_404, inspection_page, plan_or_404, plan_page


@require_safe
@requires(*SUPERVISORS)
def desk(request: Request) -> HttpResponse:
    """What is mine to inspect, by due time; plans and drafts of my organisation."""
    user, org = request.actor.user, request.actor.org_id
    context = {
        "duties": seen.duties(user.pk) if user else [],
        "drafts": seen.drafts(org),
        "plans": seen.plans(body=org) if request.actor.of("regulator") else seen.plans(),
        "regulator": request.actor.of("regulator"),
        "inspectors": seen.inspectors(org if request.actor.of("regulator") else None).count(),
    }
    return render(request, "supervision/inspection_desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("regulator")
def new_plan(request: Request) -> HttpResponseBase:
    chinese = get_language() == "zh-hans"
    items = [(one.code, one.name_zh if chinese else one.name_en) for one in marketplace.items(clock.now())]
    form = PlanForm(request.POST if request.method == "POST" else None, body=request.actor.org_id or 0, items=items)
    if request.method == "POST" and form.is_valid():
        try:
            row = plans.make_plan(terms=form.terms(), by=request.actor.by)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("计划已保存，核对后公布。"))
            return redirect(row)
    context = {"form": form, "rules": rulesets.current("inspections")}
    return render(request, "supervision/inspection_plan_new.html", context, status=422 if form.errors else 200)


@require_POST
@requires("regulator")
def publish_plan(request: Request, number: str) -> HttpResponseBase:
    row = plan_or_404(request, number)
    plans.publish_plan(plan_id=row.pk, by=request.actor.by)
    messages.success(request, _("计划已公布，从现在起不能再改。"))
    return redirect(row)


def own_plan(request: Request, number: str) -> InspectionPlan:
    """A plan for the body that made it. Raises access.not_yours."""
    row = plan_or_404(request, number)
    if not request.actor.acts_for(row.body_id):
        raise NOT_YOURS()
    return row


@require_POST
@requires("regulator")
def announce(request: Request, number: str) -> HttpResponseBase:
    """Freeze the pools and commit."""
    row, form = own_plan(request, number), AnnounceForm(request.POST)
    if form.is_valid():
        try:
            drawings.announce_draw(
                plan_id=row.pk, public_number=form.cleaned_data["public_number"], by=request.actor.by
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("名单已冻结，承诺值已公布。"))
            return redirect(row)
    return plan_page(request, row, form)


@require_POST
@requires("regulator")
def draw(request: Request, pk: int) -> HttpResponseBase:
    """Draw by hand, with the public number where one was announced."""
    try:
        row = drawn.drawing(pk)
    except Drawing.DoesNotExist as missing:
        raise Http404 from missing
    if not request.actor.acts_for(row.plan.body_id):
        raise NOT_YOURS()
    form = DrawForm(request.POST)
    form.fields["public_value"].required = bool(row.public_number)
    if form.is_valid():
        try:
            drawings.draw(drawing_id=pk, public_value=form.cleaned_data["public_value"], by=request.actor.by)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("抽取完毕，检查人员已收到通知。"))
            return redirect(row.plan)
    return plan_page(request, row.plan, form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*SUPERVISORS)
def inspectors(request: Request) -> HttpResponseBase:
    """The pool of inspectors; a regulator registers its own members."""
    if request.method == "POST" and not request.actor.of("regulator"):
        raise NOT_YOURS()
    form = InspectorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            plans.register_inspector(**form.cleaned_data, by=request.actor.by)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("检查人员已登记。"))
            return redirect("supervision:inspectors")
    context = {
        "rows": seen.inspectors(),
        "form": form,
        "own": request.actor.org_id,
        "may": request.actor.of("regulator"),
    }
    return render(request, "supervision/inspectors.html", context, status=422 if form.errors else 200)


@require_POST
@requires("regulator")
def retire(request: Request, pk: int) -> HttpResponseBase:
    plans.retire_inspector(inspector_id=pk, by=request.actor.by)
    messages.success(request, _("以后的抽取不再包括这个人。"))
    return redirect("supervision:inspectors")


@require_POST
@requires("regulator")
def notify(request: Request, number: str) -> HttpResponseBase:
    form = NotifyForm(request.POST)
    return _acted(request, number, form, inspections.notify, _("通知已送达机构。"))


@require_POST
@requires("regulator")
def recuse(request: Request, number: str) -> HttpResponseBase:
    form = TextForm(request.POST)
    return _acted(request, number, form, inspections.recuse, _("已回避，下一位检查人员递补。"))


@require_POST
@requires("regulator")
def correct(request: Request, number: str) -> HttpResponseBase:
    return _acted(request, number, TextForm(request.POST), inspections.correct, _("更正已公布，原结果保留。"))


@require_POST
@requires("regulator")
def publish(request: Request, number: str) -> HttpResponseBase:
    return _acted(request, number, Refusable(request.POST), inspections.publish, _("结果已公布。"))


@require_POST
@requires("regulator")
def follow(request: Request, number: str) -> HttpResponseBase:
    """The second look has a page of its own."""
    mine_or_refuse(request, number)
    row = inspections.follow(number=number, by=request.actor.by)
    messages.success(request, _("复查已安排，请通知机构。"))
    return redirect(row)


def mine_or_refuse(request: Request, number: str) -> Inspection:
    """The inspection for those drawn to it. Raises inspection.not_officer."""
    row, user = inspection_or_404(request, number), request.actor.user
    if user is None or not seen.is_officer(row, user.pk, request.actor.org_id):
        raise errors.NOT_OFFICER()
    return row


def _acted(
    request: Request,
    number: str,
    form: Refusable,
    verb: Callable[..., Any],
    said: str,
) -> HttpResponseBase:
    """Do what the form says; where the rules say no, the same page with the form as it was."""
    row = mine_or_refuse(request, number)
    if form.is_valid():
        try:
            verb(number=number, **form.cleaned_data, by=request.actor.by)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, said)
            return redirect(row)
    return inspection_page(request, row, form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("regulator")
def record(request: Request, number: str) -> HttpResponseBase:
    """The record on the spot: one small form for each point, saved by itself, so that a bad line loses little."""
    row = mine_or_refuse(request, number)
    if row.state != Stage.NOTICED:
        return redirect(row)
    if request.method == "POST":
        return _save_point(request, row)
    return _record_page(request, row)


def _save_point(request: Request, row: Inspection) -> HttpResponseBase:
    typed = request.POST.get("point", "")
    point = int(typed) if typed.isdecimal() and len(typed) < 4 else -1
    form = PointForm(request.POST, request.FILES, prefix=f"p{point}")
    if form.is_valid():
        try:
            _keep_point(row.number, point, form.cleaned_data, request)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect(f"{request.path}#point-{point + 1}")
    return _record_page(request, row, {point: form})


def _keep_point(number: str, point: int, data: dict[str, Any], request: Request) -> None:
    by = request.actor.by
    for upload in data["photos"]:
        inspections.add_photo(number=number, point=point, upload=upload, public=data["public"], by=by)
    inspections.mark(number=number, point=point, verdict=data["verdict"], words=data["words"], by=by)


def _record_page(
    request: Request,
    row: Inspection,
    refused: dict[int, PointForm] | None = None,
    concluding: ConcludeForm | None = None,
) -> HttpResponse:
    found, photos, refused = seen.newest(row), seen.photos(row), refused or {}
    points = []
    for place, text in enumerate(row.plan.standard):
        last = found.get(place)
        initial = {"verdict": last.verdict, "words": last.words} if last else {}
        form = refused.get(place) or PointForm(prefix=f"p{place}", initial=initial)
        points.append({"place": place, "text": text, "finding": last, "photos": photos.get(place, []), "form": form})
    context = {
        "inspection": row,
        "points": points,
        "done": len(found),
        "stray": [form for place, form in refused.items() if not 0 <= place < len(points)],
        "conclude_form": concluding or _conclude_form(),
    }
    return render(request, "supervision/inspection_record.html", context, status=422 if refused or concluding else 200)


def _conclude_form(data: Any = None) -> ConcludeForm:
    known = scale(rulesets.current("discretion").parameters)
    return ConcludeForm(data, grounds=[(code, str(words.ground(code))) for code in known])


@require_POST
@requires("regulator")
def conclude(request: Request, number: str) -> HttpResponseBase:
    row, form = mine_or_refuse(request, number), _conclude_form(request.POST)
    if form.is_valid():
        try:
            inspections.conclude(number=number, **form.cleaned_data, by=request.actor.by)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("结论已记录，请同组的另一名检查人员核对后公布。"))
            return redirect(row)
    return _record_page(request, row, concluding=form)
