"""What this room tells those above."""

from dataclasses import dataclass

from core.outbox import Event


@dataclass(frozen=True)
class RatingsRevealed(Event):
    """Both sides' ratings became readable; either may be missing."""

    window_id: int
    contract_id: int
