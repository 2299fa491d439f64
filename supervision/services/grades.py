"""Telling every agency of its yearly grade, when it is proposed and when it is final: some at a time, a job each."""

from django.utils.functional import Promise
from django.utils.translation import gettext_noop as _

from core import jobs
from ratings.models import GradeLine, GradeList
from ratings.selectors import grades as seen
from supervision.services import notices
from supervision.services.appeals import day

BATCH = 200
PROPOSED: tuple[str | Promise, str | Promise] = (
    _("贵机构 {year} 年度信用等级拟评为 {grade}，公示到 {until}，有异议请在此前提出。"),
    _("贵机构 {year} 年度拟不评级（没有履约记录），公示到 {until}，有异议请在此前提出。"),
)
FINAL: tuple[str | Promise, str | Promise] = (
    _("贵机构 {year} 年度信用等级已公布：{grade}。"),
    _("贵机构 {year} 年度没有履约记录，不评级，也不影响参加竞争。"),
)


def tell(list_id: int, *, after: int, task: str) -> None:
    """Tell the next agencies whose lines come after this one; a further job tells those behind them."""
    row = seen.lists().get(pk=list_id)
    rows = list(seen.lines_after(row, after)[:BATCH])
    sentences = FINAL if hasattr(row, "publication") else PROPOSED
    for line in rows:
        _tell(row, line, sentences)
    if len(rows) == BATCH:
        jobs.enqueue(task, list_id=list_id, after=rows[-1].pk)


def _tell(row: GradeList, line: GradeLine, sentences: tuple[str | Promise, str | Promise]) -> None:
    until = day(row.objections_until) if row.objections_until else ""
    notices.tell(
        organisation_id=line.agency_id,
        sentence=sentences[not line.grade],
        values={"year": row.year, "grade": line.grade, "until": until},
        path=line.get_absolute_url(),
    )
