"""News between rooms: an event becomes one job row per handler, in the transaction of what happened.

Events are frozen dataclasses with JSON-able fields, declared in each room's events.py. Who handles what stands in
config/reactions.py, installed here at start.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from core import jobs


@dataclass(frozen=True)
class Event:
    """Something that happened. Subclasses carry ids, never objects."""


_reactions: dict[type[Event], tuple[str, ...]] = {}


def install(reactions: Mapping[type[Event], Sequence[str]]) -> None:
    _reactions.clear()
    _reactions.update({event: tuple(handlers) for event, handlers in reactions.items()})


def emit(event: Event) -> None:
    """Enqueue every handler of the event. Call inside the transaction that makes it true."""
    for task in _reactions.get(type(event), ()):
        jobs.enqueue(task, **asdict(event))
