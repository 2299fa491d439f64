"""Writing a need as a conversation: one step a page, saved at every step, in any order."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import BUYERS, requires
from accounts.errors import NOT_YOURS
from accounts.requests import Request
from core import clock, rulesets
from core.errors import Refusal
from core.workdays import Limit
from marketplace import errors, schedule, selectors, services
from marketplace.forms import STEP_FORMS, CancelForm, StepForm
from marketplace.models import Method, Need
from marketplace.rules import fairness, publication
from marketplace.rules.publication import STEPS, Issue
from marketplace.wording import FAIRNESS, STEPS_ASK, issue_text
from marketplace.wording import STEPS as STEP_LABELS

NEXT, BACK, LATER = "next", "back", "later"
# Where to mend what stops a publication.
STOPS = {errors.NOT_READY.code: "check", "budget.short": "money", "budget.year_over": "money"}


@requires(*BUYERS)
def new(request: Request) -> HttpResponse:
    """Start a need (POST, optionally with an item's code), or go on with one."""
    if request.method == "POST":
        return _start(request)
    drafts = [row for row in selectors.board(request.actor.org_id or 0) if row.state == "draft"]
    item = selectors.item(request.GET.get("item", "")[:10])
    return render(request, "marketplace/new.html", {"drafts": drafts, "item": item})


def _start(request: Request) -> HttpResponse:
    need = services.start_need(actor=request.actor)
    code = request.POST.get("item", "")[:10]
    if code:
        form = STEP_FORMS["item"](data={"item": code}, need=need, terms=schedule.terms(need, clock.now()))
        return _keep(request, need, "item", form, go=NEXT)
    return redirect("marketplace:edit", need.pk, "item")


@requires(*BUYERS)
def edit(request: Request, pk: int, step: str) -> HttpResponse:
    need = _own_draft(request, pk)
    if need.published_at:
        messages.info(request, _("这项需求已经发布，内容不能再改。"))
        return redirect(need.get_absolute_url())
    if step == "check":
        return _check(request, need)
    if step not in STEP_FORMS:
        raise Http404
    terms = schedule.terms(need, clock.now())
    if request.method == "POST":
        form = STEP_FORMS[step](data=request.POST, need=need, terms=terms)
        return _keep(request, need, step, form, go=request.POST.get("go", NEXT))
    typed = need.typed.get(step)
    form = STEP_FORMS[step](data=typed, need=need, terms=terms) if typed else STEP_FORMS[step](need=need, terms=terms)
    return _show(request, need, step, form)


def _own_draft(request: Request, pk: int) -> Need:
    """The buyer's own need; what others write does not exist for them."""
    need = selectors.get_need(pk)
    if need is None or not request.actor.acts_for(need.buyer_id):
        raise Http404
    return need


def _keep(request: Request, need: Need, step: str, form: StepForm, *, go: str) -> HttpResponse:
    """Save a step and go where the person wants; what cannot be taken is kept as typed and shown again."""
    taken = form.is_valid() and _taken(request, need, step, form)
    if not taken:
        typed = {name: str(form.data.get(name, "")) for name in form.fields}
        services.keep_typed(need_id=need.pk, step=step, typed=typed, by=request.actor.by)
    if go == LATER:
        messages.success(request, _("已保存，随时可以回来继续。"))
        return redirect("marketplace:new")
    if go == BACK:
        return _to(need, _beside(step, -1))
    if not taken:
        return _show(request, need, step, form, status=422)
    return _to(need, step if _stopped(need.pk, step) else _beside(step, 1))


def _taken(request: Request, need: Need, step: str, form: StepForm) -> bool:
    try:
        services.save_step(need_id=need.pk, step=step, values=form.values(), by=request.actor.by)
    except Refusal as refusal:
        form.add_error(None, f"{refusal.sentence} {refusal.way_out}")
        return False
    return True


def _stopped(need_id: int, step: str) -> bool:
    """Does what was just saved hold something that would stop publication?"""
    need = Need.objects.select_related("item").get(pk=need_id)
    return publication.blocks([issue for issue in _issues(need) if issue.step == step])


def _beside(step: str, by: int) -> str:
    return STEPS[min(max(STEPS.index(step) + by, 0), len(STEPS) - 1)]


def _to(need: Need, step: str) -> HttpResponseRedirect:
    return redirect("marketplace:edit", need.pk, step)


def _issues(need: Need) -> list[Issue]:
    bounds = schedule.terms(need, clock.now()).bounds
    return publication.issues(selectors.draft_of(need), bounds, selectors.agency_names_in(need))


def _show(request: Request, need: Need, step: str, form: StepForm, *, status: int = 200) -> HttpResponse:
    found = _issues(need)
    context: dict[str, Any] = {
        "need": need,
        "step": step,
        "form": form,
        "terms": form.terms,
        "asks": STEPS_ASK[step],
        "place": STEPS.index(step) + 1,
        "places": len(STEPS),
        "steps": _track(need, step, found),
        "back_url": reverse("marketplace:edit", args=[need.pk, _beside(step, -1)]) if step != STEPS[0] else "",
        **_extras(request, need, step, found),
    }
    return render(request, f"marketplace/steps/{step}.html", context, status=status)


def _extras(request: Request, need: Need, step: str, found: list[Issue]) -> dict[str, Any]:
    """What a step shows beside its form."""
    if step == "item":
        chosen = request.POST.get("item") or (need.item.code if need.item else "")
        return {"groups": item_groups(need.buyer_kind), "chosen": chosen, "cancelled": _cancelled_item(need)}
    if step == "scope":
        return {"findings": [shown(issue) for issue in found if issue.code in FAIRNESS]}
    rules = rulesets.current("marketplace")
    return {
        "direct": need.method == Method.DIRECT,
        "department": need.buyer_kind == "department",
        "tiers": schedule.tiers(rules),
        "urgent": Limit.of(rules["urgent_notice"]),
        "warnings": [shown(issue) for issue in found if issue.step == step and issue.severity == fairness.WARN],
    }


def _cancelled_item(need: Need) -> bool:
    return bool(need.item and need.item.cancelled_at)


def item_groups(buyer_kind: str) -> list[tuple[str, list[Any]]]:
    """The items in force by category, each with what stands in the way of this buyer, if anything."""
    groups: dict[str, list[Any]] = {}
    for item in selectors.items():
        mismatch = publication.payer_issue(buyer_kind, item.payer, own_project=False)
        groups.setdefault(item.category, []).append((item, mismatch))
    return list(groups.items())


def shown(issue: Issue) -> dict[str, Any]:
    """An issue with its words, for templates."""
    return {
        "step": issue.step,
        "step_label": STEP_LABELS[issue.step],
        "code": issue.code,
        "blocks": issue.severity == fairness.BLOCK,
        "excerpt": issue.data.get("excerpt", ""),
        "sentence": issue_text(issue.code, dict(issue.data)),
        "words": FAIRNESS.get(issue.code),
    }


def _track(need: Need, here: str, found: list[Issue]) -> list[dict[str, Any]]:
    stopped = {issue.step for issue in found if issue.severity == fairness.BLOCK}
    return [
        {
            "label": STEP_LABELS[step],
            "state": _step_state(step, here, stopped),
            "url": reverse("marketplace:edit", args=[need.pk, step]) if step != here else "",
        }
        for step in STEPS
    ]


def _step_state(step: str, here: str, stopped: set[str]) -> str:
    if step == here:
        return "now"
    return "todo" if step in stopped or step == "check" else "done"


def _check(request: Request, need: Need) -> HttpResponse:
    found = _issues(need)
    context = {
        "need": need,
        "step": "check",
        "terms": schedule.terms(need, clock.now()),
        "asks": STEPS_ASK["check"],
        "place": len(STEPS),
        "places": len(STEPS),
        "steps": _track(need, "check", found),
        "stopping": [shown(issue) for issue in found if issue.severity == fairness.BLOCK],
        "warnings": [shown(issue) for issue in found if issue.severity == fairness.WARN],
        "direct": need.method == Method.DIRECT,
        "department": need.buyer_kind == "department",
        "auction": need.method == Method.LIVE_AUCTION,
    }
    return render(request, "marketplace/steps/check.html", context)


@require_POST
@requires(*BUYERS)
def publish(request: Request, pk: int) -> HttpResponse:
    need = _own_draft(request, pk)
    try:
        need = services.publish(need_id=need.pk, by=request.actor.by)
    except Refusal as refusal:
        step = STOPS.get(refusal.kind.code)
        if step is None:
            raise
        messages.error(request, f"{refusal.sentence} {refusal.way_out}")
        return _to(need, step)
    messages.success(request, _("需求已经发布，编号 {number}。").format(number=need.number))
    return redirect(need.get_absolute_url())


@require_POST
@requires(*BUYERS)
def discard(request: Request, pk: int) -> HttpResponse:
    need = _own_draft(request, pk)
    services.discard(need_id=need.pk, by=request.actor.by)
    messages.success(request, _("草稿已删除。"))
    return redirect("marketplace:new")


@require_POST
@requires(*BUYERS)
def copy(request: Request, pk: int) -> HttpResponse:
    """Take an ended need up again as a new draft."""
    need = _own_need(request, pk)
    return _to(services.copy_need(need_id=need.pk, by=request.actor.by), "check")


@requires(*BUYERS)
def cancel(request: Request, pk: int) -> HttpResponse:
    need = _own_need(request, pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel(need_id=need.pk, reason=form.cleaned_data["reason"], by=request.actor.by)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.sentence} {refusal.way_out}")
        else:
            messages.success(request, _("需求已终止，终止公告已经发布。"))
            return redirect(need.get_absolute_url())
    return render(request, "marketplace/cancel.html", {"need": need, "form": form}, status=422 if form.errors else 200)


def _own_need(request: Request, pk: int) -> Need:
    """A need of the actor's own organisation: another's draft does not exist, another's published need is refused."""
    need = get_object_or_404(Need.objects.select_related("item", "buyer"), pk=pk)
    if request.actor.acts_for(need.buyer_id):
        return need
    if need.published_at is None:
        raise Http404
    raise NOT_YOURS()


@require_POST
@requires(*BUYERS)
def check_text(request: Request) -> HttpResponse:
    """The fair-competition check of texts still being written; answers with a part of the page."""
    text = "\n".join(request.POST.get(name, "") for name in publication.CHECKED_TEXTS)[: fairness.MAX_LENGTH]
    names = selectors.agency_names_in_text(text)
    found = fairness.check(text, department=request.actor.of("department"), names=names)
    issues = [Issue("scope", "", one.rule_code, one.severity, {"excerpt": one.excerpt}) for one in found]
    context = {"findings": [shown(issue) for issue in issues], "checked": bool(text.strip())}
    return render(request, "marketplace/_findings.html", context)
