"""Cases as officers decide them: facts, rule, history, defence, and reasons asked for at every step."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import selectors as accounts
from accounts.actor import SUPERVISORS, requires
from accounts.requests import Request
from core import clock, files
from core.audit import By
from core.errors import Refusal
from supervision import words
from supervision.acts import Act, ActForm, forms_for
from supervision.case_forms import CaseForm, RelationForm
from supervision.errors import cases as errors
from supervision.models import Case, CaseFile
from supervision.rules import cases as rules
from supervision.selectors import cases as seen
from supervision.selectors import letters, origins
from supervision.selectors import listings as listings_seen
from supervision.services import cases as services
from supervision.services.process import declare_relation
from supervision.views import growing
from supervision.views.acting import attempted

PER_PAGE = 30
ACTS = (
    Act(
        "notice", _("告知当事人"), ("sanction", "text"), _("事实、理由和依据"),
        _("当事人收到后可以陈述申辩；最后决定不能重于这里告知的措施。"), primary=True,
    ),
    Act(
        "decide", _("作出决定"), ("sanction", "text"), primary=True,
        hint=_("写明认定的事实、对申辩的回应和选择这一措施的理由。"),
    ),
    Act(
        "propose", _("提出处理建议"), ("sanction", "text"),
        hint=_("暂停和清退须由另一人决定，其中至少一人来自监管部门。"),
    ),
    Act("publish", _("公布并执行"), label=_("公布的事实"), hint=_("面向公众，请隐去个人信息。"), primary=True),
    Act("send_back", _("退回建议")),
    Act("drop", _("不予处理")),
    Act(
        "review", _("作出复核结论"), ("outcome", "sanction", "text"), hint=_("减轻时请选择新的措施和期限。"),
        outcomes=("upheld", "changed", "revoked"), primary=True,
    ),
    Act("correct", _("发布更正说明"), label=_("更正内容"), hint=_("原决定保留，更正说明附在后面。")),
)  # fmt: skip
EVENT = {
    "notice": "noticed", "decide": "decided", "propose": "proposed", "publish": "published", "send_back": "sent_back",
    "drop": "dropped", "review": "review_decided", "correct": "corrected",
}  # fmt: skip


@require_safe
@requires(*SUPERVISORS)
def index(request: Request) -> HttpResponse:
    state, origin, q = request.GET.get("state", seen.OPEN), request.GET.get("origin", ""), request.GET.get("q", "")
    found = seen.cases(state=state, origin=origin, q=q).exclude(subject_id=request.actor.org_id)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [{"row": row, "ground": words.ground(row.ground)} for row in page.object_list],
        "states": [(seen.OPEN, _("办理中")), *Case.Stage.choices, ("", _("全部"))],
        "origins": [("", _("全部来源")), *Case.Origin.choices],
        "state": state,
        "origin": origin,
        "q": q,
    }
    return render(request, "supervision/cases.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*SUPERVISORS)
def new(request: Request) -> HttpResponseBase:
    """A case from daily supervision; those from anything else are opened where it stands."""
    form = CaseForm(
        request.POST if request.method == "POST" else None, initial={"credit_code": request.GET.get("code", "")}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        subject = accounts.by_code(data["credit_code"])
        try:
            if subject is None:
                raise errors.SUBJECT_UNKNOWN()
            row = services.open_case(
                origin=services.Origin("report", "report", str(_("日常监管"))),
                subject_id=subject.pk,
                ground=data["ground"],
                facts=data["facts"],
                by=request.actor.by,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(row)
    return render(request, "supervision/case_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*SUPERVISORS)
def case(request: Request, number: str) -> HttpResponseBase:
    row, sent = _others(request, number), None
    ground = seen.ground(row)
    if request.method == "POST":
        act = next((one for one in ACTS if one.code == request.POST.get("act")), None)
        if act is None:
            raise Http404
        sent = ActForm(act, request.POST, request.FILES, ground=ground)
        if sent.is_valid() and _done(request, row, sent):
            return redirect(row)
    matter = seen.matter(row)
    context = {
        "case": row,
        "matter": matter,
        "ground": ground,
        "ground_title": words.ground(row.ground),
        "severity": words.SEVERITIES[ground.severity],
        "lines": seen.lines(row),
        "measures": row.measures.select_related("end"),
        "letters": letters.of_matter(f"case:{row.pk}"),
        "forms": forms_for(_acts(matter), sent, ground=ground),
        "related": growing.tied(request.actor, row.subject_id, *origins.concerned(row)),
        "may_list": request.actor.of("regulator") and listings_seen.proposable()[0].filter(pk=row.pk).exists(),
        "file_view": "supervision:case_file",
    }
    return render(request, "supervision/case.html", context, status=422 if sent else 200)


def _acts(matter: rules.Matter) -> list[Act]:
    hidden = {"publish"} if matter.published_at else set()
    hidden |= {"correct"} if not matter.published_at else set()
    if not matter.ready(clock.now()):
        hidden |= {"decide", "propose"}
    return [act for act in ACTS if matter.state in rules.MAY[EVENT[act.code]] and act.code not in hidden]


def _done(request: Request, row: Case, form: ActForm) -> bool:
    deed, data, by = DO[form.act.code], form.cleaned_data, request.actor.by
    return attempted(request, form, lambda: deed(row.pk, data, by), _("已记录。"))


def _sanction(data: dict[str, Any]) -> dict[str, Any]:
    return {"measure": data["measure"], "days": data["days"] or 0, "reasons": data["text"]}


Do = Callable[[int, dict[str, Any], By], object]
DO: dict[str, Do] = {
    "notice": lambda pk, data, by: services.give_notice(case_id=pk, by=by, **_sanction(data)),
    "decide": lambda pk, data, by: services.decide(case_id=pk, by=by, **_sanction(data)),
    "propose": lambda pk, data, by: services.propose(case_id=pk, by=by, **_sanction(data)),
    "publish": lambda pk, data, by: services.publish(case_id=pk, summary=data["text"], by=by),
    "send_back": lambda pk, data, by: services.send_back(case_id=pk, reasons=data["text"], by=by),
    "drop": lambda pk, data, by: services.drop(case_id=pk, reasons=data["text"], by=by),
    "review": lambda pk, data, by: services.decide_review(
        case_id=pk, outcome=data["outcome"], by=by, **_sanction(data)
    ),
    "correct": lambda pk, data, by: services.correct(case_id=pk, text=data["text"], by=by),
}


@require_safe
@requires(*SUPERVISORS)
def file(request: Request, number: str, file_id: UUID) -> HttpResponseBase:
    return given(_others(request, number), file_id)


def given(row: Case, file_id: UUID) -> HttpResponseBase:
    try:
        return files.respond(seen.event_file(row, file_id))
    except CaseFile.DoesNotExist as missing:
        raise Http404 from missing


def _others(request: Request, number: str) -> Case:
    """For officers of anybody else: a respondent that supervises has its own page, from the notice on."""
    try:
        row = seen.case(number)
    except Case.DoesNotExist as missing:
        raise Http404 from missing
    if request.actor.acts_for(row.subject_id):
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*SUPERVISORS)
def relations(request: Request) -> HttpResponseBase:
    """Where officers declare what keeps them from deciding."""
    form = RelationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        subject = accounts.by_code(form.cleaned_data["credit_code"])
        try:
            if subject is None:
                raise errors.SUBJECT_UNKNOWN()
            declare_relation(organisation_id=subject.pk, ground=form.cleaned_data["ground"], by=request.actor.by)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记。今后您不能办理与该单位有关的事项。"))
            return redirect("supervision:relations")
    user_id = request.actor.by.user_id
    context = {"form": form, "rows": seen.relations(user_id) if user_id else []}
    return render(request, "supervision/relations.html", context, status=422 if form.errors else 200)
