"""Inspections as everybody sees them: plans, draws anyone can repeat, published results; and the agency's own words."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actor import SUPERVISORS, requires
from accounts.errors import NOT_YOURS
from accounts.requests import Request
from core import clock, files, rulesets
from core.charts import columns, year_before
from core.errors import Refusal
from supervision import inspection_words as words
from supervision.inspection_forms import (
    AnnounceForm,
    DrawForm,
    FixedForm,
    NotifyForm,
    Refusable,
    TextForm,
    WordForm,
)
from supervision.models import Drawing, Inspection, InspectionPhoto, InspectionPlan
from supervision.rules import drawing as rules
from supervision.rules.inspections import Stage
from supervision.selectors import drawings as drawn
from supervision.selectors import inspections as seen
from supervision.selectors import letters
from supervision.services import drawings, inspections

PER_PAGE = 30


@require_safe
def index(request: Request) -> HttpResponse:
    """Plans of a year with how far they have come, and what was found."""
    now, years = clock.now(), seen.years()
    year = next((one for one in years if str(one) == request.GET.get("year")), years[0] if years else None)
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in Inspection.Result.values else ""
    page = Paginator(seen.published(outcome=outcome), PER_PAGE).get_page(request.GET.get("page"))
    rows = Inspection.objects.filter(plan__year=year or 0)
    context = {
        "plans": seen.plans(year=year),
        "year": year,
        "years": years,
        "rates": seen.rates(rows, now),
        "page_obj": page,
        "outcome": outcome,
        "outcomes": Inspection.Result.choices,
        "chart": columns(seen.months(year_before(now)), Inspection.Result.values, now),
        "kinds": words.RESULT_KINDS,
        "rules": rulesets.current("inspections"),
    }
    return render(request, "supervision/inspections.html", context)


def plan_or_404(request: Request, number: str) -> InspectionPlan:
    """A plan before its publication is its body's own."""
    try:
        row = seen.plan(number)
    except InspectionPlan.DoesNotExist as missing:
        raise Http404 from missing
    if row.published_at is None and not request.actor.acts_for(row.body_id):
        raise Http404
    return row


@require_safe
def plan(request: Request, number: str) -> HttpResponse:
    return plan_page(request, plan_or_404(request, number))


def plan_page(request: Request, row: InspectionPlan, form: Refusable | None = None) -> HttpResponse:
    """The plan with its draws. `form`: one that was refused, shown again in its place."""
    own = request.actor.acts_for(row.body_id)
    draws = [_drawing(request, one, form) for one in seen.drawings_of(row.pk)]
    waiting = any(one["result"] is None for one in draws)
    context = {
        "plan": row,
        "partners": row.partners.all(),
        "ratios": [(words.BANDS[band], row.ratios[band]) for band in rules.BANDS],
        "draws": draws,
        "own": own,
        "may_announce": own and row.published_at and not waiting and len(draws) < row.per_year,
        "announce_form": form if isinstance(form, AnnounceForm) else AnnounceForm(),
        "inspections": _inspections(request, row),
        "rates": seen.rates(row.inspections.all(), clock.now()),
        "kinds": words.RESULT_KINDS,
    }
    return render(request, "supervision/inspection_plan.html", context, status=422 if form else 200)


def _inspections(request: Request, row: InspectionPlan) -> list[dict[str, Any]]:
    """Everybody sees whom the draw hit; where a matter stands only once it is public, or to whom it concerns."""
    actor = request.actor
    rows = seen.of_plan(row.pk)
    return [
        {"row": one, "open": bool(one.published_at) or may_read(request, one), "mine": actor.acts_for(one.subject_id)}
        for one in rows
    ]


def _drawing(request: Request, row: Drawing, form: Refusable | None) -> dict[str, Any]:
    result = drawn.result_of(row)
    people = {one["id"]: one for one in row.pools["inspectors"]}
    subjects = {one["id"]: one for one in row.pools["subjects"]}
    return {
        "row": row,
        "result": result,
        "due": clock.now() >= row.draws_at,
        "bands": _bands(row),
        "words": list(row.words.all()),
        "word_form": form if isinstance(form, WordForm) else WordForm(),
        "draw_form": form if isinstance(form, DrawForm) else DrawForm(),
        "may_throw": request.actor.organisation is not None
        and not any(word.by_org_id == request.actor.org_id for word in row.words.all()),
        "inspectors": row.pools["inspectors"],
        "avoided": len(row.pools["avoid"]),
        "drawn": [
            {
                "subject": subjects[one["subject"]],
                "band": one["band"],
                "team": [people[key] for key in one["inspectors"]],
            }
            for one in (result.outcome if result else [])
        ],
    }


