"""The desk of questions: what an office was asked, answering, passing on, answering again."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import requires
from accounts.requests import Request
from core.errors import Refusal
from supervision.case_forms import Refusing
from supervision.models import Question
from supervision.question_forms import PassForm, SaidForm
from supervision.selectors import questions as seen
from supervision.selectors.cards import PUBLIC_BODIES
from supervision.services import questions
from supervision.views.asking import PER_PAGE, limits, lines


@require_safe
@requires(*PUBLIC_BODIES)
def index(request: Request) -> HttpResponse:
    state = request.GET.get("state", "open")
    state = state if state in ("open", "done", "") else "open"
    rows = seen.of_office(request.actor.org_id or 0, state)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "state": state,
        "states": [("open", _("待答复")), ("done", _("已答复")), ("", _("全部"))],
    }
    return render(request, "supervision/questions_desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*PUBLIC_BODIES)
def question(request: Request, number: str) -> HttpResponseBase:
    """One question, for the office that was asked and those it was given to; for others there is none."""
    row = _found(request, number)
    act, sent = request.POST.get("act", ""), None
    if request.method == "POST":
        sent = _form(request, row, act, request.POST)
        if sent is None:
            raise Http404
        if sent.is_valid() and _done(request, row, act, sent):
            return redirect(row.desk_path)
    shown = dict.fromkeys(
        [*_acts(request, row), *([act] if sent else [])]
    )  # what was typed stays, whatever came between
    forms = {name: sent if name == act else _form(request, row, name) for name in shown}
    context = {
        "question": row,
        "forms": forms,
        "lines": lines(row, names=True),
        "over": seen.is_over(row),
        "escalated": row.state == Question.Stage.ESCALATED,
        "limits": limits(),
    }
    return render(request, "supervision/question_desk.html", context, status=sent.status if sent else 200)


def _found(request: Request, number: str) -> Question:
    try:
        row = seen.question(number)
    except Question.DoesNotExist as missing:
        raise Http404 from missing
    if not seen.concerns(row, request.actor.by):
        raise Http404
    return row


def _acts(request: Request, row: Question) -> list[str]:
    """What may be done now by whoever looks."""
    if row.state == Question.Stage.ASKED:
        return ["answer", "pass"]
    if row.state == Question.Stage.ESCALATED and questions.may_answer_again(row, request.actor.by):
        return ["again"]
    return []


def _form(request: Request, row: Question, act: str, data: Any = None) -> Refusing | None:
    if act in ("answer", "again"):
        return SaidForm(data, prefix=act, label=_("答复"), hint=_("提问人同意公开的，答复一并公开。"))
    if act == "pass":
        return PassForm(data, prefix=act, question=row, org_id=request.actor.org_id or 0)
    return None


def _done(request: Request, row: Question, act: str, form: Refusing) -> bool:
    by, text = request.actor.by, form.cleaned_data["text"]
    try:
        if isinstance(form, PassForm):
            questions.pass_on(question_id=row.pk, reasons=text, by=by, **form.given_to)
        elif act == "again":
            questions.answer_again(question_id=row.pk, text=text, by=by)
        else:
            questions.answer(question_id=row.pk, text=text, by=by)
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("已记录。"))
    return True
