"""The credit file as JSON: everything needed to compute the score of any past day again. docs/credit.md."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from agencies import selectors as agencies
from agencies.models import Agency
from core import clock
from core.workdays import LOCAL
from ratings import selectors, services
from ratings.models import Appeal, GradeLine
from ratings.published import FORMAT
from ratings.selectors import CreditFile, Row, grades
from ratings.texts import DIMENSIONS
from ratings.views.credit import moment_asked


@require_safe
def credit_json(request: HttpRequest, pk: int) -> HttpResponse:
    """`?as_of=2026-06-30`: the file as it stood at the end of that day; without it, now. A day that cannot be: 400."""
    agency = agencies.find(pk)
    if agency is None:
        raise Http404
    moment, problem = moment_asked(request.GET.get("as_of", ""), clock.now())
    if problem:
        return JsonResponse({"code": "as_of", "text": problem}, status=400, json_dumps_params={"ensure_ascii": False})
    body = _body(agency, selectors.credit_file(pk, moment))
    answer = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _body(agency: Agency, file: CreditFile) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "agency": {
            "id": agency.pk,
            "name": agency.organisation.name,
            "credit_code": agency.organisation.credit_code,
            "page": f"{settings.SITE_URL}/agencies/{agency.pk}/credit/",
        },
        "as_of": file.as_of.astimezone(LOCAL).isoformat(),
        "score": {
            "total": str(file.score.total),
            "grade": file.score.grade,
            "newcomer": file.score.newcomer,
            "lines_hash": services.lines_hash(agency.pk, file),
        },
        "rules": {"ref": file.rules.ref, "draft": file.rules.draft, "parameters": file.rules.parameters},
        "rows": [_row(row) for row in file.rows if row.event],
        "ratings": _ratings(file),
        "grades": [_grade(line) for line in grades.grades_of(agency.pk, file.as_of)],
    }


def _grade(line: GradeLine) -> dict[str, Any]:
    """A published yearly grade."""
    return {
        "year": line.list.year,
        "grade": line.grade,
        "score": str(line.score) if line.score is not None else None,
        "lines_hash": line.lines_hash,
        "as_of": line.list.as_of.astimezone(LOCAL).isoformat(),
        "put_right_until": line.put_right_until.astimezone(LOCAL).isoformat(),
        "rules": line.list.credit_rules,
        "published_at": line.list.publication.at.astimezone(LOCAL).isoformat(),
        "page": f"{settings.SITE_URL}{line.get_absolute_url()}",
    }


def _row(row: Row) -> dict[str, Any]:
    event, line = row.event, row.line
    assert event is not None  # noqa: S101 - asked for rows with an event only
    return {
        "key": event.key,
        "kind": event.kind,
        "title": row.title,
        "sentence": row.sentence,
        "points": str(event.points),
        "counted": str(line.counted),
        "running": str(line.running),
        "why": str(line.why),
        "happened_at": event.happened_at.astimezone(LOCAL).isoformat(),
        "published_at": event.published.astimezone(LOCAL).isoformat(),
        "expires_at": event.expires_at.astimezone(LOCAL).isoformat() if event.expires_at else None,
        "source": f"{settings.SITE_URL}{event.source}",
        "legal_basis": event.legal_basis,
        "rules": event.rules_ref,
        "corrects": f"{event.corrects_id:012d}" if event.corrects_id else None,
        "objection": _objection(row.objection),
    }


def _objection(appeal: Appeal | None) -> dict[str, Any] | None:
    if appeal is None:
        return None
    decision = getattr(appeal, "decision", None)
    outcome = "open" if decision is None else "upheld" if decision.upheld else "rejected"
    return {"number": appeal.number, "state": outcome, "page": f"{settings.SITE_URL}{appeal.get_absolute_url()}"}


def _ratings(file: CreditFile) -> dict[str, Any]:
    estimate, market = file.opinion.estimate, file.opinion.market
    return {
        "value": str(estimate.value),
        "low": str(estimate.low),
        "high": str(estimate.high),
        "plain": str(estimate.plain) if estimate.plain is not None else None,
        "missed": file.missed,
        "withdrawn": len(file.withdrawn),
        "market": {"mean": str(market.mean), "variance": str(market.variance), "marks": market.marks},
        "rules": file.opinion.rules.ref,
        "marks": [
            {"id": mark.key, "mark": str(mark.value), "habit": str(mark.habit), "counted": str(mark.counted)}
            for mark in estimate.marks
        ],
        "dimensions": {
            name: [[at.astimezone(LOCAL).isoformat(), stars] for at, stars in one.points]
            for name, one in zip(DIMENSIONS, file.dimensions, strict=True)
        },
    }
