"""Repairs as agencies ask for them and officers decide them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import SUPERVISORS, requires
from accounts.errors import NOT_YOURS
from accounts.requests import Request
from core import files, rulesets
from supervision import list_words as words
from supervision.errors.lists import HINDRANCES
from supervision.list_forms import FilesForm, RepairForm, WordsForm
from supervision.models import Repair, RepairFile
from supervision.selectors import letters
from supervision.selectors import repairs as seen
from supervision.services import repair_targets as targets
from supervision.services import repairs
from supervision.services.repair_targets import Target
from supervision.views.list_steps import done, given, told

PER_PAGE = 30
FORM_VERBS = ["GET", "HEAD", "POST"]
STEPS: dict[str, tuple[Any, Any, Any]] = {
    "accept": (repairs.accept, gettext_lazy("材料齐全，开始审查"), None),
    "missing": (repairs.say_missing, gettext_lazy("告知补正"), gettext_lazy("缺少的全部材料（只能告知一次）")),
    "grant": (repairs.grant, gettext_lazy("准予修复，立即解除"), gettext_lazy("准予修复的理由")),
    "refuse": (repairs.refuse, gettext_lazy("不予修复"), gettext_lazy("不予修复的理由")),
    "broken": (repairs.find_broken, gettext_lazy("认定违背承诺"), gettext_lazy("违背承诺的事实")),
}
OFFERED = {"applied": ("accept", "missing"), "complete": ("grant", "refuse"), "granted": ("broken",)}


@require_safe
@requires(*SUPERVISORS)
def index(request: Request) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in Repair.Stage.values else ""
    page = Paginator(seen.repairs(state=state), PER_PAGE).get_page(request.GET.get("page"))
    rows: Any = page.object_list
    for row in rows:
        row.kind, row.weight = words.KINDS[row.state], words.SEVERITY[row.severity]
    context = {"page_obj": page, "state": state, "states": Repair.Stage.choices}
    return render(request, "supervision/repairs.html", context)


@require_http_methods(FORM_VERBS)
@requires(*SUPERVISORS)
def repair(request: Request, number: str) -> HttpResponseBase:
    """What is to be repaired, the proof, the promise, the history, and the steps possible now."""
    row = _found(number)
    chosen, forms = request.POST.get("do", ""), dict[str, WordsForm]()
    if request.method == "POST":
        if not request.actor.of("regulator"):
            raise NOT_YOURS()
        if chosen not in STEPS:
            raise Http404
        forms[chosen] = form = _form(chosen, request.POST)
        if form.is_valid() and _stepped(request, row, chosen, form):
            return redirect(row)
    target = targets.of_repair(row)
    offered = OFFERED.get(row.state, ()) if request.actor.of("regulator") else ()
    steps = [
        {"name": name, "button": STEPS[name][1], "form": forms.get(name) or _form(name), "wordless": not STEPS[name][2],
         "open": name in forms or name == offered[0]}
        for name in offered
    ]  # fmt: skip
    context = {
        "row": row,
        "target": target,
        "target_kind": words.TARGETS[target.kind],
        "severity": words.SEVERITY[row.severity],
        "kind": words.KINDS[row.state],
        "publicity_ends": targets.publicity_ends(target, rulesets.by_ref(row.rules_ref)),
        "events": told(seen.history(row), words.REPAIR_EVENTS),
        "letters": letters.of_matter(f"repair:{row.pk}"),
        "steps": steps,
        "files_at": "supervision:repair_file",
    }
    return render(request, "supervision/repair.html", context, status=422 if forms else 200)


def _form(name: str, posted: Any = None) -> WordsForm:
    return WordsForm(posted, label=STEPS[name][2] or "", needed=STEPS[name][2] is not None, prefix=name)


def _stepped(request: Request, row: Repair, chosen: str, form: WordsForm) -> bool:
    text = form.cleaned_data["text"]
    given_words = {"accept": {}, "missing": {"text": text}}.get(chosen, {"reason": text})
    return done(request, form, STEPS[chosen][0], _("已记录。"), repair_id=row.pk, **given_words)


@require_safe
@requires("agency")
def mine(request: Request) -> HttpResponse:
    """What weighs on the agency, from when each can be repaired, and its applications."""
    held = [_weight(target) for target in targets.of_agency(request.actor.org_id or 0)]
    applications: list[Any] = list(seen.repairs_of(request.actor.org_id or 0))
    for row in applications:
        row.kind = words.KINDS[row.state]
    return render(request, "supervision/repairs_own.html", {"held": held, "applications": applications})


def _weight(target: Target) -> dict[str, Any]:
    code, until = repairs.hindrance(target)
    return {
        "target": target,
        "kind": words.TARGETS[target.kind],
        "severity": words.SEVERITY[target.severity],
        "code": code,
        "until": until if code in ("publicity", "broken") else None,
        "why": HINDRANCES[code].sentence if code else "",
    }


@require_http_methods(FORM_VERBS)
@requires("agency")
def apply(request: Request, kind: str, pk: int) -> HttpResponseBase:
    """Ask for a repair: proof and promise."""
    target = targets.find(kind, pk)
    if target is None or not request.actor.acts_for(target.agency_id):
        raise Http404
    form = RepairForm(*given(request), label=_("整改情况"))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        arguments = {"kind": kind, "target_id": pk, "commitment": data["commitment"], "text": data["text"]}
        if done(request, form, repairs.apply, _("修复申请已提交。"), **arguments, uploads=form.files_given):
            return redirect("supervision:own_repairs")
    context = {**_weight(target), "form": form}
    return render(request, "supervision/repair_new.html", context, status=422 if form.errors else 200)


@require_http_methods(FORM_VERBS)
@requires("agency")
def own(request: Request, number: str) -> HttpResponseBase:
    """One's own application: where it is, and what may be added."""
    row = _found(number)
    if not request.actor.acts_for(row.agency_id):
        raise Http404
    chosen = request.POST.get("do", "")
    form = FilesForm(*given(request), label=_("补正说明"), needed=chosen != "withdraw")
    if request.method == "POST" and form.is_valid():
        if chosen == "withdraw":
            stepped = done(request, form, repairs.withdraw, _("申请已撤回。"), repair_id=row.pk)
        else:
            text, uploads = form.cleaned_data["text"], form.files_given
            stepped = done(request, form, repairs.supplement, _("补正已提交。"), repair_id=row.pk, text=text,
                           uploads=uploads)  # fmt: skip
        if stepped:
            return redirect("supervision:own_repair", row.number)
    context = {
        "row": row,
        "target": targets.of_repair(row),
        "kind": words.KINDS[row.state],
        "severity": words.SEVERITY[row.severity],
        "events": told(seen.history(row), words.REPAIR_EVENTS),
        "letters": letters.of_matter(f"repair:{row.pk}"),
        "form": form,
        "may_supplement": row.state == "incomplete",
        "may_withdraw": row.state in ("applied", "incomplete", "complete"),
        "files_at": "supervision:repair_file",
    }
    return render(request, "supervision/repair_own.html", context, status=422 if form.errors else 200)


@require_safe
def file(request: Request, pk: int) -> HttpResponseBase:
    """A proof: for its agency and those who decide; for others there is none."""
    try:
        row = seen.file(pk)
    except RepairFile.DoesNotExist as missing:
        raise Http404 from missing
    if not (request.actor.of(*SUPERVISORS) or request.actor.acts_for(row.event.repair.agency_id)):
        raise Http404
    return files.respond(row.file, inline=True)


def _found(number: str) -> Repair:
    try:
        return seen.repair(number)
    except Repair.DoesNotExist as missing:
        raise Http404 from missing
