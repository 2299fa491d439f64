"""Which news makes which rooms move: event -> tasks, the whole wiring on one screen."""

from core.outbox import Event

REACTIONS: dict[type[Event], tuple[str, ...]] = {}
