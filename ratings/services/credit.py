"""The credit file: one row per cause, never changed, and the score that follows from the rows."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from core import clock, rulesets, workdays
from core.audit import SYSTEM, By, record
from core.rulesets import Rules
from ratings import errors
from ratings.models import CreditEvent
from ratings.rules import points as weights
from ratings.rules.score import REPAIR
from ratings.services.tally import one_writer, rescore

EVERY_DAY = workdays.WorkCalendar({})


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
    legal_basis: str = "",
    kept: str = "",
    by: By = SYSTEM,
) -> CreditEvent:
    """Write an event once per `source_key` and score the agency anew; told again, nothing changes.

    `times`: working days late and the like, multiplied with the kind's points. `points` overrides the rule set's
    figure for kinds whose points depend on what happened, `kept` its class, which says how long it counts. `source`:
    path of the public page it comes from. `legal_basis`: empty where the platform's own rule set is the ground. `by`:
    whoever brings the row into the file; its organisation never decides an objection to it. A row is published as it
    is written, at no other moment: that is why a day that is over stays as it was.
    """
    one_writer(agency_id)
    existing = CreditEvent.objects.filter(source_key=source_key).first()
    if existing:
        return existing
    now, rules = clock.now(), rules_of(kind)
    weight = weights.weigh(kind, rules.parameters, times=times)
    value = weight.points if points is None else points
    kept = kept or ("addition" if value > 0 else "minor" if value < 0 and weight.kept == "neutral" else weight.kept)
    happened = happened_at or now
    event = CreditEvent.objects.create(
        agency_id=agency_id,
        kind=kind,
        points=value,
        summary=dict(summary),
        source=source,
        source_key=source_key,
        legal_basis=legal_basis.strip()[:300],
        happened_at=happened,
        published_at=max(now, happened),
        expires_at=_expiry(rules["keep"][kept], happened),
        rules_ref=rules.ref,
        told_by_id=by.org_id,
    )
    rescore(agency_id=agency_id, rules=None if rules.name == "conduct" else rules)
    return event


def _expiry(kept: Mapping[str, Any], happened: datetime) -> datetime:
    """When a row stops counting; the calendar is read only where working days are meant."""
    limit = workdays.Limit.of(kept)
    return limit.end(happened, workdays.load() if limit.unit == "working_days" else EVERY_DAY)


def rules_of(kind: str) -> Rules:
    """The rule set in force now that knows this kind: `conduct` for what supervision leaves, else `credit`."""
    conduct = rulesets.current("conduct")
    return conduct if kind in conduct["events"] else rulesets.current("credit")


@transaction.atomic
def correct(*, event_id: int, reason: str, source: str, by: By) -> CreditEvent:
    """Take an event back with a new row that names it; both stay readable. Correcting twice changes nothing.

    A corrected repair makes the row it ended count again. Raises credit.correction_final.
    """
    row = {"kind": "correction", "source_key": f"correction:{event_id}", "source": source}
    return _end(event_id, row, reason, by)


@transaction.atomic
def repair(*, event_id: int, source_key: str, reason: str, source: str, by: By) -> CreditEvent:
    """End the effect of a row that was right: from now on it does not count. `correct` on the repair restores it."""
    return _end(event_id, {"kind": REPAIR, "source_key": source_key, "source": source}, reason, by)


def _end(event_id: int, row: dict[str, str], reason: str, by: By) -> CreditEvent:
    wrong = CreditEvent.objects.get(pk=event_id)
    if wrong.kind == "correction":
        raise errors.CORRECTION_FINAL()
    one_writer(wrong.agency_id)
    now, rules = clock.now(), rulesets.current("credit")
    defaults = {
        **row,
        "agency_id": wrong.agency_id,
        "points": Decimal(0),
        "summary": {"reason": reason},
        "happened_at": now,
        "published_at": now,
        "rules_ref": rules.ref,
        "corrects": wrong,
        "told_by_id": by.org_id,
    }
    made, new = CreditEvent.objects.get_or_create(source_key=row["source_key"], defaults=defaults)
    if new:
        action = "repaired" if made.kind == REPAIR else "corrected"
        record(stream=f"credit:{wrong.agency_id}", action=action, by=by, reason=reason, data={"event": event_id})
        rescore(agency_id=wrong.agency_id)
    return made
