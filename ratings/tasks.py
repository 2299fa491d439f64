"""News from the rooms below becomes rows of the credit file; the clock reveals ratings and lets points expire.

Every row has a source key, so a task told twice writes once.
"""

from datetime import datetime
from typing import Any

from celery import shared_task
from django.db import transaction

from bidding import selectors as bidding
from bidding.models import Award
from contracts import selectors as contracts
from contracts.models import Contract
from core import clock, rulesets
from ratings import selectors
from ratings.rules.points import rating_points
from ratings.services.credit import record_credit
from ratings.services.grades import compute_grades
from ratings.services.rating import open_window, reveal
from ratings.services.scale import measure_market as measure
from ratings.services.tally import one_writer, rescore, rescore_all


@shared_task(name="ratings.award_decided")
def award_decided(award_id: int, need_id: int) -> None:  # noqa: ARG001 - the event's shape
    award = bidding.award(award_id)
    _of_award(award, "award_won", award.decided_at, amount=str(award.amount))


@shared_task(name="ratings.award_declined")
def award_declined(award_id: int, need_id: int, silent: bool) -> None:  # noqa: ARG001, FBT001 - the event's shape
    award = bidding.award(award_id)
    kind = "award_silent" if silent else "award_declined"
    _of_award(award, kind, award.outcome_at, reason=award.outcome_reason)


@shared_task(name="ratings.bidder_passed_over")
def bidder_passed_over(competition_id: int, need_id: int, agency_id: int, reason: str) -> None:
    """Taking one's service away is a way of declining when one's turn has come; anything else is not its own doing."""
    competition = bidding.competition(competition_id)
    if reason == "service" and competition is not None:
        record_credit(
            agency_id=agency_id,
            kind="stood_down",
            source=f"/needs/{need_id}/",
            source_key=f"stood_down:{competition_id}:{agency_id}",
            summary={"need": competition.need.title},
        )


@shared_task(name="ratings.award_confirmed")
def award_confirmed(award_id: int, need_id: int, late: bool) -> None:  # noqa: ARG001, FBT001 - the event's shape
    if late:
        award = bidding.award(award_id)
        _of_award(award, "confirmed_late", award.outcome_at)


@shared_task(name="ratings.contract_signed")
def contract_signed(contract_id: int, need_id: int) -> None:  # noqa: ARG001 - the event's shape
    contract = contracts.contract(contract_id)
    _of_contract(contract, "contract_signed", contract.signed_at, f"signed:{contract.pk}", contract=contract.number)


@shared_task(name="ratings.milestone_accepted")
def milestone_accepted(milestone_id: int, contract_id: int, days_late: int) -> None:
    contract, milestone = contracts.contract(contract_id), contracts.milestone(milestone_id)
    kind = "milestone_late" if days_late else "milestone_on_time"
    facts = {"milestone": milestone.title, "days": days_late, "times": max(days_late, 1)}
    _of_contract(contract, kind, milestone.accepted_at, f"milestone:{milestone.pk}", **facts)


@shared_task(name="ratings.deliverable_returned")
def deliverable_returned(deliverable_id: int, contract_id: int) -> None:
    """The first return of a contract is only noted; each further one costs points."""
    contract, deliverable = contracts.contract(contract_id), contracts.deliverable(deliverable_id)
    times = contracts.returns_up_to(deliverable)
    kind = "deliverable_returned" if times == 1 else "returned_again"
    facts = {"milestone": deliverable.milestone.title, "defects": len(deliverable.defects), "nth": times}
    _of_contract(contract, kind, deliverable.returned_at, f"returned:{deliverable.pk}", **facts)


@shared_task(name="ratings.contract_completed")
def contract_completed(contract_id: int, need_id: int) -> None:  # noqa: ARG001 - the event's shape
    contract = contracts.contract(contract_id)
    _of_contract(contract, "contract_completed", contract.completed_at, f"completed:{contract.pk}")
    open_window(contract_id=contract_id)


@shared_task(name="ratings.ratings_revealed")
def ratings_revealed(window_id: int, contract_id: int) -> None:
    """The buyer's rating, or its absence, goes into the agency's file."""
    contract, window = contracts.contract(contract_id), selectors.window(window_id)
    rating = selectors.buyers_rating(window_id)
    source = f"/agencies/{contract.supplier_id}/credit/"
    if rating is None:
        _of_contract(contract, "rating_missed", window.revealed_at, f"unrated:{window_id}")
        return
    mean = selectors.average_of(rating)
    points = rating_points(mean, rulesets.current("credit").parameters)
    record_credit(
        agency_id=contract.supplier_id,
        kind="rating_received",
        source=f"{source}#rating-{rating.pk}",
        source_key=f"rating:{rating.pk}",
        summary={"need": contract.award.need.title, "average": str(mean)},
        happened_at=window.revealed_at,
        points=points,
    )


@shared_task(name="ratings.reveal_due_ratings")
def reveal_due_ratings() -> None:
    """Windows that are over open for reading; scores whose points expired or whose rules changed are made anew."""
    now = clock.now()
    for window_id in selectors.windows_over(now):
        reveal(window_id=window_id)
    if selectors.scored_by_others(now):
        rescore_all()
    for agency_id in selectors.stale_scores(now):
        with transaction.atomic():
            one_writer(agency_id)
            rescore(agency_id=agency_id)


@shared_task(name="ratings.grades_proposed")
def grades_proposed(list_id: int) -> None:
    """The lines of a year's list, however many agencies there are, and the beginning of its publicity."""
    compute_grades(list_id=list_id)


@shared_task(name="ratings.measure_market")
def measure_market() -> None:
    """Days that are over get their scale; a day measured before keeps what it has."""
    measure()


def _of_award(award: Award, kind: str, at: datetime | None, **summary: Any) -> None:
    record_credit(
        agency_id=award.agency_id,
        kind=kind,
        source=f"/awards/{award.pk}/",
        source_key=f"{kind}:{award.pk}",
        summary={"need": award.need.title, **summary},
        happened_at=at,
    )


def _of_contract(contract: Contract, kind: str, at: datetime | None, key: str, /, **summary: Any) -> None:
    record_credit(
        agency_id=contract.supplier_id,
        kind=kind,
        source=f"/needs/{contract.award.need_id}/",
        source_key=key,
        summary={"need": contract.award.need.title, **summary},
        happened_at=at,
        times=summary.get("times", 1),
    )
