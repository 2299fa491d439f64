"""The public credit file, as of any day."""

import csv
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import requires
from accounts.requests import Request
from agencies import selectors as agencies
from agencies.models import Agency
from core import clock
from core.workdays import LOCAL
from ratings import selectors, services
from ratings.charts import spark
from ratings.forms import ReplyForm
from ratings.models import Rating
from ratings.selectors import CreditFile, Row, grades
from ratings.services.rating import appeal_until, reply_until
from ratings.texts import DIMENSIONS, LABELS

RATINGS_PER_PAGE = 10
ROWS_PER_PAGE = 50
LATEST = 30


def credit(request: Request, pk: int) -> HttpResponse:
    agency = _agency(pk)
    moment, problem = _as_of(request)
    file = selectors.credit_file(pk, moment)
    page = Paginator(file.ratings, RATINGS_PER_PAGE).get_page(request.GET.get("page"))
    lines_hash, timeline = services.lines_hash(pk, file), _latest(file.timeline)
    context = {
        "agency": agency,
        "file": file,
        "chosen": request.GET.get("as_of", ""),
        "problem": problem,
        "today": _today().isoformat(),
        "restrictions": agencies.restrictions(pk, moment),
        "dimensions": [{"of": one, "spark": spark(one.points, file.as_of)} for one in file.dimensions],
        "page_obj": page,
        "received": [_received(request, one) for one in page.object_list],
        "withdrawn": file.withdrawn,
        "missed_uses": sum(
            1 for use in file.uses if not use.reported and not hasattr(use, "rating") and use.rate_by <= moment
        ),
        "weighed": _weighed(file),
        "improving": _improving(file),
        "counting": Paginator(file.counting, ROWS_PER_PAGE).get_page(request.GET.get("rows")),
        "ended": _latest(file.ended),
        "timeline": timeline,
        "events": [_event(row) for row in timeline["shown"]],
        "is_own": request.actor.acts_for(pk),
        "lines_hash": lines_hash,
        "held": _held(request.GET.get("hash", ""), lines_hash),
        "certifiable": _yesterday().isoformat(),
        "grades": grades.grades_of(pk, moment),
        "proposed": grades.in_publicity(pk, clock.now()) if request.actor.acts_for(pk) else (),
    }
    return render(request, "ratings/credit.html", context)


@require_POST
@requires("agency")
def certify(request: Request, pk: int) -> HttpResponseBase:
    """A certificate of a day that is over, for the agency itself; the paper's page is public."""
    _agency(pk)
    paper = services.certify(agency_id=pk, day=_certified_day(request), by=request.actor.by)
    return redirect(f"/papers/{paper.number}/")


def _certified_day(request: Request) -> date:
    """The day that was chosen when it is one, else yesterday."""
    try:
        return date.fromisoformat(request.POST.get("as_of", ""))
    except ValueError:
        return _yesterday()


def credit_csv(request: Request, pk: int) -> HttpResponse:
    """The explanation row by row; opens in a spreadsheet (UTF-8 with a mark), formulas are kept from running."""
    agency = _agency(pk)
    moment, _problem = _as_of(request)
    file = selectors.credit_file(pk, moment)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="credit-{agency.pk}-{moment.astimezone(LOCAL):%Y%m%d}.csv"'
    writer = csv.writer(answer)
    writer.writerow(
        [
            *(
                _("时间"),
                _("事项"),
                _("详情"),
                _("分值"),
                _("计入"),
                _("累计"),
                _("计分情况"),
                _("失效时间"),
                _("来源"),
            ),
            *(_("依据"), _("公开时间"), _("评分规则"), _("异议")),
        ]
    )
    writer.writerows(_cells(row) for row in file.rows)
    return answer


