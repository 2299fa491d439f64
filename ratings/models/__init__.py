"""Two-way ratings, the credit file, yearly grades, appeals against these, and regulators' word on results they used."""

from ratings.models.appeals import Appeal, AppealDecision, AppealStatement
from ratings.models.approvals import ApprovalUse, QualityAnswer, QualityVerdict, RegulatorRating
from ratings.models.credit import CreditEvent, Tally, key_of
from ratings.models.grades import GradeLine, GradeList, GradePublication
from ratings.models.rating import MarketScale, Rating, RatingWindow

__all__ = [
    "Appeal",
    "AppealDecision",
    "AppealStatement",
    "ApprovalUse",
    "CreditEvent",
    "GradeLine",
    "GradeList",
    "GradePublication",
    "MarketScale",
    "QualityAnswer",
    "QualityVerdict",
    "Rating",
    "RatingWindow",
    "RegulatorRating",
    "Tally",
    "key_of",
]
