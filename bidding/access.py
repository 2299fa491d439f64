"""Who stands behind a socket or a request to a room."""

from dataclasses import dataclass
from typing import Any

from accounts.actor import Actor, actor_for
from accounts.middleware import ACTING
from bidding import selectors
from bidding.models import Competition, Entry


@dataclass(frozen=True, slots=True)
class Visitor:
    """role: bidder, owner or watcher. Only a bidder has an entry."""

    role: str
    entry: Entry | None = None

    @property
    def pseudonym(self) -> str | None:
        return self.entry.pseudonym if self.entry else None


def visitor(scope: dict[str, Any], competition_id: int) -> Visitor:
    """The visitor behind a socket. Raises Competition.DoesNotExist."""
    actor = actor_for(scope.get("user"), scope["session"].get(ACTING) if "session" in scope else None)
    return visitor_for(actor, selectors.competition(competition_id))


def visitor_for(actor: Actor, competition: Competition) -> Visitor:
    entry = selectors.entry_of(competition.pk, actor.org_id if actor.of("agency") else None)
    if entry is not None:
        return Visitor("bidder", entry)
    return Visitor("owner" if actor.acts_for(competition.need.buyer_id) else "watcher")
