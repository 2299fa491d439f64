"""What core tells the rooms above."""

from dataclasses import dataclass
from typing import Any

from core.outbox import Event


@dataclass(frozen=True)
class CalendarAnnounced(Event):
    """The State Council's calendar of a year was entered. `announced_at`: ISO; `was_official`: it replaced one.

    `before`: the year's days that did not follow the plain week until then, as [ISO day, is it worked].
    """

    year: int
    announced_at: str
    was_official: bool
    before: list[list[Any]]
