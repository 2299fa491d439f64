"""The yearly grade: proposed for a year that is over, public for a while, published when nothing is left to decide.

A grade is never typed in: every line comes from the rows of a file, by the rule that scores it on any other day.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from accounts import selectors as accounts
from accounts.errors import NOT_YOURS
from accounts.models import Organisation
from agencies import services as agencies
from core import clock, outbox, rulesets, workdays
from core.audit import SYSTEM, By, record
from core.rulesets import Rules
from core.workdays import LOCAL
from ratings import errors
from ratings.events import GradesListed, GradesProposed, GradesPublished
from ratings.models import GradeLine, GradeList, GradePublication
from ratings.rules.score import Score
from ratings.selectors import grades as seen
from ratings.services.certificate import hash_of

BATCH = 500


@transaction.atomic
def propose_grades(*, year: int, by: By) -> GradeList:
    """The operator has a year that is over graded, once. A job computes the lines and begins the publicity.

    Raises access.not_yours, grade.year_not_over, .proposed, .nobody.
    """
    user_id, org_id = _operator(by)
    now = clock.now()
    if year >= now.astimezone(LOCAL).year:
        raise errors.GRADE_NOT_OVER(year=year)
    if GradeList.objects.filter(year=year).exists():
        raise errors.GRADE_PROPOSED(year=year)
    if year not in seen.years_due(now):
        raise errors.GRADE_NOBODY(year=year)
    as_of = seen.end_of(year)
    row = GradeList.objects.create(
        year=year,
        as_of=as_of,
        credit_rules=rulesets.current("credit", as_of).ref,
        rules_ref=seen.rules_at(now).ref,
        by_user_id=user_id,
        by_org_id=org_id,
        proposed_at=now,
    )
    record(stream=f"grades:{year}", action="proposed", by=by, data={"rules": row.rules_ref, "credit": row.credit_rules})
    outbox.emit(GradesProposed(row.pk))
    return row


@transaction.atomic
def compute_grades(*, list_id: int) -> None:
    """Every line of a list, and with the last of them the publicity begins. Told again, nothing changes."""
    row = _locked(list_id)
    if row.public_from is not None:
        return
    rules, now = rulesets.by_ref(row.credit_rules), clock.now()
    for lines in _lines(row, rules, now):
        GradeLine.objects.bulk_create(lines)
    publicity = workdays.Limit.of(rulesets.by_ref(row.rules_ref)["publicity"])
    row.public_from, row.objections_until = now, publicity.end(now, workdays.load())
    row.save(update_fields=["public_from", "objections_until"])
    record(stream=f"grades:{row.year}", action="listed", by=SYSTEM, data={"grades": seen.counts(row)})
    outbox.emit(GradesListed(row.pk))


def _lines(row: GradeList, rules: Rules, now: datetime) -> Iterator[list[GradeLine]]:
    """Some files at a time, so that many agencies need no more memory than a few."""
    agency_ids = seen.to_grade(row.as_of)
    for start in range(0, len(agency_ids), BATCH):
        found = seen.scores(agency_ids[start : start + BATCH], row.as_of, rules)
        yield [_line(row, agency_id, one, now, row.as_of) for agency_id, one in found.items()]


def _line(row: GradeList, agency_id: int, found: Score, now: datetime, until: datetime) -> GradeLine:
    return GradeLine(
        list=row,
        agency_id=agency_id,
        score=None if found.newcomer else found.total,
        grade=found.grade,
        lines_hash=hash_of(agency_id, found, as_of=row.as_of, rules_ref=row.credit_rules),
        put_right_until=until,
        computed_at=now,
    )


def anew(line: GradeLine, now: datetime) -> GradeLine:
    """What the file of that day gives with everything put right by now; not saved."""
    row = line.list
    found = seen.put_right_score(line.agency_id, row.as_of, rulesets.by_ref(row.credit_rules), now)
    made = _line(row, line.agency_id, found, now, now)
    made.replaces = line
    return made


@transaction.atomic
def publish_grades(*, year: int, by: By) -> GradePublication:
    """The operator makes the grades of a year final, after the publicity and every decision.

    Raises access.not_yours, grade.published, .not_public, .publicity, .objections_open, GradeList.DoesNotExist.
    """
    user_id, org_id = _operator(by)
    row = _locked(GradeList.objects.get(year=year).pk)
    now = clock.now()
    if GradePublication.objects.filter(list=row).exists():
        raise errors.GRADE_PUBLISHED(year=year)
    if row.objections_until is None:
        raise errors.GRADE_NOT_PUBLIC()
    if now < row.objections_until:
        raise errors.GRADE_PUBLICITY(until=f"{row.objections_until.astimezone(LOCAL):%Y-%m-%d %H:%M}")
    if waiting := seen.open_objections(row):
        raise errors.GRADE_OBJECTIONS_OPEN(n=waiting)
    published = GradePublication.objects.create(list=row, by_user_id=user_id, by_org_id=org_id, at=now)
    agencies.set_year_grades(year=year, grades=seen.by_grade(row))
    record(stream=f"grades:{year}", action="published", by=by, data={"grades": seen.counts(row)})
    outbox.emit(GradesPublished(row.pk))
    return published


def _operator(by: By) -> tuple[int, int]:
    """Whoever acts for the operator. Raises access.not_yours for everybody else."""
    if by.user_id is None or by.org_id is None or accounts.organisation(by.org_id).kind != Organisation.Kind.OPERATOR:
        raise NOT_YOURS()
    return by.user_id, by.org_id


def _locked(list_id: int) -> GradeList:
    """The list, held against those who object, decide or publish at the same time."""
    return GradeList.objects.select_for_update().get(pk=list_id)
