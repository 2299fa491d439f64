"""Two-way ratings, the credit file, appeals against both, and what regulators say of results they used."""

from ratings.models.appeals import Appeal, AppealDecision, AppealStatement
from ratings.models.approvals import ApprovalUse, RegulatorRating
from ratings.models.credit import CreditEvent, Tally, key_of
from ratings.models.rating import MarketScale, Rating, RatingWindow

__all__ = [
    "Appeal",
    "AppealDecision",
    "AppealStatement",
    "ApprovalUse",
    "CreditEvent",
    "MarketScale",
    "Rating",
    "RatingWindow",
    "RegulatorRating",
    "Tally",
    "key_of",
]
