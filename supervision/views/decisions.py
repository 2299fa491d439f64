"""Published decisions, and the scale they follow: for everybody."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.requests import Request
from core import rulesets
from supervision import words
from supervision.models import Case
from supervision.rules import cases as rules
from supervision.rules.listings import terms
from supervision.selectors import cases as seen
from supervision.selectors import letters

PER_PAGE = 30


@require_safe
def index(request: Request) -> HttpResponse:
    """Filters stand in the address."""
    measure, state, q = (request.GET.get(key, "") for key in ("measure", "state", "q"))
    page = Paginator(seen.decisions(measure=measure, q=q, state=state), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [{"row": row, "ground": words.ground(row.ground)} for row in page.object_list],
        "measures": [("", _("全部措施")), *Case.Measure.choices],
        "states": [("", _("全部状态")), *[(one.value, one.label) for one in SHOWN]],
        "measure": measure,
        "state": state,
        "q": q,
    }
    return render(request, "supervision/decisions.html", context)


SHOWN = (Case.Stage.IN_FORCE, Case.Stage.STAYED, Case.Stage.ENDED, Case.Stage.LIFTED, Case.Stage.REVOKED)


@require_safe
def decision(request: Request, number: str) -> HttpResponseBase:
    """Facts, rule, reasons, measure with its end, and what came after. A correction stands beside, never instead."""
    try:
        row = seen.decision(number)
    except Case.DoesNotExist as missing:
        raise Http404 from missing
    ground, lines = seen.ground(row), seen.lines(row, public=True)
    context = {
        "case": row,
        "matter": seen.matter(row),
        "defence": rules.defence(row.events.order_by("seq").values_list("kind", flat=True)),
        "ground": ground,
        "ground_title": words.ground(row.ground),
        "severity": words.SEVERITIES[ground.severity],
        "lines": lines,
        "facts": next(line.row.text for line in lines if line.row.kind == "published"),
        "reasons": next(line for line in lines if line.row.kind == "decided"),
        "corrections": [line for line in lines if line.row.kind == "corrected"],
        "after": [line for line in lines if line.row.kind not in ("decided", "published", "corrected")],
        "measures": row.measures.select_related("end"),
        "letters": letters.public_of(f"case:{row.pk}"),
    }
    return render(request, "supervision/decision.html", context)


@require_safe
def discretion(request: Request) -> HttpResponse:
    """The published scale in force."""
    used, grounds = seen.grounds()
    listed = rulesets.current("listings")
    rows = [
        {
            "ground": one,
            "title": words.ground(one.code),
            "severity": words.SEVERITIES[one.severity],
            "terms": terms(listed.parameters, one.severity),
            "options": [
                {"option": option, "label": Case.Measure(option.kind).label, "lists": option.kind in one.listed_by}
                for option in one.options
            ],
        }
        for one in grounds
    ]
    return render(request, "supervision/discretion.html", {"used": used, "rows": rows})
