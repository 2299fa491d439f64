"""Cards: every step with its clock for supervisors, one step for those it concerns, stops and excuses."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actor import SUPERVISORS, Actor, requires
from accounts.requests import Request
from core import files, tables
from core.errors import Refusal
from core.workdays import LOCAL
from supervision import kinds
from supervision.forms import GrownCaseForm
from supervision.models import Card, ClockStop, Step
from supervision.selectors import cards, origins
from supervision.selectors.cards import Filters
from supervision.services import stops
from supervision.services.origins import open_case_on_card
from supervision.views import growing

PER_PAGE = 40
OWNERS_ONLY = re.compile(r"/(agency|department|cases)/|/needs/\d+/choose/")  # pages nobody else may open
MOST = 20000  # rows of a file


@require_safe
@requires(*SUPERVISORS)
def index(request: Request) -> HttpResponse:
    filters = filters_of(request.GET)
    standings = cards.by_department()
    context = {
        "filters": filters,
        "page_obj": Paginator(cards.board(filters), PER_PAGE).get_page(request.GET.get("page")),
        "owners": cards.owners_in_use(),
        "kinds": cards.kinds_in_use(),
        "colours": _colours(),
        "states": _states(),
        "standings": [one for one in standings if one.tally.broken or one.tally.overdue],
        "total": cards.total(standings),
        "not_recounted": cards.not_recounted(),
    }
    return render(request, "supervision/cards.html", context)


def filters_of(query: QueryDict) -> Filters:
    """What an address asks for; unknown values count as "all". Without any: what is open."""
    owner, colour, state = query.get("owner", ""), query.get("colour", ""), query.get("state", cards.OPEN)
    return Filters(
        owner=owner if owner.isdecimal() else "",
        kind=query.get("kind", ""),
        colour=colour if colour in cards.COLOURS else "",
        state=state if state in cards.STATES else "",
        q=query.get("q", "").strip()[:100],
    )


def _colours() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Card.Colour.choices] + [(cards.NONE, _("没有牌"))]


def _states() -> list[tuple[str, str]]:
    return [(cards.OPEN, _("未办结")), (cards.OVERDUE, _("超时未办结")), (cards.CLOSED, _("已办结"))]


@require_safe
@requires(*SUPERVISORS)
def cards_file(request: Request, kind: str) -> HttpResponse:
    """The same rows as CSV or XLSX."""
    columns = [_("单位"), _("环节"), _("事项"), _("开始"), _("期限"), _("黄牌"), _("红牌"), _("办结"), _("编号")]
    rows = _lines(cards.board(filters_of(request.GET))[:MOST])
    return tables.respond(rows, columns=columns, name="cards", kind=kind)


def _lines(rows: Any) -> Iterator[list[str]]:
    for row in rows:
        moments = (row.started_at, row.due_at, row.yellow, row.red, row.closed_at)
        said = [f"{one.astimezone(LOCAL):%Y-%m-%d %H:%M}" if one else "" for one in moments]
        yield [row.owner.name, kinds.label(row.kind), row.title, *said, row.reference]


@require_safe
@requires()
def card(request: Request, pk: int) -> HttpResponse:
    return _page(request, _visible(request, pk))


def _visible(request: Request, pk: int) -> Any:
    """A step its owner, the other side and supervisors may see; for everybody else there is none."""
    try:
        step = cards.step(pk)
    except Step.DoesNotExist as missing:
        raise Http404 from missing
    if not _concerns(request.actor, step):
        raise Http404
    return step


def _concerns(actor: Actor, step: Step) -> bool:
    return actor.of(*SUPERVISORS) or actor.acts_for(step.owner_id) or actor.acts_for(step.respondent_id)


def _page(
    request: Request, step: Any, refusal: Refusal | None = None, case_form: GrownCaseForm | None = None
) -> HttpResponse:
    actor = request.actor
    rows = list(step.stops.all())
    standing = next((row for row in rows if row.ends_at is None and row.refused_at is None), None)
    grounds = stops.grounds(step)
    mine = [
        code
        for code, rule in grounds.items()
        if actor.acts_for(step.owner_id) == (rule["who"] == "owner")
        and (rule["who"] == "owner" or actor.of(*SUPERVISORS))
    ]
    context = {
        "step": step,
        "kind": kinds.label(step.kind),
        "opens": actor.acts_for(step.owner_id) or not OWNERS_ONLY.match(step.path),
        "limit": kinds.limit_words(step.limit),
        "stops": [(row, kinds.STOPS.get(row.ground, row.ground)) for row in rows],
        "standing": standing,
        "grounds": [(code, kinds.STOPS.get(code, code)) for code in mine] if not step.closed_at else [],
        "wants_evidence": any(stops.wants_evidence(code) for code in mine),
        "levels": [(row, kinds.LEVELS.get(row.level, row.level)) for row in step.escalations.all()],
        "may_answer": standing is not None and not standing.confirmed_at and actor.acts_for(step.respondent_id),
        "may_end": standing is not None and _may_end(actor, step, standing),
        "may_excuse": actor.acts_for(step.owner_id) and step.yellow is not None,
        "refusal": refusal,
        "typed": request.POST.get("reason", ""),
        **_case(actor, step, case_form),
    }
    return render(request, "supervision/card.html", context, status=422 if refusal or case_form else 200)


def _case(actor: Actor, step: Any, form: GrownCaseForm | None) -> dict[str, Any]:
    """The case that grew from the red card, or the form for a regulator who may open one."""
    found = growing.grown(actor, origins.CARD, step.pk)
    may = actor.of("regulator") and step.red and step.owner.kind == "agency" and not found["grown"]
    return {
        **found,
        "case_form": form or (growing.form_for(origins.of_card(step)) if may else None),
        "refused": form is not None,
        "tied": growing.tied(actor, step.owner_id, step.respondent_id),
    }


def _may_end(actor: Actor, step: Step, stop: ClockStop) -> bool:
    return any(actor.acts_for(pk) for pk in (step.owner_id, step.respondent_id, stop.asked_for_id))


@require_POST
@requires()
def stop(request: Request, pk: int) -> HttpResponseBase:
    step = _visible(request, pk)
    data = {"ground": request.POST.get("ground", ""), "reason": request.POST.get("reason", "")}
    evidence = request.FILES.get("evidence")
    return _done(
        request,
        step,
        lambda: stops.ask_stop(step_id=pk, by=request.actor.by, evidence=evidence, **data),
        _("已申请停止计时。"),
    )


@require_safe
@requires()
def stop_evidence(request: Request, pk: int) -> HttpResponseBase:
    """What a stop rests on, for whoever may see the step."""
    row, _step = _stop(request, pk)
    if row.evidence is None:
        raise Http404
    return files.respond(row.evidence)


@require_POST
@requires()
def excuse(request: Request, pk: int) -> HttpResponseBase:
    step = _visible(request, pk)
    reason = request.POST.get("reason", "")
    return _done(
        request,
        step,
        lambda: stops.excuse(step_id=pk, reason=reason, by=request.actor.by),
        _("说明已记录，与牌一起公开。"),
    )


@require_POST
@requires()
def answer(request: Request, pk: int) -> HttpResponseBase:
    """Confirm that one is waited for, or refuse with a reason."""
    row, step = _stop(request, pk)
    confirmed, reason = request.POST.get("answer") == "yes", request.POST.get("reason", "")
    return _done(
        request,
        step,
        lambda: stops.answer_stop(stop_id=row.pk, confirmed=confirmed, reason=reason, by=request.actor.by),
        _("答复已记录。"),
    )


@require_POST
@requires()
def end(request: Request, pk: int) -> HttpResponseBase:
    row, step = _stop(request, pk)
    return _done(request, step, lambda: stops.end_stop(stop_id=row.pk, by=request.actor.by), _("计时已恢复。"))


@require_POST
@requires("regulator")
def open_case(request: Request, pk: int) -> HttpResponseBase:
    """The red card of an agency's step becomes a case."""
    step = _visible(request, pk)
    form = growing.form_for(origins.of_card(step), request.POST)

    def verb(data: dict[str, Any]) -> Any:
        return open_case_on_card(step_id=pk, ground=data["ground"], facts=data["facts"], by=request.actor.by)

    made = growing.opened(request, form, verb)
    return redirect(made) if made else _page(request, step, case_form=form)


def _stop(request: Request, pk: int) -> tuple[ClockStop, Any]:
    row = ClockStop.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row, _visible(request, row.step_id)


def _done(request: Request, step: Step, verb: Callable[[], object], said: str) -> HttpResponseBase:
    """Back to the step; a refusal is said on its page with what was typed."""
    try:
        verb()
    except Refusal as refusal:
        if refusal.kind.status != 422:
            raise
        return _page(request, step, refusal)
    messages.success(request, said)
    return redirect(step)
