"""Reading results used in approvals, and what regulators said of them."""

from datetime import datetime

from django.db.models import Q, QuerySet

from ratings.models import ApprovalUse
from ratings.selectors.appeals import Supervisors, uninvolved


def uses() -> QuerySet[ApprovalUse]:
    """All, newest first."""
    return ApprovalUse.objects.select_related(
        "contract__award__need", "contract__buyer", "contract__supplier__organisation", "by_org", "rating__by_org"
    )


def uses_by(org_id: int | None) -> QuerySet[ApprovalUse]:
    """What one organisation wrote down."""
    return uses().filter(by_org_id=org_id)


def use(pk: int) -> ApprovalUse:
    """Raises ApprovalUse.DoesNotExist."""
    return uses().get(pk=pk)


def uses_of_agency(agency_id: int, as_of: datetime) -> QuerySet[ApprovalUse]:
    return uses().filter(contract__supplier_id=agency_id, used_at__lte=as_of)


def unrated() -> QuerySet[ApprovalUse]:
    """What still waits for a regulator's rating, the most urgent first."""
    return uses().filter(rating=None).order_by("rate_by", "pk")


def uses_told_since(since: datetime) -> QuerySet[ApprovalUse]:
    """Uses that wait for a rating, overdue ones too, and those rated after a moment."""
    return uses().filter(Q(rating=None) | Q(rating__rated_at__gt=since)).order_by("pk")


def rater_of(row: ApprovalUse, among: Supervisors | None = None) -> int | None:
    """The regulator whose clock runs."""
    return uninvolved(("regulator",), frozenset({row.contract.buyer_id, row.contract.supplier_id}), among)