def _bands(row: Drawing) -> list[dict[str, Any]]:
    counts = {band: sum(one["band"] == band for one in row.pools["subjects"]) for band in rules.BANDS}
    return [
        {
            "label": words.BANDS[band],
            "count": n,
            "percent": row.pools["ratios"][band],
            "wanted": rules.wanted(n, row.pools["ratios"][band]),
        }
        for band, n in counts.items()
    ]


@require_safe
def draw_record(request: Request, pk: int) -> HttpResponseBase:  # noqa: ARG001 - public
    """The file to draw again from; before the draw it is the announcement, worth keeping."""
    try:
        row = drawn.drawing(pk)
    except Drawing.DoesNotExist as missing:
        raise Http404 from missing
    answer = JsonResponse(drawn.record(row), json_dumps_params={"ensure_ascii": False})
    state = "drawn" if drawn.result_of(row) else "announced"
    answer["Content-Disposition"] = f'attachment; filename="{row.plan.number}-{row.round}-{state}.json"'
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_POST
@requires("enterprise", "agency", "department", "regulator", "operator")
def throw_in(request: Request, pk: int) -> HttpResponseBase:
    try:
        row = drawn.drawing(pk)
    except Drawing.DoesNotExist as missing:
        raise Http404 from missing
    form = WordForm(request.POST)
    if form.is_valid():
        try:
            drawings.throw_in(drawing_id=pk, text=form.cleaned_data["text"], by=request.actor.by)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("您的词已经混入，抽取后可以在数据里找到它。"))
            return redirect(row.plan)
    return plan_page(request, row.plan, form)


def inspection_or_404(request: Request, number: str) -> Inspection:
    """Before publication only supervisors and, from the notice on, the agency know of it."""
    try:
        row = seen.inspection(number)
    except Inspection.DoesNotExist as missing:
        raise Http404 from missing
    if row.published_at is None and not may_read(request, row):
        raise Http404
    return row


def may_read(request: Request, row: Inspection) -> bool:
    return request.actor.of(*SUPERVISORS) or (request.actor.acts_for(row.subject_id) and row.state != Stage.DRAWN)


@require_safe
def inspection(request: Request, number: str) -> HttpResponse:
    return inspection_page(request, inspection_or_404(request, number))


def inspection_page(request: Request, row: Inspection, form: Refusable | None = None) -> HttpResponse:
    """One inspection: record, result, history; and what is mine to do. `form`: one that was refused."""
    inside = may_read(request, row)
    officer = _is_officer(request, row)
    context = {
        "inspection": row,
        "inside": inside,
        "officer": officer,
        "agency": request.actor.acts_for(row.subject_id),
        "team": seen.team(row),
        "letters": (letters.of_matter if inside else letters.public_of)(f"inspection:{row.pk}"),
        "points": _points(row, inside=inside),
        "steps": _track(row),
        "history": [(one, words.EVENTS.get(one.kind, one.kind)) for one in seen.history(row) if _told(one, inside)],
        "result_kind": words.RESULT_KINDS.get(row.outcome, "neutral"),
        "band": words.BANDS[row.band],
        "can": _can(row, request, officer=officer),
        "form": form,
        "notify_form": form if isinstance(form, NotifyForm) else NotifyForm(),
        "text_form": form if type(form) is TextForm else TextForm(),
        "fixed_form": form if isinstance(form, FixedForm) else FixedForm(),
    }
    return render(request, "supervision/inspection.html", context, status=422 if form else 200)


def _is_officer(request: Request, row: Inspection) -> bool:
    actor = request.actor
    return actor.user is not None and actor.of("regulator") and seen.is_officer(row, actor.user.pk, actor.org_id)


def _told(event: Any, inside: bool) -> bool:  # noqa: FBT001 - a filter
    """The public reads what was said in public: the agency's words and corrections with the result, no recusals."""
    return inside or event.kind != "recused"


