"""Complaining without signing in: the form, the receipt, and following it up with its secret."""

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import Request
from core import files, papers, rulesets
from core.errors import Refusal
from core.held import Shelf, bring, clear, leave
from supervision import words
from supervision.acts import Act, ActForm, forms_for
from supervision.case_forms import AboutForm, ClauseForm, ComplaintForm, FollowUpForm, ObjectionForm
from supervision.errors import cases as errors
from supervision.models import Complaint, ComplaintFile
from supervision.rules.complaints import MAY, State
from supervision.selectors import complaints as seen
from supervision.selectors import letters
from supervision.services import allowances
from supervision.services import complaints as services
from supervision.services.objections import refuse_over
from supervision.views.receipts import Receipts, asker

RECEIPTS = Receipts("complaints", "/complaints/")
FORMS: dict[str, type[ComplaintForm]] = {Complaint.About.NEWCOMER: ObjectionForm, Complaint.About.CLAUSE: ClauseForm}
PAGES = {"needs": "need", "competitions": "competition", "agencies": "agency", "contracts": "contract"}
ACTS = (
    Act("complete", _("补充材料"), ("text", "files"), _("补充的内容"), primary=True),
    Act("review", _("申请复核"), label=_("哪里不服，为什么")),
    Act("withdraw", _("撤回投诉"), label=_("撤回原因")),
)
WHEN = {"complete": ("completed", "evidence"), "review": ("review_asked",), "withdraw": ("withdrawn",)}


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponseBase:
    """?about=need:5 says what about; without it one is asked first."""
    about = request.GET.get("about", "")
    if not about:
        return _ask_about(request)
    matter = seen.matter(about)
    posted = request.method == "POST"
    if matter.is_objection and not posted:
        refuse_over(matter.subject_id)
    kind = FORMS.get(matter.about, ComplaintForm)
    form, shelf = kind(request.POST, request.FILES) if posted else kind(), Shelf(request)
    if posted:
        bring(form, shelf)
        if form.is_valid() and (answer := _filed(request, about, form)):
            clear(form, shelf)
            return answer
        leave(form, shelf)
    context = {
        "form": form,
        "matter": matter,
        "about": Complaint.About(matter.about).label,
        "limits": rulesets.current(matter.rule_set).parameters,
    }
    return shelf.remember(render(request, "supervision/complaint_new.html", context, status=form.status))


def _filed(request: Request, about: str, form: ComplaintForm) -> HttpResponse | None:
    """None when it was refused: the form says why."""
    data = form.cleaned_data
    try:
        with allowances.counted(allowances.FILING, asker(request)):
            receipt = services.file(
                matter=seen.matter(about, official=data["official"], facts=data.get("facts", ())),
                statement=data["statement"],
                hidden=data["hidden"],
                contact={key: data[key] for key in ("name", "phone", "email")},
                by=request.actor.by,
                uploads=data["evidence"],
                clause=data.get("clause", ""),
            )
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    answer = redirect("supervision:complaint", receipt.complaint.number)
    return RECEIPTS.remember(answer, RECEIPTS.opened(request) | {receipt.complaint.number: receipt.secret})


def _ask_about(request: Request) -> HttpResponse:
    form = AboutForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        about = _found(form.cleaned_data["where"])
        if about:
            return redirect(f"{request.path}?about={about}")
        form.refuse(errors.SUBJECT_UNKNOWN())
    context = {"form": form, "officials": seen.officials()}
    return render(request, "supervision/complaint_about.html", context, status=422 if form.errors else 200)


def _found(where: str) -> str:
    """What a typed address, number or code stands for, or ""."""
    place = re.search(r"/(needs|competitions|agencies|contracts)/([0-9]{1,11})/", where)
    if place:
        return f"{PAGES[place[1]]}:{place[2]}"
    return seen.about_number(where)


@require_http_methods(["GET", "HEAD", "POST"])
def door(request: Request) -> HttpResponseBase:
    """The follow-up: number and secret open the complaint's page in this browser."""
    form = FollowUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            found = _shown(request, form.cleaned_data["number"], form.cleaned_data["secret"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return RECEIPTS.remember(
                redirect("supervision:complaint", found.number), RECEIPTS.opened(request) | {found.number: ""}
            )
    return render(request, "supervision/complaint_door.html", {"form": form}, status=form.status)


def _shown(request: Request, number: str, secret: str) -> Complaint:
    """Only wrong guesses are counted; whoever has made too many is not told either whether the next one was right."""
    spent = allowances.spend(allowances.GUESS, asker(request))
    found = services.follow_up(number=number, secret=secret)
    allowances.give_back(spent)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def complaint(request: Request, number: str) -> HttpResponseBase:
    """The complainant's own page; whoever has not shown the secret here is asked for it."""
    row = _own(request, number)
    if row is None:
        return redirect("supervision:complaint_door")
    acts, sent, opened, shelf = _acts(row), None, RECEIPTS.opened(request), Shelf(request)
    if request.method == "POST":
        act = next((one for one in ACTS if one.code == request.POST.get("act")), ACTS[0])
        sent = ActForm(act, request.POST, request.FILES)
        bring(sent, shelf)
        if sent.is_valid() and _done(request, row, sent):
            clear(sent, shelf)
            return redirect("supervision:complaint", number)
        leave(sent, shelf)
    context = {
        "complaint": row,
        "secret": opened.get(number, ""),
        "state": words.COMPLAINT_STATES[row.state],
        "lines": seen.lines(row),
        "receipt": letters.of_matter(f"complaint:{row.pk}").first(),
        "forms": forms_for(acts, sent),
        "file_view": "supervision:complaint_file",
        "own": True,
    }
    answer = shelf.remember(render(request, "supervision/complaint_own.html", context, status=422 if sent else 200))
    return RECEIPTS.remember(answer, opened | {number: ""}) if opened.get(number) else answer


def _own(request: Request, number: str) -> Complaint | None:
    if number not in RECEIPTS.opened(request):
        return None
    try:
        return seen.complaint(number)
    except Complaint.DoesNotExist:
        return None


def _acts(row: Complaint) -> list[Act]:
    state = State(row.state)
    return [act for act in ACTS if any(state in MAY[event] for event in WHEN[act.code])]


def _done(request: Request, row: Complaint, form: ActForm) -> bool:
    data: dict[str, Any] = form.cleaned_data
    try:
        if form.act.code == "complete":
            services.complete(complaint_id=row.pk, text=data["text"], uploads=data["files"])
        elif form.act.code == "review":
            services.ask_review(complaint_id=row.pk, reasons=data["text"])
        else:
            services.withdraw(complaint_id=row.pk, text=data["text"])
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("已记录。"))
    return True


@require_safe
def receipt(request: Request, number: str) -> HttpResponseBase:
    """The paper that says the complaint was taken in; it names nobody."""
    row = _own(request, number)
    paper = letters.of_matter(f"complaint:{row.pk}").first() if row else None
    if paper is None:
        raise Http404
    return files.respond(papers.pdf(paper.paper), inline=True)


@require_safe
def file(request: Request, number: str, file_id: UUID) -> HttpResponseBase:
    row = _own(request, number)
    if row is None:
        raise Http404
    try:
        return files.respond(seen.event_file(row, file_id))
    except ComplaintFile.DoesNotExist as missing:
        raise Http404 from missing
