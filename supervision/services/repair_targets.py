"""What a repair may be about: a case's measure, a listing, or another restriction; and what repairing it means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from agencies import selectors as agencies
from agencies import services as standing
from agencies.models import Restriction
from core import clock, workdays
from core.audit import By
from core.rulesets import Rules
from core.workdays import Limit
from ratings import services as ratings
from supervision.models import Case, ImportedEntry, Listing, Measure, Repair
from supervision.rules.listings import State
from supervision.services import cases, listings

SEVERITY = {"warned": "minor", "suspended": "general", "restricted": "serious", "removed": "serious"}
OF_MEASURE = {"reminder": "minor", "warning": "minor", "suspension": "general", "removal": "serious"}


@dataclass(frozen=True)
class Target:
    """`ours`: decided on this platform, so repaired here. `reporters`: users who brought the matter up. `case`: what it
    grew from, where there was one.
    """

    kind: str
    pk: int
    agency_id: int
    title: str
    path: str
    severity: str
    published_at: datetime
    ends_at: datetime
    active: bool
    ours: bool = True
    reporters: frozenset[int] = frozenset()
    case: Case | None = None


def of_measure(row: Measure) -> Target:
    case = row.case
    now = clock.now()
    return Target(
        kind="measure",
        pk=row.pk,
        agency_id=case.subject_id,
        title=f"{row.get_kind_display()} · {case.number}",
        path=case.public_path,
        severity=OF_MEASURE[row.kind],
        published_at=case.published_at or row.starts_at,
        ends_at=row.ends_at,
        active=row.starts_at <= now < row.ends_at and not hasattr(row, "end"),
        reporters=frozenset({case.opened_user_id} - {None}),  # type: ignore[arg-type]
        case=case,
    )


def of_listing(row: Listing) -> Target:
    now = clock.now()
    return Target(
        kind="listing",
        pk=row.pk,
        agency_id=row.subject_id,
        title=row.number,
        path=row.public_path,
        severity=row.severity,
        published_at=row.listed_at or now,
        ends_at=row.ends_at or now,
        active=row.state == State.LISTED,
        reporters=frozenset({row.opened_user_id, row.case.opened_user_id} - {None}),  # type: ignore[arg-type]
        case=row.case,
    )


def of_restriction(row: Restriction) -> Target:
    now = clock.now()
    return Target(
        kind="restriction",
        pk=row.pk,
        agency_id=row.agency_id,
        title=f"{row.get_kind_display()} · {row.ground}",
        path=row.source,
        severity=SEVERITY[row.kind],
        published_at=row.starts_at,
        ends_at=row.ends_at,
        active=row.lifted_at is None and row.starts_at <= now < row.ends_at and not _told_by_another(row.pk),
        ours=not ImportedEntry.objects.filter(restriction=row.pk).exists(),
    )


def _told_by_another(restriction: int) -> bool:
    """Is it what a measure or a listing is felt by? Then that is repaired, with all that hangs on it."""
    measures, entries = Measure.objects.filter(restriction=restriction), Listing.objects.filter(restriction=restriction)
    return measures.exists() or entries.exists()


def find(kind: str, pk: int) -> Target | None:
    """None where there is no such thing."""
    if kind == "measure":
        measure = Measure.objects.select_related("case", "end").filter(pk=pk).first()
        return of_measure(measure) if measure else None
    if kind == "listing":
        listing = Listing.objects.select_related("case").filter(pk=pk).first()
        return of_listing(listing) if listing else None
    restriction = Restriction.objects.filter(pk=pk).first() if kind == "restriction" else None
    return of_restriction(restriction) if restriction else None


def of_repair(repair: Repair) -> Target:
    """What an application is about."""
    for kind, pk in (("measure", repair.measure_id), ("listing", repair.listing_id)):
        if pk is not None:
            found = find(kind, pk)
            break
    else:
        found = find("restriction", repair.restriction_id or 0)
    if found is None:
        raise ValueError(f"repair {repair.pk} is about nothing")
    return found


def of_agency(agency_id: int) -> list[Target]:
    """Everything that weighs on an agency now, each thing once: what a measure or listing does is told by it."""
    measures = Measure.objects.select_related("case", "end").filter(case__subject_id=agency_id, end=None)
    rows = [of_measure(row) for row in measures]
    rows += [
        of_listing(row)
        for row in Listing.objects.select_related("case").filter(subject_id=agency_id, state=State.LISTED)
    ]
    told = {row.restriction for row in measures} | set(
        Listing.objects.filter(subject_id=agency_id).values_list("restriction", flat=True)
    )
    rows += [of_restriction(row) for row in agencies.restrictions(agency_id) if row.pk not in told]
    return [row for row in rows if row.active]


def publicity_ends(target: Target, rules: Rules) -> datetime:
    """From when a repair may be asked for: the least time it has to stay public, by its severity."""
    return Limit.of(rules["publicity"][target.severity]).end(target.published_at, workdays.load())


def lift(target: Target, repair: Repair, reason: str, by: By) -> None:
    """End the effects now, in the caller's transaction."""
    LIFT[target.kind](target, repair, reason, by)