def _cells(row: Row) -> list[str]:
    event, line = row.event, row.line
    cells = [
        _day(event.happened_at if event else None),
        row.title,
        row.sentence,
        str(line.points),
        str(line.counted),
        str(line.running),
        row.why,
        _day(event.expires_at if event else None),
        event.source if event else "",
        event.legal_basis if event else "",
        _day(event.published if event else None),
        event.rules_ref if event else "",
        row.objection.number if row.objection else "",
    ]
    return [f"'{cell}" if cell[:1] in "=@\t\r" or cell[:2] in ("+=", "-=") else cell for cell in cells]


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(LOCAL):%Y-%m-%d %H:%M}" if moment else ""


def _agency(pk: int) -> Agency:
    agency = agencies.find(pk)
    if agency is None:
        raise Http404
    return agency


def _today() -> date:
    return clock.now().astimezone(LOCAL).date()


def _yesterday() -> date:
    return _today() - timedelta(days=1)


def _as_of(request: Request) -> tuple[datetime, str]:
    return moment_asked(request.GET.get("as_of", ""), clock.now())


def moment_asked(typed: str, now: datetime) -> tuple[datetime, str]:
    """The end of the chosen day, or now; and what was wrong with the choice."""
    if not typed:
        return now, ""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return now, _("日期格式不正确，显示的是现在的档案。")
    if day > now.astimezone(LOCAL).date():
        return now, _("不能选择将来的日期，显示的是现在的档案。")
    if day < date(2025, 1, 1):
        return now, _("平台自 2025 年 1 月 1 日起有评分规则，显示的是现在的档案。")
    return min(now, services.end_of(day)), ""


def _held(typed: str, computed: str) -> dict[str, Any] | None:
    """A hash somebody holds, and whether this page computes the same for the day; None when none was typed."""
    digits = "".join(typed.split()).lower()
    return {"typed": digits[:64], "agrees": digits == computed} if digits else None


def _received(request: Request, rating: Rating) -> dict[str, Any]:
    """A rating as shown, with what the agency itself may still do about it."""
    stars = [{"label": LABELS["buyer"][name], "value": getattr(rating, name)} for name in DIMENSIONS]
    own, now, appeal = request.actor.acts_for(rating.ratee_id), clock.now(), getattr(rating, "appeal", None)
    may_reply = own and rating.replied_at is None and now < reply_until(rating)
    may_appeal = own and appeal is None and now < appeal_until(rating)
    return {
        "rating": rating,
        "stars": stars,
        "average": selectors.average_of(rating),
        "appeal": appeal,
        "reply": ReplyForm(auto_id=f"id_{rating.pk}_%s") if may_reply else None,
        "reply_until": reply_until(rating) if may_reply else None,
        "appeal_until": appeal_until(rating) if may_appeal else None,
    }


def _latest(newest_first: Sequence[Any]) -> dict[str, Any]:
    """What a list shows of something long, and what it leaves to the CSV."""
    return {"shown": newest_first[:LATEST], "count": len(newest_first), "earlier": max(0, len(newest_first) - LATEST)}


def _event(row: Row) -> dict[str, Any]:
    event, counted = row.event, row.line.counted
    assert event is not None  # noqa: S101 - a timeline has events only
    kind = "good" if counted > 0 else "bad" if counted < 0 else ""
    icon = {"good": "plus", "bad": "minus"}.get(kind, "point")
    url = event.source
    return {"at": event.happened_at, "title": row.title, "text": row.sentence, "url": url, "icon": icon, "kind": kind}


def _weighed(file: CreditFile) -> list[dict[str, Any]]:
    """The newest ratings with what of each counts in the estimate."""
    marks = {mark.key: mark for mark in file.opinion.estimate.marks}
    newest = file.ratings[:LATEST]
    return [{"rater": one.rater.name, "mark": marks[one.pk], "habit": file.opinion.habits[one.pk]} for one in newest]


def _improving(file: CreditFile) -> list[Row]:
    """What still costs points, soonest to expire first: the agency's own hint at what will get better, and when."""
    costly = [row for row in file.rows if row.event and row.line.counted < 0]
    far = datetime.max.replace(tzinfo=LOCAL)
    return sorted(costly, key=lambda row: (row.event.expires_at if row.event else None) or far)
