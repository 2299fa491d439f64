"""Scores from tallies: one row more costs the same in a file of ten rows and in one of a million.

`rescore` brings one agency's tally up to now; `rescore_all` makes every tally anew in one statement, for a day when
the rules change. Both say what `rules.score.score` says of the same rows; the tests hold them to it.
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from agencies import selectors as agency_selectors
from agencies import services as agencies
from core import clock, rulesets
from core.locks import alone
from core.rulesets import Rules
from ratings.models import CreditEvent
from ratings.models import Tally as Kept
from ratings.rules import points as weights
from ratings.rules import tally as tallies
from ratings.rules.score import Parameters
from ratings.rules.tally import Tally, Total

# A row is ended by a correction or repair that no correction has taken back; corrections themselves are final.
# Asked with HAVING: of an anti-join (WHERE d.id IS NULL) PostgreSQL expects one row to be left, and then compares
# every row of every file with every correction there is.
EVERYBODY = """
WITH standing AS (
  SELECT c.corrects_id, c.kind
  FROM ratings_creditevent c LEFT JOIN ratings_creditevent d ON d.corrects_id = c.id AND d.happened_at <= %(now)s
  WHERE c.corrects_id IS NOT NULL AND c.happened_at <= %(now)s
  GROUP BY c.id HAVING bool_and(d.id IS NULL)
), ended AS (
  SELECT corrects_id AS id, bool_or(kind <> 'repair') AS corrected FROM standing GROUP BY corrects_id
), by_year AS (
  SELECT e.agency_id, extract(year FROM e.happened_at AT TIME ZONE 'Asia/Shanghai')::int AS year,
    sum(e.points) FILTER (WHERE e.points < 0 AND x.id IS NULL AND (e.expires_at > %(now)s) IS NOT FALSE) AS deducted,
    sum(e.points) FILTER (WHERE e.points > 0 AND x.id IS NULL AND (e.expires_at > %(now)s) IS NOT FALSE) AS added,
    count(*) FILTER (WHERE (e.points <> 0 OR e.kind = ANY (%(proving)s)) AND x.corrected IS NOT TRUE) AS proving,
    min(e.expires_at) FILTER (WHERE e.points <> 0 AND x.id IS NULL AND e.expires_at > %(now)s) AS next_expiry,
    max(e.id) AS last_event, bool_or(e.happened_at > %(now)s) AS ahead
  FROM ratings_creditevent e LEFT JOIN ended x ON x.id = e.id
  GROUP BY e.agency_id, year
)
INSERT INTO ratings_tally (agency_id, as_of, last_event, deducted, added, proving, next_expiry, rules_ref)
SELECT agency_id, %(now)s, max(last_event), coalesce(sum(deducted), 0),
  coalesce(jsonb_object_agg(year::text, added::text) FILTER (WHERE added > 0), '{}'), sum(proving),
  min(next_expiry), %(ref)s
FROM by_year GROUP BY agency_id HAVING NOT bool_or(ahead)
ON CONFLICT (agency_id) DO UPDATE SET as_of = excluded.as_of, last_event = excluded.last_event,
  deducted = excluded.deducted, added = excluded.added, proving = excluded.proving,
  next_expiry = excluded.next_expiry, rules_ref = excluded.rules_ref
