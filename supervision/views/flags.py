"""Red flags: the list that waits for a verdict, one matter with its evidence, and the registry of rules."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import SUPERVISORS, requires
from accounts.errors import NOT_YOURS
from accounts.requests import Request
from core import clock, rulesets
from core.errors import Refusal
from supervision import services, words
from supervision.flags import BY_CODE, RULES
from supervision.forms import GrownCaseForm, VerdictForm
from supervision.models import FlagHit, FlagVerdict
from supervision.rules.discretion import scale
from supervision.selectors import flags as seen
from supervision.views.acting import attempted

PER_PAGE = 30


@require_safe
@requires(*SUPERVISORS)
def index(request: Request) -> HttpResponse:
    rule, state = request.GET.get("rule", ""), request.GET.get("state", seen.OPEN)
    rule = rule if rule in BY_CODE else ""
    state = state if state in ("", *FlagVerdict.Verdict.values) else seen.OPEN
    page = Paginator(seen.hits(rule=rule, state=state), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [_row(row) for row in page.object_list],
        "rules": RULES,
        "rule": rule,
        "state": state,
        "states": [(seen.OPEN, _("待核查")), *FlagVerdict.Verdict.choices, ("", _("全部"))],
        "waiting": seen.waiting(),
    }
    return render(request, "supervision/flags.html", context)


def _row(row: FlagHit) -> dict[str, Any]:
    verdict = getattr(row, "verdict", None)
    return {
        "hit": row,
        "rule": BY_CODE.get(row.rule),
        "sentence": seen.sentence(row),
        "verdict": FlagVerdict.Verdict(verdict).label if verdict else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*SUPERVISORS)
def hit(request: Request, pk: int) -> HttpResponseBase:
    """The matter; regulators may give a verdict."""
    row = _hit_or_404(pk)
    form = VerdictForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not request.actor.of("regulator"):
            raise NOT_YOURS()
        if form.is_valid() and _judged(request, row, form):
            return redirect(row)
    return _page(request, row, form)


def _judged(request: Request, row: FlagHit, form: VerdictForm) -> bool:
    data, by = form.cleaned_data, request.actor.by

    def deed() -> FlagVerdict:
        return services.judge(hit_id=row.pk, verdict=data["verdict"], reasons=data["reasons"], by=by)

    return attempted(request, form, deed, _("核查结论已记录。"))


@require_POST
@requires("regulator")
def open_case(request: Request, pk: int) -> HttpResponseBase:
    """A confirmed matter becomes a case."""
    row = _hit_or_404(pk)
    form = _case_form(row, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = services.open_case_on(
                hit_id=row.pk,
                subject_id=data["subject"],
                ground=data["ground"],
                facts=data["facts"],
                by=request.actor.by,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已立案：{number}。").format(number=made.number))
            return redirect(made)
    return _page(request, row, VerdictForm(), form)


def _case_form(row: FlagHit, data: Any = None) -> GrownCaseForm:
    subjects = [(one.pk, one.name) for one in seen.concerned(row)]
    known = scale(rulesets.current("discretion").parameters)
    grounds = [(code, str(words.ground(code))) for code in known]
    rule = BY_CODE.get(row.rule)
    first = {"facts": seen.sentence(row), "ground": rule.ground if rule else ""}
    return GrownCaseForm(data, subjects=subjects, grounds=grounds, initial=first)


def _hit_or_404(pk: int) -> FlagHit:
    try:
        return seen.hit(pk)
    except FlagHit.DoesNotExist as missing:
        raise Http404 from missing


def _page(request: Request, row: FlagHit, form: VerdictForm, case_form: GrownCaseForm | None = None) -> HttpResponse:
    verdicts = list(row.verdicts.select_related("by_user", "by_org"))
    confirmed = bool(verdicts) and verdicts[0].verdict == FlagVerdict.Verdict.CONFIRMED
    context = {
        **_row(row),
        "needs": row.needs.select_related("buyer", "item").order_by("pk"),
        "organisations": seen.concerned(row),
        "verdicts": verdicts,
        "earlier": seen.earlier(row),
        "form": form,
        "may_judge": request.actor.of("regulator"),
        "cases": seen.cases_of(row),
        "confirmed": confirmed,
        "case_form": case_form or _case_form(row),
        "refused": bool(case_form),
    }
    return render(request, "supervision/flag.html", context, status=422 if form.errors or case_form else 200)


@require_safe
@requires(*SUPERVISORS)
def rules(request: Request) -> HttpResponse:
    """Every rule with its text, basis, parameters and how often it was right."""
    used, standings = seen.standings(clock.now())
    judged, confirmed = sum(one.judged for one in standings), sum(one.confirmed for one in standings)
    context = {
        "used": used,
        "standings": standings,
        "hits": sum(one.hits for one in standings),
        "judged": judged,
        "rate": round(100 * confirmed / judged) if judged else None,
    }
    return render(request, "supervision/flag_rules.html", context)