def _points(row: Inspection, *, inside: bool) -> list[dict[str, Any]]:
    found, photos = seen.newest(row), seen.photos(row, public_only=not inside)
    return [
        {"place": place, "text": text, "finding": found.get(place), "photos": photos.get(place, [])}
        for place, text in enumerate(row.plan.standard)
    ]


def _can(row: Inspection, request: Request, *, officer: bool) -> dict[str, bool]:
    """Which of its steps this person may take now."""
    stage, agency = Stage(row.state), request.actor.acts_for(row.subject_id)
    concluded = row.events.filter(kind="conclude").last()
    mine = bool(concluded and request.actor.user and concluded.by_user_id == request.actor.user.pk)
    over = row.due_at is not None and clock.now() >= row.due_at
    return {
        "notify": officer and stage == Stage.DRAWN,
        "record": officer and stage == Stage.NOTICED,
        "publish": officer and stage == Stage.CONCLUDED and not mine,
        "wait_for_other": officer and stage == Stage.CONCLUDED and mine,
        "follow": officer and (stage == Stage.REPORTED or (stage == Stage.FIXING and over)),
        "recuse": officer and stage in (Stage.DRAWN, Stage.NOTICED),
        "correct": officer and row.published_at is not None,
        "reply": agency and stage != Stage.DRAWN,
        "report": agency and stage == Stage.FIXING,
    }


def _track(row: Inspection) -> list[dict[str, Any]]:
    at = {event.kind: event.at for event in row.events.all()}
    published = at.get("publish") or at.get("publish_fix")
    steps = [
        (_("抽中"), at.get("drawn")),
        (_("通知"), at.get("notify")),
        (_("检查"), at.get("conclude")),
        (_("公布"), published),
    ]
    if row.outcome == Inspection.Result.FIX:
        steps += [(_("整改"), at.get("report") or at.get("follow")), (_("复查"), at.get("follow"))]
    reached = next((place for place, (_label, moment) in enumerate(steps) if moment is None), len(steps))
    return [
        {
            "label": label,
            "at": moment or (row.due_at if place == reached else None),
            "state": "done" if moment else ("now" if place == reached else "todo"),
        }
        for place, (label, moment) in enumerate(steps)
    ]


@require_safe
def photo(request: Request, pk: int, small: bool = False) -> HttpResponseBase:  # noqa: FBT001, FBT002 - from the address
    """A picture: with a published result where it was taken for everybody, else for those who may read the record."""
    rows = InspectionPhoto.objects.select_related("inspection", "image", "thumbnail")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    public = found.public and found.inspection.published_at is not None
    if not (public or may_read(request, found.inspection)):
        raise Http404
    answer = files.respond(found.thumbnail if small else found.image, inline=True)
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def proof(request: Request, pk: int) -> HttpResponseBase:
    """What an agency handed in as proof of mending: for itself and supervisors."""
    rows = Inspection.objects.filter(events__pk=pk, events__file__isnull=False)
    row = rows.first()
    if row is None or not may_read(request, row):
        raise Http404
    event = row.events.select_related("file").get(pk=pk)
    if event.file is None:
        raise Http404
    return files.respond(event.file)


def own_or_refuse(request: Request, number: str) -> Inspection:
    """The inspection of the agency that acts. Raises access.not_yours."""
    row = inspection_or_404(request, number)
    if not request.actor.acts_for(row.subject_id):
        raise NOT_YOURS()
    return row


@require_POST
@requires("agency")
def reply(request: Request, number: str) -> HttpResponseBase:
    row, form = own_or_refuse(request, number), TextForm(request.POST)
    if form.is_valid():
        try:
            inspections.reply(number=number, text=form.cleaned_data["text"], by=request.actor.by)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("说明已记录，会和结果一起公布。"))
            return redirect(row)
    return inspection_page(request, row, form)


@require_POST
@requires("agency")
def report_fixed(request: Request, number: str) -> HttpResponseBase:
    row, form = own_or_refuse(request, number), FixedForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        try:
            inspections.report_fixed(number=number, text=data["text"], upload=data["proof"], by=request.actor.by)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已报告整改完成，检查人员会安排复查。"))
            return redirect(row)
    return inspection_page(request, row, form)
