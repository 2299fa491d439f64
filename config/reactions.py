"""Which news makes which rooms move: event -> tasks, the whole wiring on one screen."""

from bidding.events import AwardDecided, AwardDeclined
from contracts.events import AwardConfirmed, ContractCompleted, ContractSigned, DeliverableReturned, MilestoneAccepted
from core.outbox import Event
from marketplace.events import NeedCancelled, NeedPublished
from ratings.events import RatingsRevealed

REACTIONS: dict[type[Event], tuple[str, ...]] = {
    NeedPublished: ("bidding.open_competition",),
    NeedCancelled: ("bidding.cancel_competition",),
    AwardDecided: ("ratings.award_decided",),
    AwardDeclined: ("ratings.award_declined",),
    AwardConfirmed: ("ratings.award_confirmed",),
    ContractSigned: ("ratings.contract_signed",),
    MilestoneAccepted: ("ratings.milestone_accepted", "payments.milestone_accepted"),
    DeliverableReturned: ("ratings.deliverable_returned",),
    ContractCompleted: ("ratings.contract_completed",),
    RatingsRevealed: ("ratings.ratings_revealed",),
}
