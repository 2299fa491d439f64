"""A contract from draft to completion, as its parties and supervisors see it."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import BUYERS, SUPERVISORS, requires
from accounts.errors import NOT_YOURS
from accounts.requests import Request
from contracts import changes, endings, selectors, services
from contracts.forms import DeliverForm, DraftForm, EndForm, FilingForm, InvoiceForm, ReturnForm, SendBackForm, SlipForm
from contracts.guide import STATES, STEPS, next_move
from contracts.models import Contract, Milestone
from contracts.rules.lifecycle import State, Step
from contracts.rules.terms import clauses
from contracts.services import money
from contracts.story import story
from core import files, papers, rulesets
from core.errors import Refusal
from payments.selectors import papers as papers_of
from payments.selectors import payables

PARTIES = (*BUYERS, "agency")
MINE_PER_PAGE = 20
Forms = dict[str, Any]


@requires(*PARTIES, *SUPERVISORS)
def contracts(request: Request) -> HttpResponse:
    """Mine; supervisors see all. `?open=1` leaves out what is done."""
    rows = selectors.every() if request.actor.of(*SUPERVISORS) else selectors.contracts_of(request.actor.org_id)
    only_open = request.GET.get("open") == "1"
    if only_open:
        rows = rows.filter(completed_at=None, terminated_at=None)
    page = Paginator(rows, MINE_PER_PAGE).get_page(request.GET.get("page"))
    lines = [_line(row, row.side_of(request.actor.org_id)) for row in page.object_list]
    context = {"page_obj": page, "lines": lines, "only_open": only_open}
    return render(request, "contracts/list.html", context)


def _line(row: Contract, side: str | None) -> dict[str, Any]:
    label, kind = STATES[selectors.state(row)]
    return {"contract": row, "side": side, "label": label, "kind": kind, "move": next_move(row, side)}


@requires(*PARTIES, *SUPERVISORS)
def contract(request: Request, pk: int) -> HttpResponse:
    row, side = readable(request, pk)
    return page(request, row, side, {})


@requires(*PARTIES)
def draft(request: Request, pk: int) -> HttpResponseBase:
    """The draft form; its second button also confirms what was just written."""
    row, side = party(request, pk)
    if row.signed_at:
        return redirect("contracts:contract", row.pk)
    most = rulesets.by_ref(row.rules_ref)["milestones_most"]
    form = DraftForm(request.POST if request.method == "POST" else None, contract=row, most=most)
    if request.method == "POST" and form.is_valid() and _drafted(request, row, side, form):
        return redirect("contracts:contract", row.pk)
    context = {"contract": row, "form": form, "side": side, "most": most}
    return render(request, "contracts/draft.html", context, status=422 if form.errors else 200)


def _drafted(request: Request, row: Contract, side: str, form: DraftForm) -> bool:
    values, by = form.cleaned_data, request.actor.by
    try:
        drafted = services.draft(
            contract_id=row.pk,
            terms=values["terms"],
            milestones=values["milestones"],
            side=side,
            by=by,
            version=values["version"],
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    if "confirm" in request.POST:
        services.confirm(contract_id=row.pk, side=side, by=by, version=drafted.version)
        messages.success(request, _("已保存并确认第 {version} 版，等待对方确认。").format(version=drafted.version))
    else:
        messages.success(request, _("已保存第 {version} 版，双方此前的确认已撤回。").format(version=drafted.version))
    return True


@require_POST
@requires(*PARTIES)
def confirm(request: Request, pk: int) -> HttpResponseBase:
    row, side = party(request, pk)
    version = request.POST.get("version", "")
    read = int(version) if version.isascii() and version.isdigit() and len(version) < 6 else None
    row = services.confirm(contract_id=row.pk, side=side, by=request.actor.by, version=read)
    if row.signed_at:
        messages.success(request, _("双方均已确认，合同已签订。"))
    else:
        messages.success(request, _("已确认第 {version} 版。").format(version=row.version))
    return redirect("contracts:contract", row.pk)


@require_POST
@requires(*PARTIES)
def send_back(request: Request, pk: int) -> HttpResponseBase:
    row, side = party(request, pk)
    form, by = SendBackForm(request.POST), request.actor.by
    form.attempt(lambda given: services.send_back(contract_id=row.pk, side=side, reason=given["reason"], by=by))
    return answered(request, row, {"send_back": form}, _("已退回，对方会看到您的理由。"))


@requires(*PARTIES, *SUPERVISORS)
def contract_pdf(request: Request, pk: int) -> HttpResponseBase:
    row, _side = readable(request, pk)
    if row.paper is None:
        raise Http404
    return files.respond(papers.pdf(row.paper), inline=True)


def readable(request: Request, pk: int) -> tuple[Contract, str | None]:
    """The contract and the reader's side (None: a supervisor). Nobody else may read it."""
    row = _contract(pk)
    side = row.side_of(request.actor.org_id)
    if side is None and not request.actor.of(*SUPERVISORS):
        raise NOT_YOURS()
    return row, side


def party(request: Request, pk: int) -> tuple[Contract, str]:
    """The contract and which party the reader is. Nobody else may act."""
    row = _contract(pk)
    side = row.side_of(request.actor.org_id)
    if side is None:
        raise NOT_YOURS()
    return row, side


def _contract(pk: int) -> Contract:
    try:
        return selectors.contract(pk)
    except Contract.DoesNotExist as missing:
        raise Http404 from missing


def answered(request: Request, row: Contract, forms: Forms, said: str) -> HttpResponseBase:
    """After an attempt from the contract's page: the page with what was refused, or anew with what was done."""
    if any(form.errors for form in forms.values()):
        return page(request, row, row.side_of(request.actor.org_id), forms)
    messages.success(request, said)
    return redirect("contracts:contract", row.pk)


