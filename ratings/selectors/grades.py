"""Reading yearly grades: what is due, the lists with their lines, and what many files gave on a day that is over."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from agencies.models import Agency
from core import rulesets
from core.rulesets import Rules
from core.workdays import LOCAL
from ratings.models import Appeal, CreditEvent, GradeLine, GradeList, key_of
from ratings.rules.points import parameters
from ratings.rules.score import REPAIR, Happening, Score, put_right, score
from ratings.selectors.files import known

RULES = "grading"
# What the rule reads of a row.
FIELDS = ("agency_id", "pk", "kind", "points", "happened_at", "expires_at", "corrects_id")
NONE = "none"  # how a filter asks for those that were not graded
BEST_FIRST = (F("score").desc(nulls_last=True), "pk")
OPEN = Q(objection__isnull=False, objection__decision=None)


def new_year(year: int) -> datetime:
    """The moment a year begins, Beijing time."""
    return datetime(year, 1, 1, tzinfo=LOCAL)


def end_of(year: int) -> datetime:
    """The last moment of a year."""
    return new_year(year + 1) - timedelta(microseconds=1)


def years_due(now: datetime) -> list[int]:
    """Years that are over and have no list yet, the oldest first: since there are rules for it, and agencies."""
    first = rulesets.history(RULES)[-1].since.astimezone(LOCAL).year - 1
    proposed = set(GradeList.objects.values_list("year", flat=True))
    years = (year for year in range(first, now.astimezone(LOCAL).year) if year not in proposed)
    return [year for year in years if _there(end_of(year)).exists()]


def rules_at(moment: datetime) -> Rules:
    """The rules of this procedure at a moment; before there were any, the first."""
    history = rulesets.history(RULES)
    return next((one.rules for one in history if one.since <= moment), history[-1].rules)


def to_grade(as_of: datetime) -> list[int]:
    """Agencies that were on the platform at a moment."""
    return list(_there(as_of).order_by("pk").values_list("pk", flat=True))


def _there(as_of: datetime) -> QuerySet[Agency]:
    return Agency.objects.filter(Q(left_at=None) | Q(left_at__gt=as_of), committed_at__lte=as_of)


def scores(agency_ids: Collection[int], as_of: datetime, rules: Rules) -> dict[int, Score]:
    """Of each of these agencies what its file gave at a moment: one query, and the rule itself for every file."""
    files: dict[int, list[Happening]] = defaultdict(list)
    rows = known(as_of).filter(agency_id__in=agency_ids).order_by().values_list(*FIELDS)
    for agency_id, pk, kind, points, happened, expires, corrects in rows:
        named = key_of(corrects) if corrects else ""
        files[agency_id].append(Happening(key_of(pk), kind, points, happened, expires, named))
    by = parameters(rules.parameters)
    return {agency_id: score(files[agency_id], by, as_of) for agency_id in agency_ids}


def put_right_score(agency_id: int, as_of: datetime, rules: Rules, until: datetime) -> Score:
    """The same of one agency, without what was found wrong up to a later moment."""
    held = [row.happening for row in known(as_of).filter(agency_id=agency_id)]
    later = [row.happening for row in corrections(agency_id, as_of, until)]
    return score(put_right(held, later, as_of), parameters(rules.parameters), as_of)


def corrections(agency_id: int, as_of: datetime, until: datetime) -> QuerySet[CreditEvent]:
    """What was found wrong, after a moment and up to a later one, of what the file held at that moment."""
    rows = CreditEvent.objects.filter(agency_id=agency_id, kind="correction", happened_at__gt=as_of)
    rows = rows.filter(happened_at__lte=until, corrects__in=known(as_of)).exclude(corrects__kind=REPAIR)
    return rows.select_related("corrects").order_by("happened_at", "pk")


def lists() -> QuerySet[GradeList]:
    """Every list, the newest first."""
    return GradeList.objects.select_related("publication", "by_org").order_by("-year")


def public_lists() -> QuerySet[GradeList]:
    """Those that are public, or were and are final now."""
    return lists().exclude(public_from=None)


def lines(row: GradeList, grade: str = "", q: str = "") -> QuerySet[GradeLine]:
    """The lines that stand, the best first. `grade`: a letter, "none" or "" for all; `q`: part of a name, or a code."""
    found = _standing(row)
    if grade:
        found = found.filter(grade="" if grade == NONE else grade)
    if q:
        agency = Q(agency__organisation__name__icontains=q) | Q(agency__organisation__credit_code=q.upper())
        found = found.filter(agency)
    return found.order_by(*BEST_FIRST)


def shown(lines: Iterable[GradeLine]) -> QuerySet[GradeLine]:
    """These lines with all a row of the list says; found first and joined then, so that a late page costs no more."""
    rows = GradeLine.objects.filter(pk__in=[line.pk for line in lines])
    rows = rows.select_related("agency__organisation", "list__publication", "objection__decision")
    return rows.select_related("replaces__objection__decision").order_by(*BEST_FIRST)


def lines_after(row: GradeList, pk: int) -> QuerySet[GradeLine]:
    """The lines that stand, in the order they were written, behind one."""
    return _standing(row).filter(pk__gt=pk).select_related("list").order_by("pk")


def counts(row: GradeList) -> dict[str, int]:
    """Grade -> how many agencies."""
    return dict(_standing(row).order_by().values_list("grade").annotate(Count("pk")))


def by_grade(row: GradeList) -> dict[str, list[int]]:
    """Grade -> which agencies."""
    found: dict[str, list[int]] = defaultdict(list)
    for grade, agency_id in _standing(row).values_list("grade", "agency_id"):
        found[grade].append(agency_id)
    return found


def _standing(row: GradeList) -> QuerySet[GradeLine]:
    """Said with NOT IN: of an anti-join PostgreSQL expects one row to be left, and plans for that."""
    replaced = GradeLine.objects.filter(list=row, replaces__isnull=False).values("replaces")
    return GradeLine.objects.filter(list=row).exclude(pk__in=replaced)


def history_of_line(year: int, agency_id: int) -> Sequence[GradeLine]:
    """The line of an agency as it was proposed and, after an upheld objection, the one that replaced it."""
    rows = GradeLine.objects.filter(list__year=year, agency_id=agency_id).exclude(list__public_from=None)
    rows = rows.select_related("list__publication", "agency__organisation", "objection__decision__by_org")
    return list(rows.order_by("pk"))


def grades_of(agency_id: int, as_of: datetime) -> QuerySet[GradeLine]:
    """Published yearly grades of an agency, the newest first."""
    rows = GradeLine.objects.filter(agency_id=agency_id, replacement=None, list__publication__at__lte=as_of)
    return rows.select_related("list__publication").order_by("-list__year")


def in_publicity(agency_id: int, now: datetime) -> QuerySet[GradeLine]:
    """Lines of an agency it may still object to."""
    rows = GradeLine.objects.filter(agency_id=agency_id, replaces=None, list__objections_until__gt=now, objection=None)
    return rows.select_related("list")


def open_objections(row: GradeList) -> int:
    return GradeLine.objects.filter(OPEN, list=row).count()


def objections(row: GradeList) -> QuerySet[Appeal]:
    """Against lines of a list: those that wait in front, then what was decided last."""
    rows = Appeal.objects.filter(line__list=row).select_related("by_org", "decision")
    return rows.order_by(F("decision__decided_at").desc(nulls_first=True), "decide_by", "pk")


def settled_at(row: GradeList) -> datetime | None:
    """Since when nothing is left but to publish: the publicity is over and the last objection decided."""
    if row.objections_until is None or open_objections(row):
        return None
    decided = Appeal.objects.filter(line__list=row).order_by("-decision__decided_at")
    last = decided.values_list("decision__decided_at", flat=True).first()
    return max(row.objections_until, last) if last else row.objections_until
