"""The credit file: one row per cause, never changed, and the score that follows from the rows."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from agencies import services as agencies
from core import clock, rulesets, workdays
from core.audit import By, record
from ratings.models import CreditEvent
from ratings.rules import points as weights
from ratings.rules.score import Happening, Score, score


@transaction.atomic
def record_credit(
    *,
    agency_id: int,
    kind: str,
    source: str,
    source_key: str,
    summary: Mapping[str, Any],
    happened_at: datetime | None = None,
    times: int = 1,
    points: Decimal | None = None,
) -> CreditEvent:
    """Write an event once per `source_key` and score the agency anew; told again, nothing changes.

    `times`: working days late and the like, multiplied with the kind's points. `points` overrides the rule set's
    figure for kinds whose points depend on what happened. `source`: path of the public page it comes from.
    """
    one_writer(agency_id)
    existing = CreditEvent.objects.filter(source_key=source_key).first()
    if existing:
        return existing
    now, rules = clock.now(), rulesets.current("credit")
    weight = weights.weigh(kind, rules.parameters, times=times)
    value = weight.points if points is None else points
    kept = "addition" if value > 0 else "minor" if value < 0 and weight.kept == "neutral" else weight.kept
    happened = happened_at or now
    event = CreditEvent.objects.create(
        agency_id=agency_id,
        kind=kind,
        points=value,
        summary=dict(summary),
        source=source,
        source_key=source_key,
        happened_at=happened,
        expires_at=workdays.Limit.of(rules["keep"][kept]).end(happened, workdays.load()),
        rules_ref=rules.ref,
    )
    rescore(agency_id=agency_id)
    return event


@transaction.atomic
def correct(*, event_id: int, reason: str, source: str, by: By) -> CreditEvent:
    """Take an event back with a new row that names it; both stay readable. Correcting twice changes nothing."""
    wrong = CreditEvent.objects.get(pk=event_id)
    one_writer(wrong.agency_id)
    now, rules = clock.now(), rulesets.current("credit")
    row, new = CreditEvent.objects.get_or_create(
        source_key=f"correction:{event_id}",
        defaults={
            "agency_id": wrong.agency_id,
            "kind": "correction",
            "points": Decimal(0),
            "summary": {"reason": reason},
            "source": source,
            "happened_at": now,
            "rules_ref": rules.ref,
            "corrects": wrong,
        },
    )
    if new:
        record(stream=f"credit:{wrong.agency_id}", action="corrected", by=by, reason=reason, data={"event": event_id})
        rescore(agency_id=wrong.agency_id)
    return row


@transaction.atomic
def rescore(*, agency_id: int) -> Score:
    """Compute the score as of now and tell the agency's standing."""
    now = clock.now()
    rules = rulesets.current("credit")
    result = score(happenings(agency_id), weights.parameters(rules.parameters), now)
    total = None if result.newcomer else result.total
    agencies.set_score(agency_id=agency_id, score=total, grade=result.grade, rules_ref=rules.ref, at=now)
    return result


def happenings(agency_id: int) -> list[Happening]:
    """An agency's rows as the rule takes them."""
    return [row.happening for row in CreditEvent.objects.filter(agency_id=agency_id)]


def one_writer(agency_id: int) -> None:
    """Whoever writes into a file waits for the one before, so that no score misses a row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"credit-file:{agency_id}"])
