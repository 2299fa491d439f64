"""The award's public page, and the winner's answer."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import requires
from accounts.requests import Request
from bidding import selectors as bidding
from bidding.models import Award
from contracts import selectors, services
from contracts.forms import DeclineForm
from contracts.guide import AWARDS
from contracts.models import Contract
from core import clock, files, papers
from core.money import Money


def award(request: Request, pk: int) -> HttpResponse:
    return _page(request, _award(pk), DeclineForm())


@require_POST
@requires("agency")
def confirm(request: Request, pk: int) -> HttpResponseBase:
    contract = services.confirm_award(award_id=_award(pk).pk, by=request.actor.by)
    messages.success(request, _("已确认中选。合同草稿已经生成，请阅读后确认。"))
    return redirect("contracts:contract", contract.pk)


@require_POST
@requires("agency")
def decline(request: Request, pk: int) -> HttpResponseBase:
    row, form, by = _award(pk), DeclineForm(request.POST), request.actor.by
    form.attempt(lambda given: services.decline_award(award_id=row.pk, reason=given["reason"], by=by))
    if form.errors:
        return _page(request, row, form)
    messages.success(request, _("已放弃中选，理由已公布。"))
    return redirect("contracts:award", row.pk)


def letter(request: Request, pk: int) -> HttpResponseBase:  # noqa: ARG001 - the letter is public
    paper = _award(pk).paper
    if paper is None:
        raise Http404
    return files.respond(papers.pdf(paper), inline=True)


def _award(pk: int) -> Award:
    try:
        return bidding.award(pk)
    except Award.DoesNotExist as missing:
        raise Http404 from missing


def _page(request: Request, row: Award, form: DeclineForm) -> HttpResponse:
    actor, contract = request.actor, selectors.contract_of_award(row.pk)
    pending = row.outcome == Award.Outcome.PENDING
    label, kind = AWARDS[row.outcome]
    party = contract is not None and contract.side_of(actor.org_id) is not None
    context = {
        "award": row,
        "need": row.need,
        "competition": row.competition,
        "contract": contract,
        "opens_contract": party or (contract is not None and actor.of("regulator", "operator")),
        "state_label": label,
        "state_kind": kind,
        "is_winner": actor.acts_for(row.agency_id),
        "is_buyer": actor.acts_for(row.need.buyer_id),
        "may_answer": pending and actor.acts_for(row.agency_id),
        "in_publicity": clock.now() < row.publicity_ends_at,
        "saving": saving(row),
        "steps": _steps(row, contract),
        "form": form,
        "successor": _successor(row),
        "paper_url": f"{settings.SITE_URL}/awards/{row.pk}/",
    }
    return render(request, "contracts/award.html", context, status=422 if form.errors else 200)


def saving(row: Award) -> dict[str, Any] | None:
    """How far the award stayed below the ceiling, in yuan and per cent; None where there is no ceiling or no gap."""
    ceiling = row.need.ceiling
    if ceiling is None or ceiling <= row.amount:
        return None
    gap = ceiling - row.amount
    return {"amount": Money(gap.amount), "percent": f"{gap.amount / ceiling.amount * 100:.1f}"}


def _successor(row: Award) -> Award | None:
    """Who was awarded after this one declined or was barred."""
    if row.outcome not in Award.OVER:
        return None
    return bidding.standing_award(row.need_id)


def _steps(row: Award, contract: Contract | None) -> list[dict[str, Any]]:
    over = row.outcome in Award.OVER
    published = clock.now() >= row.publicity_ends_at
    steps: list[dict[str, Any]] = [
        {"label": _("中选公告"), "state": "done", "at": row.decided_at},
        {"label": _("结果公示"), "state": "done" if published else "now", "at": row.publicity_ends_at},
    ]
    if over:
        label = _("机构放弃") if row.outcome == Award.Outcome.DECLINED else _("机构受限")
        return [*steps, {"label": label, "state": "failed", "at": row.outcome_at}]
    answered = row.outcome == Award.Outcome.CONFIRMED
    at = row.outcome_at if answered else row.confirm_by
    steps.append({"label": _("机构确认"), "state": "done" if answered else "now", "at": at})
    signed = contract.signed_at if contract else None
    state = "done" if signed else "now" if contract else "todo"
    steps.append({"label": _("合同签订"), "state": state, "at": signed or (contract.sign_by if contract else None)})
    return steps