"""


@transaction.atomic(savepoint=False)
def rescore(*, agency_id: int, rules: Rules | None = None) -> Total:
    """The score as of now, told to the agency's standing. Whoever calls holds the file (`one_writer`) or repeats it.

    `rules`: the rule set "credit" in force now, from a caller who has just read it.
    """
    now, rules = clock.now(), rules or rulesets.current("credit")
    parameters = weights.parameters(rules.parameters)
    kept = Kept.objects.select_for_update().filter(pk=agency_id).first()
    moved = _moved(kept, parameters, now) if kept and kept.rules_ref == rules.ref and kept.as_of <= now else None
    current, last = moved or _from_rows(agency_id, parameters, now)
    if last is not None:
        _keep(agency_id, current, last, rules, kept is None)
    found = tallies.total(current, parameters)
    _tell(agency_id, found, rules, now)
    return found


@transaction.atomic
def tally_all() -> int:
    """Make every tally anew from the rows; returns how many there are."""
    rules = rulesets.current("credit")
    values: dict[str, Any] = {"now": clock.now(), "ref": rules.ref, "proving": list(rules["proving"])}
    with connection.cursor() as cursor:
        cursor.execute(EVERYBODY, values)
        return int(cursor.rowcount)


def rescore_all() -> int:
    """Make every tally anew and score whoever differs again, one at a time; returns how many did."""
    tally_all()
    rules, told = rulesets.current("credit"), 0
    parameters = weights.parameters(rules.parameters)
    kept = {row.pk: tallies.total(_plain(row), parameters) for row in Kept.objects.filter(rules_ref=rules.ref)}
    for agency_id, standing in sorted(agency_selectors.scores().items()):
        found = kept.get(agency_id)
        same = standing == (_shown(found), found.grade, rules.ref) if found else not standing[2]
        if not same:
            with transaction.atomic():
                one_writer(agency_id)
                rescore(agency_id=agency_id, rules=rules)
            told += 1
    return told


def one_writer(agency_id: int) -> None:
    """Whoever writes into a file waits for the one before, so that no score misses a row."""
    alone(f"credit-file:{agency_id}")


def _tell(agency_id: int, found: Total, rules: Rules, at: datetime) -> None:
    agencies.set_score(agency_id=agency_id, score=_shown(found), grade=found.grade, rules_ref=rules.ref, at=at)


def _shown(found: Total) -> Decimal | None:
    return None if found.newcomer else found.total


def _moved(kept: Kept, parameters: Parameters, now: datetime) -> tuple[Tally, int] | None:
    """What was kept, brought up to now by what expired and what came; None when only the rows can tell."""
    current = replace(_plain(kept), as_of=now)
    known = CreditEvent.objects.filter(agency_id=kept.pk, pk__lte=kept.last_event)
    if current.next_expiry and current.next_expiry <= now:
        for row in _counting(known, kept.last_event).filter(expires_at__gt=kept.as_of, expires_at__lte=now):
            current = tallies.uncount(current, row.happening)
        current = replace(current, next_expiry=_next_expiry(known, now))
    last = kept.last_event
    for row in CreditEvent.objects.filter(agency_id=kept.pk, pk__gt=kept.last_event).order_by("pk"):
        if row.happened_at > now or row.corrects_id:
            return None
        current, last = tallies.prove(tallies.count(current, row.happening), row.happening, parameters), row.pk
    return current, last


def _counting(known: "QuerySet[CreditEvent]", last: int) -> "QuerySet[CreditEvent]":
    """Rows with points that nothing up to row `last` has ended."""
    back = CreditEvent.objects.filter(corrects=OuterRef("pk"), pk__lte=last)
    ending = CreditEvent.objects.filter(corrects=OuterRef("pk"), pk__lte=last).exclude(Exists(back))
    return known.exclude(points=0).exclude(Exists(ending))


def _next_expiry(known: "QuerySet[CreditEvent]", now: datetime) -> datetime | None:
    due = known.exclude(points=0).filter(expires_at__gt=now).order_by("expires_at")
    return due.values_list("expires_at", flat=True).first()


def _from_rows(agency_id: int, parameters: Parameters, now: datetime) -> tuple[Tally, int | None]:
    """From the whole file; without a number to go on from when a row lies ahead of now."""
    rows = list(CreditEvent.objects.filter(agency_id=agency_id))
    ahead = any(row.happened_at > now for row in rows)
    made = tallies.tally([row.happening for row in rows], parameters, now)
    return made, None if ahead else max((row.pk for row in rows), default=0)


def _plain(kept: Kept) -> Tally:
    added = {int(year): Decimal(points) for year, points in kept.added.items()}
    return Tally(kept.as_of, kept.deducted, added, kept.proving, kept.next_expiry)


def _keep(agency_id: int, current: Tally, last: int, rules: Rules, new: bool) -> None:  # noqa: FBT001
    values = {
        "as_of": current.as_of,
        "last_event": last,
        "deducted": current.deducted,
        "added": {str(year): str(points) for year, points in current.added.items() if points},
        "proving": current.proving,
        "next_expiry": current.next_expiry,
        "rules_ref": rules.ref,
    }
    if new:
        Kept.objects.update_or_create(pk=agency_id, defaults=values)
    else:
        Kept.objects.filter(pk=agency_id).update(**values)
