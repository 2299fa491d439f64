"""Who stands behind a socket or a request to a room."""

from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.db import SessionStore

from accounts.actor import Actor, actor_for
from accounts.middleware import ACTING
from bidding import selectors
from bidding.models import Competition


@dataclass(frozen=True, slots=True)
class Visitor:
    """role: bidder, owner or watcher. Only a bidder has a pseudonym."""

    role: str
    pseudonym: str | None


def visitor(scope: dict[str, Any], competition_id: int) -> Visitor:
    """The visitor behind a socket. Raises Competition.DoesNotExist."""
    actor = actor_for(scope.get("user"), scope["session"].get(ACTING) if "session" in scope else None)
    return visitor_for(actor, selectors.competition(competition_id))


def visitor_for(actor: Actor, competition: Competition) -> Visitor:
    entry = selectors.entry_of(competition.pk, actor.org_id if actor.of("agency") else None)
    if entry is not None:
        return Visitor("bidder", entry.pseudonym)
    return Visitor("owner" if actor.acts_for(competition.need.buyer_id) else "watcher", None)


def still_signed_in(scope: dict[str, Any]) -> bool:
    """Does the session that opened the socket still exist and belong to somebody?"""
    key = scope["session"].session_key
    return bool(key) and "_auth_user_id" in SessionStore(key)
