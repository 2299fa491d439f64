"""The desk of consultations: putting a draft out, answering what is said, adopting or withdrawing it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import SUPERVISORS, requires
from accounts.requests import Request
from core import rulesets
from core.errors import Refusal
from supervision import rule_sets
from supervision.case_forms import Refusing
from supervision.consultation_forms import (
    AdoptForm,
    AnswerForm,
    DraftForm,
    ParametersDraftForm,
    TextDraftForm,
    WithdrawForm,
    text_form,
)
from supervision.models import Consultation, Opinion
from supervision.selectors import consultations as seen
from supervision.services import consultations
from supervision.views.consultations import OPINIONS_PER_PAGE, PER_PAGE, found, row_of, whole

FORM_VERBS = ["GET", "HEAD", "POST"]


@require_safe
@requires(*SUPERVISORS)
def index(request: Request) -> HttpResponse:
    """One's own drafts, and the rules one may put a draft out on."""
    rows = seen.of_office(request.actor.org_id or 0)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [row_of(row) for row in page.object_list],
        "rule_sets": sorted((rule_sets.title(name), name) for name in rulesets.names()),
        "texts": seen.texts(),
    }
    return render(request, "supervision/consultations_desk.html", context)


@require_http_methods(FORM_VERBS)
@requires(*SUPERVISORS)
def new_parameters(request: Request, name: str) -> HttpResponseBase:
    """The next version of a rule set."""
    latest = seen.latest(name)
    if latest is None:
        raise Http404
    form = ParametersDraftForm(_posted(request), parameters=latest.parameters, least=_least())
    context = {"form": form, "title": rule_sets.title(name), "latest": latest, "running": seen.running_on(name)}

    def put_out() -> Consultation:
        return consultations.open_on_parameters(
            rule_set=name, parameters=form.cleaned_data["parameters"], draft=form.draft, by=request.actor.by
        )

    return _put_out(request, form, put_out, "supervision/consultation_new.html", context)


@require_http_methods(FORM_VERBS)
@requires(*SUPERVISORS)
def new_text(request: Request) -> HttpResponseBase:
    """A rule in words; ?replaces=7 says which one it is to replace."""
    chosen = request.GET.get("replaces", "")
    replaced = seen.texts().filter(pk=int(chosen)).first() if chosen.isdecimal() else None
    if chosen and replaced is None:
        raise Http404
    form: TextDraftForm = text_form(_posted(request), replaced, _least())

    def put_out() -> Consultation:
        replaces_id = replaced.pk if replaced else None
        return consultations.open_on_text(
            text=form.cleaned_data["text"], replaces_id=replaces_id, draft=form.draft, by=request.actor.by
        )

    context = {"form": form, "replaced": replaced}
    return _put_out(request, form, put_out, "supervision/consultation_new_text.html", context)


def _put_out(
    request: Request, form: DraftForm, verb: Callable[[], Consultation], template: str, context: dict[str, Any]
) -> HttpResponseBase:
    if request.method == "POST" and form.is_valid():
        try:
            row = verb()
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("草案已公布，开始征求意见。"))
            return redirect(row.desk_path)
    return render(request, template, context, status=form.status)


@require_http_methods(FORM_VERBS)
@requires(*SUPERVISORS)
def consultation(request: Request, number: str) -> HttpResponseBase:
    """One draft at the desk of the office that put it out; others read it, and act nowhere."""
    row = found(number)
    own = request.actor.acts_for(row.office_id)
    act, sent = request.POST.get("act", ""), None
    if request.method == "POST":
        if not own or act not in FORMS:
            raise Http404
        sent = FORMS[act](request.POST, prefix=_prefix(request, act))
        if sent.is_valid() and _done(request, row, act, sent):
            return redirect(row.desk_path)
    page = Paginator(seen.opinions(row).order_by(F("answer__at").asc(nulls_first=True), "at", "pk"), OPINIONS_PER_PAGE)
    rows = page.get_page(request.GET.get("page"))
    context = {
        **whole(row),
        "own": own,
        "page_obj": rows,
        "opinions": [(one, _answer_form(one, sent)) for one in rows],
        "adopt": sent if act == "adopt" else AdoptForm(prefix="adopt"),
        "withdraw": sent if act == "withdraw" else WithdrawForm(prefix="withdraw"),
        "may_adopt": consultations.may_adopt(row, request.actor.by),
        "act": act,
    }
    return render(request, "supervision/consultation_desk.html", context, status=sent.status if sent else 200)


FORMS: dict[str, type[Refusing]] = {"answer": AnswerForm, "adopt": AdoptForm, "withdraw": WithdrawForm}


def _prefix(request: Request, act: str) -> str:
    return f"answer-{request.POST.get('opinion', '')}" if act == "answer" else act


def _answer_form(opinion: Opinion, sent: Refusing | None) -> Refusing | None:
    """None where it is answered."""
    if hasattr(opinion, "answer"):
        return None
    prefix = f"answer-{opinion.pk}"
    return sent if sent and sent.prefix == prefix else AnswerForm(prefix=prefix)


def _done(request: Request, row: Consultation, act: str, form: Refusing) -> bool:
    by, data = request.actor.by, form.cleaned_data
    try:
        if isinstance(form, AdoptForm):
            consultations.adopt(consultation_id=row.pk, starts_at=form.starts_at, by=by)
        elif act == "withdraw":
            consultations.withdraw(consultation_id=row.pk, reasons=data["reasons"], by=by)
        else:
            opinion = _opinion(row, request.POST.get("opinion", ""))
            consultations.answer(opinion_id=opinion.pk, outcome=data["outcome"], reasons=data["reasons"], by=by)
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("已记录并公布。"))
    return True


def _opinion(row: Consultation, typed: str) -> Opinion:
    found_one = seen.opinions(row).filter(pk=int(typed)).first() if typed.isdecimal() else None
    if found_one is None:
        raise Http404
    return found_one


def _posted(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _least() -> int:
    return int(rulesets.current("consultations")["least_days"])
