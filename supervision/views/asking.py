"""Questions for everybody: asking without an account, the receipt, saying whether it is answered, what was answered."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import Request
from core import rulesets
from core.errors import Refusal
from supervision import kinds, words
from supervision.models import Question
from supervision.question_forms import QuestionForm, ReceiptForm, SaidForm
from supervision.selectors import questions as seen
from supervision.services import allowances, questions
from supervision.views.receipts import Receipts, asker

RECEIPTS = Receipts("questions", "/questions/")
PER_PAGE = 20
VERBS = ["GET", "HEAD", "POST"]


@require_safe
def index(request: Request) -> HttpResponse:
    q, office = request.GET.get("q", "").strip()[:60], request.GET.get("office", "")
    page = Paginator(seen.published(q=q, office=office), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "q": q, "office": office, "offices": seen.offices(), "limits": limits()}
    return render(request, "supervision/questions.html", context)


def limits() -> dict[str, str]:
    """The promised and the legal time in words."""
    used = rulesets.current("questions")
    return {name: kinds.limit_words(used[name]) for name in ("answer", "law", "satisfied", "escalated")}


@require_http_methods(VERBS)
def new(request: Request) -> HttpResponseBase:
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with allowances.counted(allowances.QUESTION, asker(request)):
                receipt = questions.ask(
                    office_id=form.cleaned_data["office"],
                    title=form.cleaned_data["title"],
                    text=form.cleaned_data["text"],
                    public=form.cleaned_data["public"],
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            number = receipt.question.number
            answer = redirect("supervision:own_question", number)
            return RECEIPTS.remember(answer, RECEIPTS.opened(request) | {number: receipt.secret})
    return render(request, "supervision/question_new.html", {"form": form, "limits": limits()}, status=form.status)


@require_http_methods(VERBS)
def door(request: Request) -> HttpResponseBase:
    """Number and secret open the asker's page in this browser. Only wrong guesses are counted."""
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            spent = allowances.spend(allowances.GUESS, asker(request))
            found = questions.follow_up(number=form.cleaned_data["number"], secret=form.cleaned_data["secret"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            allowances.give_back(spent)
            answer = redirect("supervision:own_question", found.number)
            return RECEIPTS.remember(answer, RECEIPTS.opened(request) | {found.number: ""})
    return render(request, "supervision/question_door.html", {"form": form}, status=form.status)


@require_http_methods(VERBS)
def own(request: Request, number: str) -> HttpResponseBase:
    """The asker's page: how it goes, and whether they are satisfied."""
    opened = RECEIPTS.opened(request)
    if number not in opened:
        return redirect("supervision:question_door")
    row = _found(number)
    sent = request.POST if request.method == "POST" and request.POST.get("act") == "unsatisfied" else None
    form = SaidForm(sent, label=_("哪里没有答清楚"))
    if request.method == "POST" and _said(request, row, form):
        return redirect("supervision:own_question", number)
    context = {
        "question": row,
        "secret": opened[number],
        "form": form,
        "lines": lines(row),
        "over": seen.is_over(row),
        "may_say": row.state == Question.Stage.ANSWERED and not seen.is_over(row),
        "limits": limits(),
    }
    answer = render(request, "supervision/question_own.html", context, status=form.status)
    return RECEIPTS.remember(answer, opened | {number: ""}) if opened[number] else answer


def _found(number: str) -> Question:
    try:
        return seen.question(number)
    except Question.DoesNotExist as missing:
        raise Http404 from missing


def _said(request: Request, row: Question, form: SaidForm) -> bool:
    try:
        if request.POST.get("act") == "satisfied":
            questions.satisfied(question_id=row.pk)
        elif form.is_valid():
            questions.unsatisfied(question_id=row.pk, reasons=form.cleaned_data["text"])
        else:
            return False
    except Refusal as refusal:
        messages.error(request, f"{refusal.sentence} {refusal.way_out}")
        return True
    messages.success(request, _("已记录，谢谢。"))
    return True


def lines(row: Question, *, names: bool = False) -> list[dict[str, Any]]:
    """What happened, for components/timeline.html, the newest first. `names`: of officers, on the desk."""
    found: list[dict[str, Any]] = []
    for event in seen.history(row):
        title, icon, kind = words.QUESTION_EVENTS[event.kind]
        by = event.by_org.name if event.by_org else ""
        by = f"{by} · {event.by_user}" if names and event.by_user else by
        found.append({"at": event.at, "title": f"{title}（{by}）" if by else title, "text": event.text, "icon": icon,
                      "kind": kind, "until": event.until, "files": []})  # fmt: skip
    return found[::-1]


@require_safe
def question(request: Request, number: str) -> HttpResponse:
    """A published question with its answers."""
    try:
        row = seen.public_question(number)
    except Question.DoesNotExist as missing:
        raise Http404 from missing
    answers = [(one, row.public_answer(one.text)) for one in seen.answers(row)]
    context = {"question": row, "answers": answers, "over": seen.is_over(row)}
    return render(request, "supervision/question.html", context)
