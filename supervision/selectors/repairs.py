"""Reading applications for repair."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from core import rulesets
from core.steps import Step
from supervision.models import Repair, RepairEvent, RepairFile
from supervision.selectors.offices import Offices

PUBLIC = ("granted", "broken")
OWED = {"applied": "check", "supplemented": "check", "accepted": "review", "missing": "supplement"}


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


def history(row: Repair) -> QuerySet[RepairEvent]:
    """Events, oldest first, with who and their files."""
    return row.events.select_related("by_user", "by_org").prefetch_related("files__file").order_by("seq")


def file(pk: int) -> RepairFile:
    """Raises RepairFile.DoesNotExist."""
    return RepairFile.objects.select_related("event__repair", "file").get(pk=pk)


def open_steps(since: datetime) -> Iterator[Step]:
    """What has to be done by when about repairs, by officers and by the agency."""
    # The regulator that answers is the one that decided the matter; without one, the first that touched it.
    rows = RepairEvent.objects.filter(kind__in=OWED).filter(
        Q(repair__state__in=["applied", "incomplete", "complete"]) | Q(repair__events__at__gt=since)
    )
    offices = Offices()
    for event in rows.select_related(
        "repair__agency__organisation", "repair__measure__case", "repair__listing"
    ).distinct():
        row = event.repair
        after = row.events.filter(seq=event.seq + 1).first()
        if after is not None and after.at <= since:
            continue
        owner = row.agency_id if event.kind == "missing" else _office(row, offices)
        if owner is None:
            continue
        limit = rulesets.by_ref(row.rules_ref)[OWED[event.kind]]
        yield Step(
            kind=f"repair.{OWED[event.kind]}",
            reference=f"repair:{row.pk}:{event.seq}",
            owner_org=owner,
            title=f"{row.number} {row.agency.organisation.name}",
            path=row.get_absolute_url() if owner != row.agency_id else f"/agency/repairs/{row.number}/",
            started_at=event.at,
            due_at=event.until or row.due_at or event.at,
            limit=limit,
            closed_at=after.at if after else None,
            respondent=row.agency_id,
        )


def _office(row: Repair, offices: Offices) -> int | None:
    """Whose clock runs: the regulator that brought the matter up, that took the application up, or the nearest."""
    if row.listing is not None:
        return row.listing.opened_org_id
    if row.measure is not None and row.measure.case.opened_org_id:
        return row.measure.case.opened_org_id
    officer = row.events.exclude(by_org=None).exclude(by_org_id=row.agency_id).order_by("seq").first()
    if officer:
        return officer.by_org_id
    return offices.of(row.agency.organisation.region_id, but=row.agency_id)
