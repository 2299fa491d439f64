"""Reading appeals: what they are about, who is a side of them, and what waits for a decision."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts import selectors as accounts
from accounts.models import Organisation
from core.audit import By
from ratings.models import Appeal, CreditEvent

OPEN, UPHELD, REJECTED = "open", "upheld", "rejected"
STATES: dict[str, Q] = {
    OPEN: Q(decision=None),
    UPHELD: Q(decision__upheld=True),
    REJECTED: Q(decision__upheld=False),
    "": Q(),
}


def appeals(state: str = OPEN) -> QuerySet[Appeal]:
    """`state`: "open", "upheld", "rejected" or "" for all; what is due first stands first."""
    return _whole().filter(STATES[state]).order_by("decide_by", "pk")


def appeals_of(org_id: int) -> QuerySet[Appeal]:
    """What an organisation has appealed against, newest first."""
    return _whole().filter(by_org_id=org_id).order_by("-filed_at", "-pk")


def appeal(pk: int) -> Appeal:
    """Raises Appeal.DoesNotExist."""
    return _whole().get(pk=pk)


def of_rating(rating_id: int) -> Appeal | None:
    return _whole().filter(rating_id=rating_id).first()


def of_event(event_id: int) -> Appeal | None:
    return _whole().filter(event_id=event_id).first()


def _whole() -> QuerySet[Appeal]:
    return Appeal.objects.select_related(
        "rating__window__contract__award__need",
        "rating__rater",
        "rating__ratee",
        "event__agency__organisation",
        "event__told_by",
        "line__agency__organisation",
        "line__list",
        "line__replacement",
        "by_org",
        "evidence",
        "statement__by_org",
        "decision__by_org",
    )


def other_side(row: Appeal) -> int | None:
    """The organisation that may answer: who rated, or who brought the row into the file."""
    if row.rating is not None:
        return row.rating.rater_id
    return row.event.told_by_id if row.event else None


def sides(row: Appeal) -> frozenset[int]:
    """Every organisation the matter concerns."""
    return frozenset(one for one in (row.by_org_id, other_side(row), about(row)) if one is not None)


def about(row: Appeal) -> int:
    """The organisation that was rated, or whose row or grade it is."""
    if row.rating is not None:
        return row.rating.ratee_id
    return row.event.agency_id if row.event else row.by_org_id


def involved(row: Appeal, by: By, related: Collection[int] = ()) -> bool:
    """Is the person, or the organisation acted for, part of either side? `related`: ties they declared.

    Whoever proposed a list of yearly grades has a part in every line of it.
    """
    if (
        by.user_id is None
        or by.org_id in sides(row)
        or by.user_id in (row.by_user_id, row.line and row.line.list.by_user_id)
        or sides(row).intersection(related)
    ):
        return True
    return any(accounts.members(side).filter(user_id=by.user_id).exists() for side in sides(row))


Supervisors = Mapping[str, Sequence[int]]  # kind -> who is of that kind, the first registered in front


def supervisors() -> Supervisors:
    """Who could decide, for one look over many rows."""
    found: dict[str, list[int]] = {}
    rows = accounts.of_kind(Organisation.Kind.OPERATOR, Organisation.Kind.REGULATOR).order_by("pk")
    for kind, pk in rows.values_list("kind", "pk"):
        found.setdefault(kind, []).append(pk)
    return found


def decider(row: Appeal, among: Supervisors | None = None) -> int | None:
    """The organisation whose clock runs: the operator, or a regulator where the operator is a side itself or has
    proposed what is objected to.
    """
    kinds = ("regulator", "operator") if row.line_id else ("operator", "regulator")
    return uninvolved(kinds, sides(row), among)


def uninvolved(kinds: Iterable[str], parties: frozenset[int], among: Supervisors | None = None) -> int | None:
    """The first organisation of the first kind that has one without part in it."""
    known = supervisors() if among is None else among
    return next((pk for kind in kinds for pk in known.get(kind, ()) if pk not in parties), None)


def event_of_rating(rating_id: int | None) -> int | None:
    """The row a revealed rating left in the credit file."""
    return CreditEvent.objects.filter(source_key=f"rating:{rating_id}").values_list("pk", flat=True).first()


def told_since(since: datetime) -> QuerySet[Appeal]:
    """Appeals open now or decided after a moment."""
    return _whole().filter(Q(decision=None) | Q(decision__decided_at__gt=since)).order_by("pk")
