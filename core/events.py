"""What core tells the rooms above."""

from dataclasses import dataclass

from core.outbox import Event


@dataclass(frozen=True)
class CalendarAnnounced(Event):
    """The State Council's calendar of a year was entered. `announced_at`: ISO; `was_official`: it replaced one."""

    year: int
    announced_at: str
    was_official: bool
