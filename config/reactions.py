"""Which news makes which rooms move: event -> tasks, the whole wiring on one screen."""

from bidding.events import AwardDecided, AwardDeclined, BidderPassedOver
from contracts.events import AwardConfirmed, ContractCompleted, ContractSigned, DeliverableReturned, MilestoneAccepted
from core.events import CalendarAnnounced
from core.outbox import Event
from marketplace.events import NeedCancelled, NeedPublished, NeedResumed, SuspensionOver
from payments.budget_events import PaymentLate
from ratings.events import (
    AppealDecided,
    AppealFiled,
    GradesListed,
    GradesProposed,
    GradesPublished,
    QualityDecided,
    QualityReported,
    RatingsRevealed,
    ResultUsed,
)

REACTIONS: dict[type[Event], tuple[str, ...]] = {
    CalendarAnnounced: ("supervision.calendar_announced",),
    PaymentLate: ("supervision.payment_late",),
    NeedPublished: ("bidding.open_competition",),
    NeedCancelled: ("bidding.cancel_competition",),
    SuspensionOver: ("supervision.suspension_over",),
    NeedResumed: ("bidding.need_resumed",),
    BidderPassedOver: ("ratings.bidder_passed_over",),
    AwardDecided: ("ratings.award_decided",),
    AwardDeclined: ("ratings.award_declined",),
    AwardConfirmed: ("ratings.award_confirmed",),
    ContractSigned: ("ratings.contract_signed",),
    MilestoneAccepted: ("ratings.milestone_accepted", "payments.milestone_accepted"),
    DeliverableReturned: ("ratings.deliverable_returned",),
    ContractCompleted: ("ratings.contract_completed",),
    RatingsRevealed: ("ratings.ratings_revealed",),
    AppealFiled: ("supervision.appeal_filed",),
    AppealDecided: ("supervision.appeal_decided",),
    ResultUsed: ("supervision.result_used",),
    QualityReported: ("supervision.quality_reported",),
    QualityDecided: ("supervision.quality_decided",),
    GradesProposed: ("ratings.grades_proposed",),
    GradesListed: ("supervision.grades_listed",),
    GradesPublished: ("supervision.grades_published",),
}
