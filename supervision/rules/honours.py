"""Who belongs on the red list: a good score, enough contracts kept on time, and nothing against it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Record:
    """`contracts`: completed within a year; `on_time`: how many of them without a late result."""

    score: Decimal | None
    contracts: int
    on_time: int

    @property
    def percent(self) -> int:
        return 100 * self.on_time // self.contracts if self.contracts else 0


@dataclass(frozen=True)
class Wanted:
    score: Decimal
    contracts: int
    on_time_percent: int


def wanted(parameters: Mapping[str, Any]) -> Wanted:
    """The figures of a rule set."""
    return Wanted(Decimal(parameters["score"]), int(parameters["contracts"]), int(parameters["on_time_percent"]))


def lack(record: Record, least: Wanted) -> str:
    """The first figure that does not reach: "score", "contracts", "on_time"; or "" when all do."""
    if record.score is None or record.score < least.score:
        return "score"
    if record.contracts < least.contracts:
        return "contracts"
    return "on_time" if record.percent < least.on_time_percent else ""
