"""Complaints as officers handle them and as the other side answers."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import BUYERS, SUPERVISORS, requires
from accounts.requests import Request
from core import files
from core.audit import By
from core.held import Shelf, bring, clear, leave
from supervision import words
from supervision.acts import Act, ActForm, forms_for
from supervision.models import Complaint, ComplaintFile
from supervision.rules import complaints as rules
from supervision.selectors import clauses, letters
from supervision.selectors import complaints as seen
from supervision.services import complaint_offices as offices
from supervision.services import complaint_pauses as pauses
from supervision.services import complaints as services
from supervision.views.acting import attempted

PER_PAGE = 30
RESPONDENTS = (*BUYERS, "agency", *SUPERVISORS)
ACTS = (
    Act("accept", _("受理"), (), primary=True),
    Act("missing", _("一次性告知补正"), label=_("还缺什么"), hint=_("只能告知一次，请写全。")),
    Act("reject", _("不予受理")),
    Act("transfer", _("移送平台以外的机关"), label=_("移送给谁，为什么")),
    Act("pass_on", _("转给另一监管部门"), ("office", "text"), _("为什么由它办理"), _("受理期限由对方重新开始。")),
    Act("take", _("由我承办"), ()),
    Act(
        "notify", _("通知被投诉方"), label=_("给被投诉方的说明"),
        hint=_("用您自己的话写清投诉的事实，不要透露投诉人是谁。"), primary=True,
    ),
    Act("decide", _("作出处理答复"), ("outcome", "text"), outcomes=("upheld", "partly", "dismissed"), primary=True),
    Act("suspend", _("暂停需求"), label=_("为什么可能影响结果"), hint=_("最长 30 天，期满自动恢复；原因会公告。")),
    Act("resume", _("恢复需求")),
    Act("pause", _("申请送鉴定或检测，暂停期限"), hint=_("须由监管部门另一位工作人员同意，期限才暂停；到期自动继续。")),
    Act("agree_pause", _("同意暂停期限"), label=_("为什么同意")),
    Act("refuse_pause", _("不暂停期限")),
    Act("continue", _("期限继续"), primary=True),
    Act("open_case", _("立案"), ("ground", "text"), _("事实"), _("立案人不参加这件案件的决定。")),
    Act("review_rejected", _("作出复核结论"), ("outcome", "text"), outcomes=("kept", "reopened"), primary=True),
    Act(
        "review", _("作出复核结论"), ("outcome", "text"), outcomes=("kept", "upheld", "partly", "dismissed"),
        primary=True,
    ),
    Act("malicious", _("认定为恶意投诉")),
    Act("complainant_case", _("对投诉单位立案"), label=_("事实"), hint=_("复核期限过后才能立案；立案人不参加决定。")),
)  # fmt: skip
EVENT = {
    "accept": "accepted", "missing": "missing_asked", "reject": "rejected", "transfer": "transferred",
    "pass_on": "passed", "take": "taken",
    "notify": "notified", "decide": "decided", "suspend": "suspended", "resume": "resumed",
    "pause": "pause_asked", "agree_pause": "pause_agreed", "refuse_pause": "pause_refused",
    "continue": "continued", "open_case": "case_opened", "review": "review_decided",
    "review_rejected": "review_decided", "malicious": "malicious", "complainant_case": "complainant_case",
}  # fmt: skip
# What everybody reads of an objection to a newcomer, said beside the field.
IN_PUBLIC = {
    "reject": _("理由将在机构的公示页面公开。"),
    "transfer": _("理由将在机构的公示页面公开。"),
    "notify": _("用您自己的话写清异议的要点，不要透露异议人是谁；内容将公开。"),
    "decide": _("理由将公开。属实即要求机构一次补正，请写明改什么；怀疑弄虚作假的，先立案再答复。"),
    "review": _("理由将公开。"),
    "review_rejected": _("理由将公开。"),
    "reply": _("您的答复将在公示页面公开；附件只给办理人员看。"),
}


def worded(act: Act, row: Complaint) -> Act:
    hint = IN_PUBLIC.get(act.code) if row.about == Complaint.About.NEWCOMER else None
    return replace(act, hint=hint) if hint else act


@require_safe
@requires(*SUPERVISORS)
def index(request: Request) -> HttpResponse:
    state, about, q = (
        request.GET.get(key, default) for key, default in (("state", seen.OPEN), ("about", ""), ("q", ""))
    )
    own = request.GET.get("office") == "own"
    found = seen.complaints(state=state, about=about, q=q, office=request.actor.org_id if own else None)
    found = found.exclude(subject_id=request.actor.org_id)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [{"row": row, "state": words.COMPLAINT_STATES[row.state]} for row in page.object_list],
        "states": [(seen.OPEN, _("处理中")), *words.COMPLAINT_STATES.items(), ("", _("全部"))],
        "abouts": [("", _("全部对象")), *Complaint.About.choices],
        "offices": [("", _("全部部门")), ("own", _("本部门"))],
        "office": "own" if own else "",
        "state": state,
        "about": about,
        "q": q,
    }
    return render(request, "supervision/complaints.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*SUPERVISORS)
def complaint(request: Request, number: str) -> HttpResponseBase:
    """The officer's page: what was said, what both sides added, and what may be done next."""
    row = _others(request, number)
    sent = None
    if request.method == "POST":
        act = next((one for one in ACTS if one.code == request.POST.get("act")), None)
        if act is None:
            raise Http404
        sent = ActForm(worded(act, row), request.POST, request.FILES)
        if sent.is_valid() and _done(request, row, sent):
            return redirect(row)
    context = {
        "complaint": row,
        "state": words.COMPLAINT_STATES[row.state],
        "matter": seen.fold(row),
        "lines": seen.lines(row),
        "clause": clauses.of_complaint(row.pk),
        "letters": letters.of_matter(f"complaint:{row.pk}"),
        "forms": forms_for(_acts(row, request.actor.by), sent),
        "file_view": "supervision:complaint_desk_file",
    }
    return render(request, "supervision/complaint.html", context, status=422 if sent else 200)


