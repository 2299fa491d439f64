"""Reading results used in approvals, and what regulators said of them."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts import selectors as accounts
from core.audit import By
from ratings.models import ApprovalUse
from ratings.selectors.appeals import Supervisors, uninvolved

REPORTED = Q(heard_by__isnull=False)
# A report that was not confirmed says nothing about anybody, and is nobody's business but its sides'.
PUBLIC = ~REPORTED | Q(verdict__confirmed=True)


def uses() -> QuerySet[ApprovalUse]:
    """All, newest first."""
    return ApprovalUse.objects.select_related(
        "contract__award__need",
        "contract__buyer",
        "contract__supplier__organisation",
        "by_org",
        "rating__by_org",
        "answer__evidence",
        "verdict__by_org",
    )


def uses_by(org_id: int | None) -> QuerySet[ApprovalUse]:
    """What one organisation wrote down."""
    return uses().filter(by_org_id=org_id)


def use(pk: int) -> ApprovalUse:
    """Raises ApprovalUse.DoesNotExist."""
    return uses().get(pk=pk)


def uses_of_agency(agency_id: int, as_of: datetime) -> QuerySet[ApprovalUse]:
    """What the public may know of at that moment."""
    known = ~REPORTED | Q(verdict__confirmed=True, verdict__decided_at__lte=as_of)
    rows = ApprovalUse.objects.select_related("contract__award__need", "rating")
    return rows.filter(known, contract__supplier_id=agency_id, used_at__lte=as_of)


def unrated() -> QuerySet[ApprovalUse]:
    """What still waits for a regulator's rating or verdict, the most urgent first."""
    return uses().filter(Q(heard_by=None, rating=None) | Q(REPORTED, verdict=None)).order_by("rate_by", "pk")


def uses_told_since(since: datetime) -> QuerySet[ApprovalUse]:
    """Uses that wait for a rating, overdue ones too, and those rated after a moment."""
    return uses().filter(Q(rating=None) | Q(rating__rated_at__gt=since), heard_by=None).order_by("pk")


def reports_told_since(since: datetime) -> QuerySet[ApprovalUse]:
    """Reports of bad quality open now or decided after a moment."""
    return uses().filter(REPORTED, Q(verdict=None) | Q(verdict__decided_at__gt=since)).order_by("pk")


def standing_reports(contract_id: int) -> QuerySet[ApprovalUse]:
    """Reports about one contract that are being heard or were confirmed, those booked under older rules included."""
    rows = ApprovalUse.objects.filter(contract_id=contract_id, outcome=ApprovalUse.Outcome.REJECTED)
    return rows.exclude(verdict__confirmed=False)


def parties_of(row: ApprovalUse) -> frozenset[int]:
    """Whose matter a use is: the contract's two sides and, once it is a report, whoever reported."""
    sides = {row.contract.buyer_id, row.contract.supplier_id}
    return frozenset(sides | {row.by_org_id}) if row.reported else frozenset(sides)


def tied(by: By, organisations: Collection[int], related: Collection[int] = ()) -> bool:
    """Does the person act for, belong to, or by declaration have a tie to one of these? `related`: such ties."""
    if by.user_id is None or by.org_id in organisations or set(organisations) & set(related):
        return True
    return any(accounts.members(one).filter(user_id=by.user_id).exists() for one in organisations)


def rater_of(row: ApprovalUse, among: Supervisors | None = None) -> int | None:
    """The regulator whose clock runs."""
    return uninvolved(("regulator",), parties_of(row), among)
