"""Cases as the respondent reads and answers them: what is said, until when, and what may be done."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import BUYERS, SUPERVISORS, requires
from accounts.requests import Request
from core.held import Shelf, bring, clear, leave
from supervision import words
from supervision.acts import Act, ActForm, forms_for
from supervision.models import Case
from supervision.rules import cases as rules
from supervision.selectors import cases as seen
from supervision.selectors import complaints as complaints_seen
from supervision.selectors import letters, origins
from supervision.services import cases as services
from supervision.views.acting import attempted
from supervision.views.cases import given

RESPONDENTS = (*BUYERS, "agency", *SUPERVISORS)
ACTS = (
    Act(
        "defend", _("陈述申辩"), ("text", "files"), _("您的意见"),
        _("写明哪些事实不对、有什么理由和证据。可以补充，直到作出决定。"), primary=True,
    ),
    Act("waive", _("放弃陈述申辩"), ()),
    Act("review", _("申请复核"), ("text", "files"), _("哪里不服，为什么"), _("复核期间措施暂停执行。"), primary=True),
)  # fmt: skip
EVENT = {"defend": "defended", "waive": "waived", "review": "review_asked"}


@require_safe
@requires(*RESPONDENTS)
def index(request: Request) -> HttpResponse:
    """Every case and complaint about one's own organisation."""
    org_id = request.actor.org_id or 0
    context = {
        "cases": [{"row": row, "ground": words.ground(row.ground)} for row in seen.of(org_id)],
        "complaints": [
            {"row": row, "state": words.COMPLAINT_STATES[row.state]} for row in complaints_seen.against(org_id)
        ],
    }
    return render(request, "supervision/own_cases.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*RESPONDENTS)
def case(request: Request, number: str) -> HttpResponseBase:
    row, sent, shelf = _theirs(request, number), None, Shelf(request)
    matter = seen.matter(row)
    if request.method == "POST":
        act = next((one for one in ACTS if one.code == request.POST.get("act")), ACTS[0])
        sent = ActForm(act, request.POST, request.FILES)
        bring(sent, shelf)
        if sent.is_valid() and _done(request, row, sent):
            clear(sent, shelf)
            return redirect("supervision:own_case", number)
        leave(sent, shelf)
    ground = seen.ground(row)
    context = {
        "case": row,
        "matter": matter,
        "ground": ground,
        "ground_title": words.ground(row.ground),
        "severity": words.SEVERITIES[ground.severity],
        "lines": [line for line in seen.lines(row) if line.row.kind not in ("opened", "proposed", "sent_back")],
        "measures": row.measures.select_related("end"),
        "letters": letters.of_matter(f"case:{row.pk}"),
        "origin_path": row.origin_path if row.subject_id in origins.concerned(row) else "",
        "forms": forms_for(_acts(matter), sent),
        "file_view": "supervision:own_case_file",
    }
    return shelf.remember(render(request, "supervision/case_own.html", context, status=422 if sent else 200))


def _acts(matter: rules.Matter) -> list[Act]:
    hidden = {"review"} if matter.reviewed else set()
    return [act for act in ACTS if matter.state in rules.MAY[EVENT[act.code]] and act.code not in hidden]


def _done(request: Request, row: Case, form: ActForm) -> bool:
    data, by = form.cleaned_data, request.actor.by

    def deed() -> Case:
        if form.act.code == "waive":
            return services.waive(case_id=row.pk, by=by)
        if form.act.code == "review":
            return services.ask_review(case_id=row.pk, reasons=data["text"], uploads=data["files"], by=by)
        return services.defend(case_id=row.pk, text=data["text"], uploads=data["files"], by=by)

    return attempted(request, form, deed, _("已记录。"))


def _theirs(request: Request, number: str) -> Case:
    """A case one is told of; before the notice it is nobody's but the officers'."""
    try:
        row = seen.case(number)
    except Case.DoesNotExist as missing:
        raise Http404 from missing
    if not request.actor.acts_for(row.subject_id) or row.state == Case.Stage.OPEN:
        raise Http404
    return row


@require_safe
@requires(*RESPONDENTS)
def file(request: Request, number: str, file_id: UUID) -> HttpResponseBase:
    return given(_theirs(request, number), file_id)
