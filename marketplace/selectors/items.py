"""Reading the catalogue: which version of an item is in force, and the list as people browse it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from core import clock
from marketplace.models import RUNNING, Need, ServiceItem


@dataclass(frozen=True)
class CatalogueFilters:
    """Empty means "any". `shows`: "" in force, "cancelled", "all"."""

    q: str = ""
    category: str = ""
    payer: str = ""
    self_service: bool = False
    licensed: bool = False
    shows: str = ""


def current(at: datetime | None = None) -> QuerySet[ServiceItem]:
    """The version of every item that holds at a moment (default now), cancelled items included."""
    at = at or clock.now()
    later = ServiceItem.objects.filter(code=OuterRef("code"), version__gt=OuterRef("version"), effective_from__lte=at)
    return ServiceItem.objects.filter(~Exists(later), effective_from__lte=at).order_by("category_code", "code")


def items(effective_at: datetime | None = None) -> QuerySet[ServiceItem]:
    """The items that may be asked for at a moment (default now), in the order of the catalogue."""
    at = effective_at or clock.now()
    return current(at).filter(Q(cancelled_at=None) | Q(cancelled_at__gt=at))


def item(code: str, at: datetime | None = None) -> ServiceItem | None:
    """The version of an item that holds now; also when it has been cancelled. None when there is no such code."""
    return current(at).filter(code=code).first()


def versions(code: str) -> QuerySet[ServiceItem]:
    """All versions of an item, the newest first."""
    return ServiceItem.objects.filter(code=code).order_by("-version")


def catalogue(filters: CatalogueFilters) -> QuerySet[ServiceItem]:
    found = current()
    if filters.shows != "all":
        found = found.filter(cancelled_at__isnull=filters.shows != "cancelled")
    if filters.category:
        found = found.filter(category_code=filters.category)
    if filters.payer:
        found = found.filter(payer=filters.payer)
    if filters.self_service:
        found = found.filter(self_service_allowed=True)
    if filters.licensed:
        found = found.exclude(licence_kind="")
    return found.filter(_matches(filters.q)) if filters.q else found


def _matches(q: str) -> Q:
    names = Q(name_zh__icontains=q) | Q(name_en__icontains=q) | Q(code__startswith=q)
    return names | Q(approval_zh__icontains=q) | Q(legal_basis_zh__icontains=q) | Q(licence_kind__icontains=q)


def categories() -> list[ServiceItem]:
    """One item per category, for its code and names."""
    return list(ServiceItem.objects.order_by("category_code", "code").distinct("category_code"))


def open_counts() -> dict[str, int]:
    """How many needs are open for entry per item code."""
    rows = Need.objects.filter(RUNNING, entry_closes_at__gt=clock.now()).values_list("item__code")
    return dict(rows.annotate(n=Count("pk")).order_by())
