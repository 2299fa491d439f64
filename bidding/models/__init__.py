"""Tables of the competition."""

from bidding.models.competition import Award, Competition, Entry
from bidding.models.floor import SealedFloor
from bidding.models.log import LogEvent, LogHead

__all__ = ["Award", "Competition", "Entry", "LogEvent", "LogHead", "SealedFloor"]
