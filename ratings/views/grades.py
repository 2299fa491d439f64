"""Yearly grades: the public lists, an agency's line with the objection to it, and the operator's desk."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import requires
from accounts.errors import NOT_YOURS
from accounts.models import Organisation
from accounts.requests import Request
from core import clock, rulesets, tables
from core.models import StoredFile
from core.workdays import LOCAL, Limit, load
from ratings import services
from ratings.grade_steps import DESK
from ratings.models import Appeal, GradeLine, GradeList
from ratings.selectors import grades as seen
from ratings.texts import NOT_GRADED, label, sentence
from ratings.views.appeals import new

PER_PAGE, MOST = 30, 50
OPERATOR = requires(Organisation.Kind.OPERATOR)


@require_safe
def index(request: Request, year: int | None = None) -> HttpResponse:
    """The list of a year, the newest by default: proposed and public for a while, or published."""
    rows = list(seen.public_lists())
    row = next((one for one in rows if year in (None, one.year)), None)
    if row is None:
        if year is not None:
            raise Http404
        return render(request, "ratings/grades.html", {"row": None})
    counts, grade = seen.counts(row), request.GET.get("grade", "")
    letters = [letter for letter, _least in rulesets.by_ref(row.credit_rules)["grades"]]
    grade = grade if grade in (*letters, seen.NONE) else ""
    q = request.GET.get("q", "").strip()[:60]
    lines = seen.lines(row, grade, q)
    if (kind := request.GET.get("export", "")) in tables.FORMATS:
        return tables.respond(_rows(seen.shown(lines)), columns=_columns(), name=str(row), kind=kind)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "row": row,
        "published": getattr(row, "publication", None),
        "years": [one.year for one in rows],
        "grade": grade,
        "q": q,
        "letters": [(letter, counts.get(letter, 0)) for letter in letters],
        "not_graded": counts.get("", 0),
        "total": sum(counts.values()),
        "page_obj": page,
        "lines": seen.shown(page.object_list),
    }
    return render(request, "ratings/grades.html", context)


def _columns() -> list[str]:
    return [_("名称"), _("统一社会信用代码"), _("年度"), _("信用等级"), _("信用评分"), _("计分各行校验值"),
            _("评分规则"), _("状态"), _("异议")]  # fmt: skip


def _rows(lines: Iterable[GradeLine]) -> Iterator[list[Any]]:
    for line in lines:
        organisation, row, objection = line.agency.organisation, line.list, _objection(line)
        yield [organisation.name, organisation.credit_code, row.year, line.grade or NOT_GRADED, line.score,
               line.lines_hash, row.credit_rules, _("已公布") if hasattr(row, "publication") else _("公示中"),
               objection.number if objection else ""]  # fmt: skip


def _objection(line: GradeLine) -> Appeal | None:
    """The objection to a line, or to the one it replaced."""
    return getattr(line.replaces or line, "objection", None)


@require_safe
def line(request: Request, year: int, agency: int) -> HttpResponse:
    """One agency's line, how it came, and what became of an objection to it."""
    rows = seen.history_of_line(year, agency)
    if not rows:
        raise Http404
    first, last = rows[0], rows[-1]
    row = last.list
    objection = _objection(last)
    until, published = row.objections_until, getattr(row, "publication", None)
    may_object = request.actor.acts_for(agency) and objection is None and bool(until and clock.now() < until)
    context = {
        "row": row,
        "line": last,
        "before": first if last is not first else None,
        "agency": last.agency,
        "published": published,
        "in_publicity": bool(until and clock.now() < until),
        "objection": objection,
        "decision": getattr(objection, "decision", None),
        "right": _put_right(last),
        "may_object": may_object,
        "day": f"{row.as_of.astimezone(LOCAL):%Y-%m-%d}",
    }
    return render(request, "ratings/grade_line.html", context)


def _put_right(line: GradeLine) -> list[dict[str, Any]]:
    """The rows a line that was computed anew leaves out, each with what corrected it."""
    found = seen.corrections(line.agency_id, line.list.as_of, line.put_right_until)
    return [
        {
            "correction": one,
            "title": label(one.corrects.kind),
            "text": sentence(one.corrects.kind, one.corrects.summary),
        }
        for one in found
        if one.corrects
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@requires("agency")
def objection(request: Request, year: int, agency: int) -> HttpResponseBase:
    rows = seen.history_of_line(year, agency)
    if not rows:
        raise Http404
    first = rows[0]
    if not request.actor.acts_for(agency):
        raise NOT_YOURS()
    if existing := getattr(first, "objection", None):
        return redirect(existing)

    def file(grounds: str, evidence: StoredFile | None) -> Appeal:
        return services.object_to_grade(line_id=first.pk, grounds=grounds, evidence=evidence, by=request.actor.by)

    return new(request, {"title": _("对年度信用等级提出异议"), "line": first}, file)


@require_safe
@OPERATOR
def desk(request: Request) -> HttpResponse:
    """What is due, what runs, and what is published."""
    now = clock.now()
    context = {
        "due": [_due(year) for year in seen.years_due(now)],
        "rows": [_state(row) for row in seen.lists()],
        "rules": seen.rules_at(now),
    }
    return render(request, "ratings/grade_desk.html", context)


def _due(year: int) -> dict[str, Any]:
    begins = seen.new_year(year + 1)
    limit = Limit.of(seen.rules_at(begins)["propose"])
    return {"year": year, "until": limit.end(begins, load()), "agencies": len(seen.to_grade(seen.end_of(year)))}


def _state(row: GradeList) -> dict[str, Any]:
    published, settled = getattr(row, "publication", None), seen.settled_at(row)
    counts = seen.counts(row)
    return {
        "row": row,
        "published": published,
        "counts": [(grade or NOT_GRADED, n) for grade, n in sorted(counts.items(), key=lambda one: one[0] or "~")],
        "total": sum(counts.values()),
        "objections": list(seen.objections(row)[:MOST]),
        "waiting": seen.open_objections(row),
        "over": bool(row.objections_until and clock.now() >= row.objections_until),
        "ready": published is None and settled is not None and clock.now() >= settled,
    }


@require_POST
@OPERATOR
def propose(request: Request, year: int) -> HttpResponseBase:
    services.propose_grades(year=year, by=request.actor.by)
    messages.success(request, _("已提出 {year} 年度名单，正在计算，算完自动公示。").format(year=year))
    return redirect(DESK)


@require_POST
@OPERATOR
def publish(request: Request, year: int) -> HttpResponseBase:
    if not GradeList.objects.filter(year=year).exists():
        raise Http404
    services.publish_grades(year=year, by=request.actor.by)
    messages.success(request, _("{year} 年度信用等级已公布。").format(year=year))
    return redirect(DESK)