def page(request: Request, row: Contract, side: str | None, forms: Forms) -> HttpResponse:
    """The whole page; `forms` holds what was refused, under its name and, for milestones, its id."""
    state = selectors.state(row)
    label, kind = STATES[state]
    drafting = state in (State.DRAFTING, State.TO_CONFIRM, State.PUBLICITY)
    context = {
        "contract": row,
        "need": row.award.need,
        "side": side,
        "state": state,
        "state_label": label,
        "state_kind": kind,
        "drafting": drafting,
        "move": next_move(row, side),
        "mine_confirmed": _confirmed(row, side),
        "other_confirmed": _confirmed(row, _other(side)),
        "milestones": _milestones(row, side, forms),
        "money": _money(row, side, forms),
        "send_back": forms.get("send_back", SendBackForm()),
        "change": changes.told(row, side),
        "ending": endings.told(row, side),
        "dispute": forms.get("dispute", EndForm(auto_id="end_%s")),
        "filed": endings.filing(row, side),
        "filing": forms.get("filing", FilingForm(auto_id="filing_%s")),
        "amend_return": forms.get("amend_return", SendBackForm(auto_id="amend_%s")),
        "story": story(row),
        "terms": clauses(row.terms),
        "steps": _steps(row, state),
    }
    return render(request, "contracts/contract.html", context, status=422 if forms else 200)


def _other(side: str | None) -> str | None:
    return {"buyer": "supplier", "supplier": "buyer"}.get(side or "")


def _confirmed(row: Contract, side: str | None) -> Any:
    return {"buyer": row.buyer_confirmed_at, "supplier": row.supplier_confirmed_at}.get(side or "")


def _milestones(row: Contract, side: str | None, forms: Forms) -> list[dict[str, Any]]:
    """All of them; the first that can be handed in is the next to do."""
    references = [f"milestone:{one.pk}" for one in row.milestones.all()]
    owed, asked = payables.of_parts(references), papers_of.invoices_for(references)
    rows = [
        {**_milestone(row, one, side, forms), "payable": owed.get(reference), "invoice": asked.get(reference)}
        for one, reference in zip(row.milestones.all(), references, strict=True)
    ]
    for one in rows:
        if one["may_deliver"]:
            one["next"] = True
            break
    return rows


def _money(row: Contract, side: str | None, forms: Forms) -> dict[str, Any] | None:
    """How each milestone is paid; None where nobody pays here: before signing, and for departments."""
    if row.signed_at is None or row.buyer.kind != "enterprise":
        return None
    told, payer, milestones = money.standing(row), side == "buyer", list(row.milestones.all())
    due = replace(told, parts=[line for one, line in zip(milestones, told.parts, strict=True) if money.owed(row, one)])
    lines = [
        {
            "money": line,
            "milestone": one,
            "may_pay": payer and line.open and money.owed(row, one),
            "may_answer": side == "supplier",
            "slip": forms.get(f"slip:{one.pk}", SlipForm(auto_id=f"slip_{one.pk}_%s")),
        }
        for one, line in zip(milestones, told.parts, strict=True)
    ]
    return {"lines": lines, "told": due, "may_fund": payer and due.available and bool(due.open_parts)}


def _milestone(row: Contract, one: Milestone, side: str | None, forms: Forms) -> dict[str, Any]:
    step = selectors.step(one)
    label, kind = STEPS[step]
    in_service = row.signed_at is not None and row.terminated_at is None
    returned = any(submission.returned_at for submission in one.deliverables.all())
    return {
        "milestone": one,
        "label": label if row.signed_at else "",
        "kind": kind,
        "submissions": list(one.deliverables.all()),
        "waiting": selectors.waiting_deliverable(one),
        "may_deliver": in_service and side == "supplier" and step in (Step.WAITING, Step.REWORK),
        "may_answer": in_service and side == "buyer" and step == Step.DELIVERED,
        "may_return": not returned,
        "may_invoice": side == "supplier" and one.accepted_at is not None,
        "ask": forms.get(f"invoice:{one.pk}", InvoiceForm(auto_id=f"invoice_{one.pk}_%s")),
        "deliver": forms.get(f"deliver:{one.pk}", DeliverForm(auto_id=f"deliver_{one.pk}_%s")),
        "return": forms.get(f"return:{one.pk}", ReturnForm(auto_id=f"return_{one.pk}_%s")),
    }


def _steps(row: Contract, state: State) -> list[dict[str, Any]]:
    both = row.buyer_confirmed_at and row.supplier_confirmed_at
    latest = max((at for at in (row.buyer_confirmed_at, row.supplier_confirmed_at) if at), default=None)
    accepted = [one for one in row.milestones.all() if one.accepted_at]
    delivery = f"{len(accepted)}/{len(row.milestones.all())}"
    return [
        {"label": _("机构确认中选"), "state": "done", "at": row.created_at},
        {"label": _("双方确认合同"), "state": "done" if both else "now", "at": latest if both else row.sign_by},
        {
            "label": _("合同签订"),
            "state": "done" if row.signed_at else "now" if both else "todo",
            "at": row.signed_at or row.award.publicity_ends_at,
        },
        {
            "label": _("交付验收"),
            "state": "done" if row.completed_at else "now" if state == State.IN_SERVICE else "todo",
            "note": _("已验收 {delivery}").format(delivery=delivery) if row.signed_at else "",
        },
        {"label": _("完成"), "state": "done" if row.completed_at else "todo", "at": row.completed_at},
    ]