def _acts(row: Complaint, by: By) -> list[Act]:
    matter = seen.fold(row)
    hidden = {"resume"} if not matter.suspended else {"suspend"}
    hidden |= {"suspend"} if row.need_id is None else set()
    hidden |= {"review"} if not matter.outcome else {"review_rejected"}
    hidden |= {"malicious"} if matter.outcome != "dismissed" or matter.malicious else set()
    known = matter.malicious and not matter.complainant_case and not row.hidden and row.identity.mark
    hidden |= set() if known else {"complainant_case"}
    hidden |= {"missing"} if matter.asked_missing else set()
    hidden |= {"pass_on", "take"} if matter.office not in (None, by.org_id) else set()
    hidden |= {"take"} if matter.officer and matter.officer.user == by.user_id else set()
    hidden |= {"pause"} if matter.pause_asked else {"agree_pause", "refuse_pause"}
    hidden |= {"open_case"} if matter.case_opened else set()
    shown = [act for act in ACTS if matter.state in rules.MAY[EVENT[act.code]] and act.code not in hidden]
    return [worded(act, row) for act in shown]


def _done(request: Request, row: Complaint, form: ActForm) -> bool:
    deed, data, by = DO[form.act.code], form.cleaned_data, request.actor.by
    return attempted(request, form, lambda: deed(row.pk, data, by), _("已记录。"))


