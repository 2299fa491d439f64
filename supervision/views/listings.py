"""Listings as officers decide them, as the agency answers them, and as departments receive them."""

from datetime import datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import SUPERVISORS, requires
from accounts.errors import NOT_YOURS
from accounts.requests import Request
from core import clock, files, rulesets
from core.workdays import LOCAL
from supervision import list_words as words
from supervision import words as titles
from supervision.list_forms import FilesForm, MeasureForm, ReviewForm, WordsForm
from supervision.models import JointMeasure, Listing, ListingFile, Share
from supervision.rules import listings as rules
from supervision.selectors import letters
from supervision.selectors import listings as seen
from supervision.services import listing_grounds, listings, shares
from supervision.views.list_steps import done, given, told

PER_PAGE = 30
FORM_VERBS = ["GET", "HEAD", "POST"]
# What an officer may do in a state: verb, words on the button, what the text is, the form.
STEPS: dict[str, tuple[Any, Any, Any, type[WordsForm]]] = {
    "notice": (listings.give_notice, gettext_lazy("发出告知书"), gettext_lazy("事实、理由和权利"), WordsForm),
    "approve": (listings.approve, gettext_lazy("批准列入并公布"), gettext_lazy("决定理由"), WordsForm),
    "drop": (listings.drop, gettext_lazy("不予列入"), gettext_lazy("不予列入的理由"), WordsForm),
    "review": (listings.decide_review, gettext_lazy("作出复核决定"), gettext_lazy("复核理由"), ReviewForm),
    "correct": (listings.correct, gettext_lazy("更正并移出"), gettext_lazy("公开的更正说明"), WordsForm),
}
WORDED_NOTE = {"correct": "note", "notice": "text"}  # what the verb calls its words; otherwise "reason"
OFFERED = {
    "candidate": ("notice", "drop"),
    "noticed": ("approve", "drop"),
    "heard": ("approve", "drop"),
    "stayed": ("review", "correct"),
    "listed": ("correct",),
    "delisted": ("correct",),
}


@require_safe
@requires(*SUPERVISORS)
def index(request: Request) -> HttpResponse:
    """All listings, those that wait for somebody in front."""
    state, q = request.GET.get("state", ""), request.GET.get("q", "").strip()[:60]
    state = state if state in Listing.Stage.values else ""
    page = Paginator(seen.listings(state=state, q=q), PER_PAGE).get_page(request.GET.get("page"))
    rows: Any = page.object_list
    for row in rows:
        row.kind = words.KINDS[row.state]
    context = {"page_obj": page, "state": state, "q": q, "states": Listing.Stage.choices,
               "may_act": request.actor.of("regulator")}  # fmt: skip
    return render(request, "supervision/listings.html", context)


@require_http_methods(FORM_VERBS)
@requires(*SUPERVISORS)
def listing(request: Request, number: str) -> HttpResponseBase:
    """Facts, rule, history, defence and the steps that are possible now; regulators take them."""
    row = _found(number)
    chosen = request.POST.get("do", "")
    if request.method == "POST":
        if not request.actor.of("regulator"):
            raise NOT_YOURS()
        if chosen not in STEPS:
            raise Http404
        verb, _button, _label, _form = STEPS[chosen]
        form = _step_form(chosen, given(request)[0])
        if form.is_valid():
            data = dict(form.cleaned_data)
            data[WORDED_NOTE.get(chosen, "reason")] = data.pop("text")
            if done(request, form, verb, _("已记录。"), listing_id=row.pk, **data):
                return redirect(row)
        return _decision_page(request, row, {chosen: form})
    return _decision_page(request, row, {})


def _step_form(name: str, posted: Any = None) -> WordsForm:
    _verb, _button, label, form = STEPS[name]
    return form(posted, label=label, prefix=name)


def _decision_page(request: Request, row: Listing, forms: dict[str, WordsForm]) -> HttpResponse:
    now = clock.now()
    entry = rules.fold(listings.happenings(row))
    approves = entry.ready(now) and listing_grounds.may_approve(row, request.actor.by)
    offered = [name for name in OFFERED.get(row.state, ()) if name != "approve" or approves]
    steps = [
        {"name": name, "button": STEPS[name][1], "form": forms.get(name) or _step_form(name),
         "open": name in forms or name == offered[0]}
        for name in offered
    ]  # fmt: skip
    context = {
        "row": row,
        "kind": words.KINDS[row.state],
        "events": told(seen.history(row), words.LISTING_EVENTS),
        "letters": letters.of_matter(f"listing:{row.pk}"),
        "steps": steps if request.actor.of("regulator") else [],
        "waits": row.state == "noticed" and not entry.ready(now),
        "heads": seen.approvers(row) if "approve" in OFFERED.get(row.state, ()) else (),
        "scale": titles.ground(row.ground_code),
        "severity": words.SEVERITY[row.severity],
        "shares": seen.shares_of_listing(row),
        "used": rulesets.by_ref(row.rules_ref),
        "files_at": "supervision:listing_file",
    }
    return render(request, "supervision/listing.html", context, status=422 if forms else 200)


