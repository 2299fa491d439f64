"""The yearly grades of the demo: every January proposed, one line contested and computed anew, then published."""

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta

from core import clock
from core.audit import By
from core.workdays import LOCAL
from portal.demo.bench import Bench
from portal.demo.timeline import Life
from ratings.models import CreditEvent, GradeLine, GradeList
from ratings.rules.appeals import DECIDED_IN_CASES, OTHERWISE
from ratings.selectors import grades as seen
from ratings.services import appeals, grades

DAY, YEAR = timedelta(days=1), timedelta(days=365)
GROUNDS = "名单所依据的逾期记录有误，期间经委托方书面顺延，请更正后重新计算。"
PUT_RIGHT = "顺延有书面记录，这条记录有误，予以更正。"
ANEW = "所依据的记录已经更正，按更正后的档案重新计算。"
KEPT = "逐行核对档案，计分各行均有来源，没有需要更正的记录，维持原结果。"


def lives(bench: Bench, base: datetime) -> Iterator[tuple[datetime, Life]]:
    today = base.astimezone(LOCAL)
    for year in (today.year - 1, today.year):
        proposal = datetime(year, 1, 8, 10, tzinfo=LOCAL)
        if proposal > base - YEAR:
            yield proposal, graded(bench, year - 1)


def graded(bench: Bench, year: int) -> Life:
    """One year's list from the proposal to the published grades."""
    if year not in seen.years_due(clock.now()):
        return
    row = grades.propose_grades(year=year, by=bench.olga)
    yield clock.now() + DAY
    yield from _contested(bench, row)
    row.refresh_from_db()
    yield max(clock.now(), row.objections_until or clock.now()) + timedelta(hours=10)
    grades.publish_grades(year=year, by=bench.olga)


def _contested(bench: Bench, row: GradeList) -> Life:
    """The agency with the lowest score objects to its line, and to a row of its file where one may be wrong."""
    people = {one.pk: one.by for one in (*bench.cast.values(), *bench.troubled)}
    line = GradeLine.objects.filter(list=row, agency_id__in=people).order_by("score", "pk").first()
    if line is None:
        return
    by = people[line.agency_id]
    objection = appeals.object_to_grade(line_id=line.pk, grounds=GROUNDS, by=by)
    put_right = yield from _put_right(bench, line, by)
    yield clock.now() + DAY
    reasons = ANEW if put_right else KEPT
    appeals.decide_appeal(appeal_id=objection.pk, upheld=put_right, reasons=reasons, by=bench.sol)


def _put_right(bench: Bench, line: GradeLine, by: By) -> Generator[datetime, None, bool]:
    """Says whether a row of the file turned out to be wrong."""
    rows = CreditEvent.objects.filter(agency_id=line.agency_id, points__lt=0, happened_at__lte=line.list.as_of)
    rows = rows.filter(published_at__lte=line.list.as_of, expires_at__gt=line.list.as_of, corrections=None)
    rows = rows.exclude(kind__in=DECIDED_IN_CASES | OTHERWISE).filter(objection=None, told_by=None)
    wrong = rows.order_by("pk").first()
    if wrong is None:
        return False
    row = appeals.object_to(event_id=wrong.pk, grounds=GROUNDS, by=by)
    yield max(row.heard_by, clock.now()) + timedelta(hours=10)
    appeals.decide_appeal(appeal_id=row.pk, upheld=True, reasons=PUT_RIGHT, by=bench.sol)
    return True
