"""The list of published needs, its export, and questions about one need."""

from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.actor import BUYERS, requires
from accounts.errors import NOT_YOURS
from accounts.models import Organisation
from accounts.requests import Request
from core import clock, tables
from core.errors import Refusal
from core.workdays import LOCAL
from marketplace import errors, selectors, services
from marketplace.forms import AnswerForm, AskForm, NeedFilterForm
from marketplace.models import Method, Need, Question
from marketplace.wording import STATE_TONES, STATES

PAGE_SIZE = 20
COUNTED = EXPORTED = 10_000
MORE = ("category", "method", "payer", "least", "most")  # filters that are folded away until used


class FirstPages(Paginator):  # type: ignore[type-arg]
    """Counts and turns no further than COUNTED rows; whoever wants more narrows the search or takes the export."""

    @cached_property
    def count(self) -> int:
        return cast("QuerySet[Need]", self.object_list).order_by()[:COUNTED].count()


def needs(request: Request) -> HttpResponse:
    form = NeedFilterForm(request.GET)
    page = FirstPages(selectors.search(form.filters()), PAGE_SIZE).get_page(request.GET.get("page"))
    now = clock.now()
    rows = [_row(need, selectors.state_of(need, now)) for need in page]
    context = {
        "form": form,
        "page_obj": page,
        "rows": rows,
        "most": COUNTED,
        "narrowed": form.narrowed(),
        "more": form.narrowed(MORE),
    }
    return render(request, "marketplace/needs.html", context)


def _row(need: Need, state: str) -> dict[str, Any]:
    open_now = state == "published"
    return {
        "need": need,
        "state": state,
        "label": STATES[state],
        "tone": STATE_TONES[state],
        "clock": need.entry_closes_at if open_now else None,
        "closed": need.entry_closes_at if need.method != Method.DIRECT else None,
    }


def export(request: Request, ending: str) -> HttpResponse:
    """The needs that fit the filters, at most EXPORTED of them, as CSV or XLSX."""
    if ending not in tables.FORMATS:
        raise errors.EXPORT_FORMAT()
    found = selectors.search(NeedFilterForm(request.GET).filters())[:EXPORTED]
    header = [_("编号"), _("需求名称"), _("事项编码"), _("服务事项"), _("委托方"), _("谁付费"), _("服务地区"),
              _("选取方式"), _("最高限价（元）"), _("状态"), _("发布时间"), _("报名截止")]  # fmt: skip
    now = clock.now()
    rows = [_cells(need, selectors.state_of(need, now)) for need in found]
    return tables.respond(rows, columns=header, name="needs", kind=ending)


def _cells(need: Need, state: str) -> list[Any]:
    moments = [
        f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}" if at else "" for at in (need.published_at, need.entry_closes_at)
    ]
    item, region = need.item, need.region
    return [
        need.number, need.title, item.code if item else "", item.name if item else "", need.buyer.name,
        Organisation.Kind(need.buyer_kind).label, str(region) if region else "", Method(need.method).label,
        need.ceiling.amount if need.ceiling else None, str(STATES[state]), *moments,
    ]  # fmt: skip


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}" if at else ""


@requires("agency")
def ask(request: Request, pk: int) -> HttpResponse:
    need = _published(pk)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask(
                need_id=need.pk,
                organisation_id=request.actor.org_id or 0,
                text=form.cleaned_data["text"],
                by=request.actor.by,
            )
        except Refusal as refusal:
            form.add_error(None, f"{refusal.sentence} {refusal.way_out}")
        else:
            messages.success(request, _("问题已提交，委托方答复后向所有人公开。"))
            return redirect(f"{need.get_absolute_url()}#questions")
    return render(request, "marketplace/ask.html", {"need": need, "form": form}, status=422 if form.errors else 200)


@requires(*BUYERS)
def answer(request: Request, pk: int) -> HttpResponse:
    question = get_object_or_404(Question.objects.select_related("need").defer("asked_by"), pk=pk)
    if not request.actor.acts_for(question.need.buyer_id):
        raise NOT_YOURS()
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer(question_id=question.pk, text=form.cleaned_data["text"], by=request.actor.by)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.sentence} {refusal.way_out}")
        else:
            messages.success(request, _("答复已经公开。"))
            return redirect(f"{question.need.get_absolute_url()}#questions")
    context = {"question": question, "need": question.need, "form": form}
    return render(request, "marketplace/answer.html", context, status=422 if form.errors else 200)


def _published(pk: int) -> Need:
    need = selectors.get_need(pk)
    if need is None or need.published_at is None:
        raise Http404
    return need