@require_http_methods(FORM_VERBS)
@requires("agency")
def mine(request: Request, number: str) -> HttpResponseBase:
    """The agency's side: what is held against it, until when it may answer, and its answer."""
    row = _own(request, number)
    chosen = request.POST.get("do", "")
    form = FilesForm(*given(request), label=_("陈述申辩") if row.state in ("noticed", "heard") else _("复核理由"),
                     needed=chosen != "waive")  # fmt: skip
    if request.method == "POST" and form.is_valid() and _answered(request, row, chosen, form):
        return redirect("supervision:own_listing", row.number)
    entry = rules.fold(listings.happenings(row))
    may_review = row.state == "listed" and not entry.reviewed and entry.review_until is not None
    context = {
        "row": row,
        "kind": words.KINDS[row.state],
        "events": told(seen.history(row), words.LISTING_EVENTS),
        "letters": letters.of_matter(f"listing:{row.pk}"),
        "form": form,
        "may_defend": row.state in ("noticed", "heard"),
        "may_waive": row.state == "noticed",
        "may_review": may_review and clock.now() <= (entry.review_until or clock.now()),
        "review_until": entry.review_until,
        "files_at": "supervision:listing_file",
    }
    return render(request, "supervision/listing_own.html", context, status=422 if form.errors else 200)


def _answered(request: Request, row: Listing, chosen: str, form: FilesForm) -> bool:
    text, sentence = form.cleaned_data["text"], _("已提交。")
    if chosen == "waive":
        return done(request, form, listings.waive, sentence, listing_id=row.pk)
    if chosen == "review":
        return done(request, form, listings.ask_review, sentence, listing_id=row.pk, text=text)
    return done(request, form, listings.defend, sentence, listing_id=row.pk, text=text, uploads=form.files_given)


@require_safe
def file(request: Request, pk: int) -> HttpResponseBase:
    """A file of a hearing: for its agency and those who decide; for others there is none."""
    try:
        row = seen.file(pk)
    except ListingFile.DoesNotExist as missing:
        raise Http404 from missing
    if not (request.actor.of(*SUPERVISORS) or request.actor.acts_for(row.event.listing.subject_id)):
        raise Http404
    return files.respond(row.file, inline=True)


@require_safe
@requires("department")
def inbox(request: Request) -> HttpResponse:
    """What the department was told about listings, to be received, with the measures it took."""
    return _inbox(request)


def _inbox(request: Request, forms: dict[int, MeasureForm] | None = None) -> HttpResponse:
    page = Paginator(seen.shares_of(request.actor.org_id or 0), PER_PAGE).get_page(request.GET.get("page"))
    rows: Any = page.object_list
    for share in rows:
        share.form = (forms or {}).get(share.pk) or MeasureForm(prefix=f"m{share.pk}")
    context = {"page_obj": page, "now": clock.now()}
    return render(request, "supervision/shares.html", context, status=422 if forms else 200)


@require_POST
@requires("department")
def receive(request: Request, pk: int) -> HttpResponseBase:
    try:
        shares.receive(share_id=pk, by=request.actor.by)
    except Share.DoesNotExist as missing:
        raise Http404 from missing
    return redirect("supervision:shares")


@require_POST
@requires("department")
def report_measure(request: Request, pk: int) -> HttpResponseBase:
    """The measure the department took."""
    form = MeasureForm(request.POST, prefix=f"m{pk}")
    if form.is_valid():
        data = dict(form.cleaned_data)
        data["until"] = datetime.combine(data["until"] + timedelta(days=1), time(), LOCAL)
        try:
            if done(request, form, shares.report_measure, _("措施已登记，已反馈给监管部门。"), share_id=pk, **data):
                return redirect("supervision:shares")
        except Share.DoesNotExist as missing:
            raise Http404 from missing
    return _inbox(request, {pk: form})


@require_POST
@requires("department")
def lift_measure(request: Request, pk: int) -> HttpResponseBase:
    try:
        shares.lift_measure(measure_id=pk, reason=request.POST.get("reason", "") or _("已解除"), by=request.actor.by)
    except (JointMeasure.DoesNotExist, Share.DoesNotExist) as missing:
        raise Http404 from missing
    return redirect("supervision:shares")


def _found(number: str) -> Listing:
    try:
        return seen.listing(number)
    except Listing.DoesNotExist as missing:
        raise Http404 from missing


def _own(request: Request, number: str) -> Listing:
    row = seen.listings_of(request.actor.org_id or 0).filter(number=number).first()
    if row is None:
        raise Http404
    return row
