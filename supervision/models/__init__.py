"""Tables of supervision."""

from supervision.models.clocks import Card, ClockRun, ClockStop, DueChange, Escalation, Excuse, Post, Step
from supervision.models.flags import FlagHit, FlagVerdict, Turnout
from supervision.models.notices import Delivery, Notice, NoticeRead

__all__ = [
    "Card",
    "ClockRun",
    "ClockStop",
    "Delivery",
    "DueChange",
    "Escalation",
    "Excuse",
    "FlagHit",
    "FlagVerdict",
    "Notice",
    "NoticeRead",
    "Post",
    "Step",
    "Turnout",
]