Do = Callable[[int, dict[str, Any], By], object]
DO: dict[str, Do] = {
    "accept": lambda pk, _data, by: services.accept(complaint_id=pk, by=by),
    "missing": lambda pk, data, by: services.ask_missing(complaint_id=pk, text=data["text"], by=by),
    "reject": lambda pk, data, by: services.turn_down(complaint_id=pk, how="rejected", reasons=data["text"], by=by),
    "transfer": lambda pk, data, by: services.turn_down(
        complaint_id=pk, how="transferred", reasons=data["text"], by=by
    ),
    "pass_on": lambda pk, data, by: offices.pass_on(
        complaint_id=pk, office_id=data["office"], reasons=data["text"], by=by
    ),
    "take": lambda pk, _data, by: offices.take(complaint_id=pk, by=by),
    "notify": lambda pk, data, by: services.notify(complaint_id=pk, summary=data["text"], by=by),
    "decide": lambda pk, data, by: services.decide(
        complaint_id=pk, outcome=data["outcome"], reasons=data["text"], by=by
    ),
    "suspend": lambda pk, data, by: services.suspend_need(complaint_id=pk, reasons=data["text"], by=by),
    "resume": lambda pk, data, by: services.resume_need(complaint_id=pk, reasons=data["text"], by=by),
    "pause": lambda pk, data, by: pauses.ask_pause(complaint_id=pk, reasons=data["text"], by=by),
    "agree_pause": lambda pk, data, by: pauses.answer_pause(complaint_id=pk, agreed=True, reasons=data["text"], by=by),
    "refuse_pause": lambda pk, data, by: pauses.answer_pause(
        complaint_id=pk, agreed=False, reasons=data["text"], by=by
    ),
    "continue": lambda pk, data, by: pauses.go_on(complaint_id=pk, reasons=data["text"], by=by),
    "open_case": lambda pk, data, by: services.open_case_from(
        complaint_id=pk, ground=data["ground"], facts=data["text"], by=by
    ),
    "review": lambda pk, data, by: services.decide_review(
        complaint_id=pk, outcome=data["outcome"], reasons=data["text"], by=by
    ),
    "complainant_case": lambda pk, data, by: services.open_case_on_complainant(
        complaint_id=pk, facts=data["text"], by=by
    ),
    "malicious": lambda pk, data, by: services.mark_malicious(complaint_id=pk, reasons=data["text"], by=by),
}
DO["review_rejected"] = DO["review"]


@require_safe
@requires(*SUPERVISORS)
def file(request: Request, number: str, file_id: UUID) -> HttpResponseBase:
    return _given(_others(request, number), file_id, other_side=False)


def _given(row: Complaint, file_id: UUID, *, other_side: bool) -> HttpResponseBase:
    try:
        return files.respond(seen.event_file(row, file_id, other_side=other_side))
    except ComplaintFile.DoesNotExist as missing:
        raise Http404 from missing


def _others(request: Request, number: str) -> Complaint:
    """For officers of anybody else: who is complained about never reads the complainant's own words."""
    row = _found(number)
    if request.actor.acts_for(row.subject_id):
        raise Http404
    return row


def _found(number: str) -> Complaint:
    try:
        return seen.complaint(number)
    except Complaint.DoesNotExist as missing:
        raise Http404 from missing


REPLY = Act("reply", _("答复投诉"), ("text", "files"), _("贵单位的说明"), primary=True)
ASK = Act("review", _("申请复核"), label=_("哪里不服，为什么"))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*RESPONDENTS)
def own(request: Request, number: str) -> HttpResponseBase:
    """As whoever is complained about reads it, from the notification on; the complainant's words are not shown."""
    row = _theirs(request, number)
    state, sent = rules.State(row.state), None
    reply, shelf = worded(REPLY, row), Shelf(request)
    acts = [act for act, event in ((reply, "replied"), (ASK, "review_asked")) if state in rules.MAY[event]]
    if request.method == "POST":
        sent = ActForm(ASK if request.POST.get("act") == ASK.code else reply, request.POST, request.FILES)
        bring(sent, shelf)
        if sent.is_valid() and _answered(request, row, sent):
            clear(sent, shelf)
            return redirect("supervision:own_complaint", number)
        leave(sent, shelf)
    context = {
        "complaint": row,
        "state": words.COMPLAINT_STATES[row.state],
        "matter": seen.fold(row),
        "lines": seen.lines(row, other_side=True),
        "forms": forms_for(acts, sent),
        "file_view": "supervision:own_complaint_file",
    }
    return shelf.remember(render(request, "supervision/complaint_other.html", context, status=422 if sent else 200))


def _theirs(request: Request, number: str) -> Complaint:
    row = _found(number)
    if not request.actor.acts_for(row.subject_id) or not seen.is_known(row):
        raise Http404
    return row


def _answered(request: Request, row: Complaint, form: ActForm) -> bool:
    data, by = form.cleaned_data, request.actor.by

    def deed() -> Complaint:
        if form.act.code == REPLY.code:
            return services.reply(complaint_id=row.pk, text=data["text"], uploads=data["files"], by=by)
        return services.ask_review(complaint_id=row.pk, reasons=data["text"], by=by)

    return attempted(request, form, deed, _("已记录。"))


@require_safe
@requires(*RESPONDENTS)
def own_file(request: Request, number: str, file_id: UUID) -> HttpResponseBase:
    return _given(_theirs(request, number), file_id, other_side=True)