def restore(target: Target, repair: Repair, reason: str, by: By) -> None:
    """The promise was broken: the effects come back for what was left of their term."""
    RESTORE[target.kind](target, repair, reason, by)


def _lift_measure(target: Target, repair: Repair, reason: str, by: By) -> None:
    row = Measure.objects.get(pk=target.pk)
    cases.lift(case_id=row.case_id, reason=reason, by=by)
    _repair_row(_row_of_case(row.case), repair, reason, by)


def _row_of_case(case: Case) -> int | None:
    """The number of the row the decision left in the credit file, as the case itself noted it."""
    told = case.events.filter(kind="enforced", data__credit__isnull=False).order_by("seq").last()
    return int(told.data["credit"]) if told is not None and told.data["credit"] else None


def _lift_listing(target: Target, repair: Repair, reason: str, by: By) -> None:
    row = listings.repaired(listing_id=target.pk, reason=reason, by=by)
    _repair_row(listings.credit_row(row), repair, reason, by)


def _lift_restriction(target: Target, repair: Repair, reason: str, by: By) -> None:
    standing.lift(restriction_id=target.pk, reason=reason, source=repair.public_path, by=by)


def _repair_row(event_id: int | None, repair: Repair, reason: str, by: By) -> int | None:
    """The row in the credit file stops counting, nothing is rubbed out; the number of the repair's own row."""
    if event_id is None:
        return None
    key = f"repair:{repair.pk}"
    return ratings.repair(event_id=event_id, source_key=key, reason=reason[:300], source=repair.public_path, by=by).pk


def _count_again(event_id: int | None, repair: Repair, reason: str, by: By) -> None:
    """What had stopped counting counts again."""
    own = _repair_row(event_id, repair, reason, by)
    if own is not None:
        ratings.correct(event_id=own, reason=reason[:300], source=repair.public_path, by=by)


def _restore_measure(target: Target, repair: Repair, reason: str, by: By) -> None:
    row = Measure.objects.get(pk=target.pk)
    cases.restore(case_id=row.case_id, reason=reason, by=by)
    _count_again(_row_of_case(row.case), repair, reason, by)


def _restore_listing(target: Target, repair: Repair, reason: str, by: By) -> None:
    row = listings.restored(listing_id=target.pk, reason=reason, by=by)
    _count_again(listings.credit_row(row), repair, reason, by)


def _restore_restriction(target: Target, repair: Repair, reason: str, by: By) -> None:
    """A new restriction for what was left when it was lifted."""
    row, now = agencies.restriction(target.pk), clock.now()
    if row.lifted_at is None or row.ends_at <= row.lifted_at:
        return
    standing.restrict(
        agency_id=row.agency_id,
        kind=row.kind,
        starts_at=now,
        ends_at=now + (row.ends_at - row.lifted_at),
        ground=reason,
        source=repair.public_path,
        by=by,
    )


Act = Callable[[Target, Repair, str, By], None]
LIFT: Mapping[str, Act] = {"measure": _lift_measure, "listing": _lift_listing, "restriction": _lift_restriction}
RESTORE: Mapping[str, Act] = {
    "measure": _restore_measure,
    "listing": _restore_listing,
    "restriction": _restore_restriction,
}
