"""Consultations for everybody: drafts, what they change, opinions with their answers, and a feed of them."""

from typing import Any

from django.contrib import messages
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import Request
from core.errors import Refusal
from supervision import rule_sets, words
from supervision.consultation_forms import OpinionForm
from supervision.models import Consultation
from supervision.rules.consultations import Stage
from supervision.selectors import consultations as seen
from supervision.services import allowances, consultations
from supervision.views.receipts import asker

PER_PAGE, OPINIONS_PER_PAGE = 20, 50
UNASKED = "unasked"


@require_safe
def index(request: Request) -> HttpResponse:
    """By stage; among them what was put in force at once, with why."""
    chosen = request.GET.get("stage", "")
    chosen = chosen if chosen in (*seen.STAGES, UNASKED) else ""
    rows: QuerySet[Any] = seen.unasked() if chosen == UNASKED else seen.consultations(chosen)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [row_of(row) for row in page.object_list] if chosen != UNASKED else [],
        "unasked": [{"row": row, "title": rule_sets.title(row.name)} for row in page.object_list]
        if chosen == UNASKED
        else [],
        "stage": chosen,
        "stages": [("", _("全部")), *words.CONSULTATION_STAGES.items(), (UNASKED, _("紧急修改"))],
        "texts": seen.texts().order_by("-starts_at"),
    }
    return render(request, "supervision/consultations.html", context)


def row_of(row: Consultation) -> dict[str, Any]:
    """A line of a list."""
    found = seen.stage(row)
    return {"row": row, "stage": found, "label": words.CONSULTATION_STAGES[found], "kind": words.STAGE_KINDS[found]}


@require_http_methods(["GET", "HEAD", "POST"])
def consultation(request: Request, number: str) -> HttpResponseBase:
    row = found(number)
    organisation = request.actor.organisation.name if request.actor.organisation else ""
    form = OpinionForm(request.POST if request.method == "POST" else None, organisation=organisation)
    if request.method == "POST" and form.is_valid() and _spoken(request, row, form):
        return redirect(row)
    page = Paginator(seen.opinions(row), OPINIONS_PER_PAGE).get_page(request.GET.get("page"))
    context = {**whole(row), "form": form, "organisation": organisation, "page_obj": page}
    return render(request, "supervision/consultation.html", context, status=form.status)


def _spoken(request: Request, row: Consultation, form: OpinionForm) -> bool:
    data = form.cleaned_data
    try:
        with allowances.counted(allowances.OPINION, asker(request)):
            opinion = consultations.speak(
                consultation_id=row.pk, text=data["text"], named=data.get("named", False), by=request.actor.by
            )
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    text = _("意见已收到，编号 {number}。答复会公布在本页，凭编号查看。").format(number=opinion.number)
    messages.success(request, text)
    return True


def found(number: str) -> Consultation:
    try:
        return seen.consultation(number)
    except Consultation.DoesNotExist as missing:
        raise Http404 from missing


def whole(row: Consultation) -> dict[str, Any]:
    """A draft with what it changes, for every page about it."""
    return {
        **row_of(row),
        "consultation": row,
        "is_open": seen.stage(row) == Stage.OPEN,
        "rule_set_title": rule_sets.title(row.rule_set),
        "parameter_changes": seen.parameter_changes(row),
        "text_changes": seen.text_changes(row),
    }


class ConsultationFeed(Feed):  # type: ignore[type-arg]  # Feed takes parameters in stubs only
    """The newest drafts as Atom."""

    feed_type = Atom1Feed
    title = gettext_lazy("规则征求意见")
    link = "/consultations/"
    subtitle = gettext_lazy("平台规则的草案、征求意见的期限和结果。")

    def items(self) -> list[Consultation]:
        return list(seen.consultations()[:PER_PAGE])

    def item_title(self, item: Consultation) -> str:
        return f"{item.title}（{words.CONSULTATION_STAGES[seen.stage(item)]}）"

    def item_description(self, item: Consultation) -> str:
        return item.reasons

    def item_pubdate(self, item: Consultation) -> Any:
        return item.opened_at

    def item_updateddate(self, item: Consultation) -> Any:
        return item.adopted_at or item.withdrawn_at or item.opened_at
