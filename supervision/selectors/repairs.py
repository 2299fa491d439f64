"""Reading applications for repair."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from core.rulesets import Rules, Versions
from core.steps import Step
from supervision import ends
from supervision.models import Repair, RepairEvent, RepairFile
from supervision.rules import repairs as rules
from supervision.selectors.offices import Offices

PUBLIC = ("granted", "broken")


def _whole() -> QuerySet[Repair]:
    return Repair.objects.select_related("agency__organisation", "measure__case", "listing", "restriction")


def repair(number: str) -> Repair:
    """Raises Repair.DoesNotExist."""
    return _whole().get(number=number)


def public_repair(number: str) -> Repair:
    """One that was granted, broken later or not. Raises Repair.DoesNotExist."""
    return _whole().get(number=number, state__in=PUBLIC)


def repairs(*, state: str = "") -> QuerySet[Repair]:
    """For officers; those that wait in front."""
    rows = _whole().filter(state=state) if state else _whole()
    return rows.order_by("due_at", "-applied_at", "-pk")


def repairs_of(agency_id: int) -> QuerySet[Repair]:
    return _whole().filter(agency_id=agency_id)


def history(row: Repair) -> list[RepairEvent]:
    """Events, oldest first, with who and their files."""
    rows = row.events.select_related("by_user", "by_org").prefetch_related("files__file").order_by("seq")
    return ends.as_they_stand("repair", row.pk, rows, rules.TERMS)


def file(pk: int) -> RepairFile:
    """Raises RepairFile.DoesNotExist."""
    return RepairFile.objects.select_related("event__repair", "file").get(pk=pk)


def open_steps(since: datetime) -> Iterator[Step]:
    """What has to be done by when about repairs, by officers and by the agency."""
    # The regulator that answers is the one that decided the matter; without one, the first that touched it.
    changed = Q(state__in=["applied", "incomplete", "complete"]) | Q(events__at__gt=since)
    versions, rows = Versions(), list(_whole().filter(changed).distinct().prefetch_related("events"))
    events = {row.pk: list(row.events.all()) for row in rows}
    known, offices = ends.of("repair", events), Offices()
    for row in rows:
        for step in _steps(row, events[row.pk], known, versions[row.rules_ref], offices):
            if step.closed_at is None or step.closed_at > since:
                yield step


def _steps(
    row: Repair, events: Sequence[RepairEvent], known: ends.Ends, limits: Rules, offices: Offices
) -> Iterator[Step]:
    """A step each event has begun; the next event ends it."""
    untils = ends.untils("repair", row.pk, events, rules.TERMS, known)
    for event, after in zip(events, [*events[1:], None], strict=True):
        term, until = rules.TERMS.get(event.kind), untils[event.seq]
        if term is None or until is None:
            continue
        owner = row.agency_id if event.kind == "missing" else _office(row, offices)
        if owner is None:
            continue
        yield Step(
            kind=term.step,
            reference=ends.reference("repair", row.pk, event.seq),
            owner_org=owner,
            title=f"{row.number} {row.agency.organisation.name}",
            path=row.get_absolute_url() if owner != row.agency_id else f"/agency/repairs/{row.number}/",
            started_at=event.at,
            due_at=until,
            limit=limits[term.limit],
            closed_at=after.at if after else None,
            respondent=row.agency_id,
        )


def _office(row: Repair, offices: Offices) -> int | None:
    """Whose clock runs: the regulator that brought the matter up, that took the application up, or the nearest."""
    if row.listing is not None:
        return row.listing.opened_org_id
    if row.measure is not None and row.measure.case.opened_org_id:
        return row.measure.case.opened_org_id
    officer = next((one.by_org_id for one in row.events.all() if one.by_org_id not in (None, row.agency_id)), None)
    return officer or offices.of(row.agency.organisation.region_id, but=row.agency_id)
