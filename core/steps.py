"""A step somebody must take by a moment: what every room tells the clock service about itself.

Each room offers `open_steps()`: the steps open now and, where it can say so, those that ended since a moment. A
step is the same one as long as its kind and reference are. Nothing here reads the time or the database.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.workdays import Limit


@dataclass(frozen=True)
class Step:
    """`kind`: such as "contract.deliver"; `reference`: such as "milestone:7"; `owner_org`: who must act.

    `limit`: {"n", "unit"} as the rule set has it, None when the end was agreed or announced otherwise. `due_at` is
    the end as it stands, stops included. `paused`: the room itself has stopped the clock. `respondent`: the other
    side, who may confirm that the owner waits for it. `yellow_at`: only where the room warns by a rule of its own.
    `counted_from`: what the limit runs from, where that is not the start. `right`: the owner may, but need not; it is
    reminded, its end is never moved nearer, and when it passes the right has lapsed and nobody is late.
    """

    kind: str
    reference: str
    owner_org: int
    title: str
    path: str
    started_at: datetime
    due_at: datetime
    limit: Mapping[str, Any] | None = None
    provisional: bool = False
    closed_at: datetime | None = None
    paused: bool = False
    respondent: int | None = None
    yellow_at: datetime | None = None
    counted_from: datetime | None = None
    right: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.reference

    @property
    def counted_in(self) -> Limit | None:
        return Limit.of(self.limit) if self.limit else None


Source = Callable[[datetime], Iterable[Step]]  # open now, and what ended since that moment
Mover = Callable[[str, datetime], bool]  # reference, new end -> was it still open and so moved


def lapsed(ended_at: datetime | None, due_at: datetime, now: datetime) -> datetime | None:
    """When a step ended whose limit ends it by rule, as silence that counts as an answer: at the latest when due."""
    if ended_at is None:
        return due_at if now >= due_at else None
    return min(ended_at, due_at)
