"""Which news makes which rooms move: event -> tasks, the whole wiring on one screen."""

from core.outbox import Event
from marketplace.events import NeedCancelled, NeedPublished

REACTIONS: dict[type[Event], tuple[str, ...]] = {
    NeedPublished: ("bidding.open_competition",),
    NeedCancelled: ("bidding.cancel_competition",),
}
