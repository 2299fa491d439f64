"""Two-way ratings, the credit file, appeals against both, and what regulators say of results they used."""

from ratings.models.appeals import Appeal, AppealDecision, AppealStatement
from ratings.models.approvals import ApprovalUse, QualityAnswer, QualityVerdict, RegulatorRating
from ratings.models.credit import CreditEvent, Tally, key_of
from ratings.models.rating import MarketScale, Rating, RatingWindow

__all__ = [
    "Appeal",
    "AppealDecision",
    "AppealStatement",
    "ApprovalUse",
    "CreditEvent",
    "MarketScale",
    "QualityAnswer",
    "QualityVerdict",
    "Rating",
    "RatingWindow",
    "RegulatorRating",
    "Tally",
    "key_of",
]
