"""A credit certificate: the file of a day that is over, on paper, with the hash of the lines it adds up.

A day that is over does not change any more, so the same day gives the same paper, and whoever holds it can have the
page compute that day again and compare.
"""

import hashlib
import json
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import override

from accounts.errors import NOT_YOURS
from agencies import selectors as agencies
from core import clock, papers
from core.audit import By, record
from core.models import Paper
from core.workdays import LOCAL
from ratings import errors, selectors
from ratings.rules.score import Score
from ratings.selectors import CreditFile
from ratings.services.tally import one_writer

KIND = "credit"


@transaction.atomic
def certify(*, agency_id: int, day: date, by: By) -> Paper:
    """The certificate of an agency's file at the end of `day`; asked for again, the same paper.

    Raises access.not_yours for anybody but the agency, certificate.day_not_over.
    """
    if by.org_id != agency_id:
        raise NOT_YOURS()
    if day >= clock.now().astimezone(LOCAL).date():
        raise errors.DAY_NOT_OVER()
    one_writer(agency_id)
    page = f"/agencies/{agency_id}/credit/?as_of={day.isoformat()}"
    existing = Paper.objects.filter(kind=KIND, page=page).first()
    if existing:
        return existing
    with override(papers.LANGUAGE):
        data = _data(agencies.get(agency_id).organisation, selectors.credit_file(agency_id, end_of(day)), day)
    paper = papers.issue(prefix="XY", kind=KIND, title="信用证明", page=page, data=data)
    record(stream=f"credit:{agency_id}", action="certified", by=by, data={"paper": paper.number, "day": str(day)})
    return paper


def end_of(day: date) -> datetime:
    """The last moment of a local day."""
    return datetime.combine(day + timedelta(days=1), time(), LOCAL) - timedelta(microseconds=1)


def lines_hash(agency_id: int, file: CreditFile) -> str:
    """SHA-256 over what the total is made of: agency, moment, rules, and every counting line in order."""
    return hash_of(agency_id, file.score, as_of=file.as_of, rules_ref=file.rules.ref)


def hash_of(agency_id: int, found: Score, *, as_of: datetime, rules_ref: str) -> str:
    """The same of a score whose file nobody has to see."""
    lines = [[line.key, str(line.points), str(line.counted)] for line in found.counting]
    body = [agency_id, as_of.astimezone(LOCAL).isoformat(), rules_ref, lines, str(found.total)]
    return hashlib.sha256(json.dumps(body, separators=(",", ":")).encode()).hexdigest()


def _data(organisation: Any, file: CreditFile, day: date) -> dict[str, Any]:
    """Values of templates/papers/credit.typ, all text."""
    estimate = file.opinion.estimate
    return {
        "agency": organisation.name,
        "credit_code": organisation.credit_code,
        "day": day.isoformat(),
        "total": str(file.score.total),
        "grade": file.score.grade,
        "rules": file.rules.ref + ("（草案）" if file.rules.draft else ""),
        "ratings": str(len(file.ratings)),
        "figure": str(estimate.value),
        "low": str(estimate.low),
        "high": str(estimate.high),
        "lines": [[_day(row), row.title, str(row.line.counted)] for row in file.counting],
        "hash": lines_hash(organisation.pk, file),
    }


def _day(row: selectors.Row) -> str:
    return f"{row.event.happened_at.astimezone(LOCAL):%Y-%m-%d}" if row.event else "–"
