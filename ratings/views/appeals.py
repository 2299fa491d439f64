"""Filing an appeal or an objection, answering it, and its page, which anyone may read as far as it is public."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import BUYERS, SUPERVISORS, requires
from accounts.errors import NOT_YOURS
from accounts.requests import Request
from core import files
from core.errors import Refusal
from core.models import StoredFile
from ratings import selectors, services
from ratings.forms import AppealForm, StatementForm
from ratings.models import Appeal, CreditEvent, GradeLine, Rating
from ratings.texts import label, sentence

PARTIES = (*BUYERS, "agency")
File = Callable[[str, StoredFile | None], Appeal]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*PARTIES)
def against_rating(request: Request, pk: int) -> HttpResponseBase:
    try:
        rating = selectors.rating(pk)
    except Rating.DoesNotExist as missing:
        raise Http404 from missing
    if not request.actor.acts_for(rating.ratee_id):
        raise NOT_YOURS()
    if existing := selectors.of_rating(pk):
        return redirect(existing)
    about = {"title": _("对评价申诉"), "rating": rating, "average": selectors.average_of(rating)}

    def file(grounds: str, evidence: StoredFile | None) -> Appeal:
        return services.appeal(rating_id=pk, grounds=grounds, evidence=evidence, by=request.actor.by)

    return new(request, about, file)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("agency")
def against_event(request: Request, pk: int) -> HttpResponseBase:
    try:
        event = selectors.event(pk)
    except CreditEvent.DoesNotExist as missing:
        raise Http404 from missing
    if not request.actor.acts_for(event.agency_id):
        raise NOT_YOURS()
    if existing := selectors.of_event(pk):
        return redirect(existing)
    about = {"title": _("对档案记录提出异议"), "event": event, "sentence": sentence(event.kind, event.summary)}

    def file(grounds: str, evidence: StoredFile | None) -> Appeal:
        return services.object_to(event_id=pk, grounds=grounds, evidence=evidence, by=request.actor.by)

    return new(request, about | {"label": label(event.kind)}, file)


def new(request: Request, about: dict[str, Any], file: File) -> HttpResponseBase:
    """The form for what somebody has against a rating, a row or a grade."""
    posted = request.method == "POST"
    form = AppealForm(request.POST, request.FILES) if posted else AppealForm()
    if posted and form.is_valid():
        try:
            upload = form.cleaned_data["evidence"]
            row = file(form.cleaned_data["grounds"], files.store(upload) if upload else None)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已经提交，编号 {number}。").format(number=row.number))
            return redirect(row)
    return render(request, "ratings/appeal_new.html", {**about, "form": form}, status=422 if form.errors else 200)


@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """Anyone sees what it is about, where it stands and why; what the sides wrote is for them and supervisors."""
    return page(request, _appeal(pk), None)


def page(request: Request, row: Appeal, form: StatementForm | None) -> HttpResponse:
    decision, statement = getattr(row, "decision", None), getattr(row, "statement", None)
    may_answer = request.actor.acts_for(selectors.other_side(row)) and decision is None and statement is None
    context = {
        "appeal": row,
        "decision": decision,
        "statement": statement,
        "inside": _inside(request, row),
        "about": described(row),
        "track": track(row),
        "form": (form or StatementForm()) if may_answer else None,
        "may_decide": decision is None and request.actor.of(*SUPERVISORS),
    }
    return render(request, "ratings/appeal.html", context, status=422 if form and form.errors else 200)


@require_POST
@requires(*PARTIES, *SUPERVISORS)
def answer(request: Request, pk: int) -> HttpResponseBase:
    row, form = _appeal(pk), StatementForm(request.POST)
    if form.is_valid():
        try:
            services.state_on_appeal(appeal_id=pk, text=form.cleaned_data["text"], by=request.actor.by)
        except Refusal as refusal:
            if refusal.code != "appeal.grounds_short":
                raise
            form.refuse(refusal)
        else:
            messages.success(request, _("说明已提交。"))
            return redirect(row)
    if not request.actor.acts_for(selectors.other_side(row)):
        raise NOT_YOURS()
    return page(request, row, form)


@require_safe
@requires(*PARTIES, *SUPERVISORS)
def evidence(request: Request, pk: int) -> HttpResponseBase:
    """The file that came with it, for both sides and supervisors."""
    row = _appeal(pk)
    if row.evidence is None or not _inside(request, row):
        raise Http404
    return files.respond(row.evidence)


def described(row: Appeal) -> dict[str, Any]:
    """What it is about, in words any page can show."""
    if row.rating is not None:
        need = row.rating.window.contract.award.need
        return {
            "kind": _("评价申诉"),
            "title": need.title,
            "sentence": _("{rater}对{ratee}的评价，五项平均 {average} 分。").format(
                rater=row.rating.rater.name, ratee=row.rating.ratee.name, average=selectors.average_of(row.rating)
            ),
            "url": need.get_absolute_url(),
            "text": row.rating.text,
        }
    if row.line is not None:
        return _line_described(row.line)
    event = row.event
    assert event is not None  # noqa: S101 - the database demands one of the three
    return {
        "kind": _("记录异议"),
        "title": f"{event.agency.organisation.name} · {label(event.kind)}",
        "sentence": sentence(event.kind, event.summary),
        "url": event.source,
        "text": "",
    }


def _line_described(line: GradeLine) -> dict[str, Any]:
    name, year = line.agency.organisation.name, line.list.year
    if line.grade:
        words = _("{year} 年度拟评为 {grade}，评分 {score}。").format(year=year, grade=line.grade, score=line.score)
    else:
        words = _("{year} 年度拟不评级。").format(year=year)
    title = _("{name} · {year} 年度信用等级").format(name=name, year=year)
    return {"kind": _("年度等级异议"), "title": title, "sentence": words, "url": line.get_absolute_url(), "text": ""}


def track(row: Appeal) -> list[dict[str, Any]]:
    """Filed, heard, decided: each with its moment."""
    decision, statement = getattr(row, "decision", None), getattr(row, "statement", None)
    heard = {"label": _("对方说明"), "state": "done", "at": statement.at} if statement else None
    if heard is None:
        heard = {"label": _("对方说明"), "state": "done" if decision else "now", "at": row.heard_by}
        if row.heard_by == row.filed_at:
            heard = {"label": _("无需对方说明"), "state": "done", "at": row.filed_at}
    last = {"label": _("决定"), "state": "todo", "at": row.decide_by}
    if decision:
        last = {"label": _("成立") if decision.upheld else _("不成立"), "state": "done", "at": decision.decided_at}
    return [{"label": _("提出"), "state": "done", "at": row.filed_at}, heard, last]


def _inside(request: Request, row: Appeal) -> bool:
    return request.actor.of(*SUPERVISORS) or request.actor.org_id in selectors.sides(row)


def _appeal(pk: int) -> Appeal:
    try:
        return selectors.appeal(pk)
    except Appeal.DoesNotExist as missing:
        raise Http404 from missing
