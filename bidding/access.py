"""Who stands behind a socket or a request to a room."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore

from accounts.actor import Actor, actor_for
from accounts.middleware import ACTING
from bidding import errors, selectors, services
from bidding.models import Competition
from core import clock


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


def still_acts(scope: dict[str, Any], competition_id: int, pseudonym: str) -> bool:
    """Does the session that opened the socket still live, with the password it was opened with, and does its person
    still act for the agency behind the pseudonym? Raises entry.restricted when that agency may not bid now.
    """
    session = SessionStore(scope["session"].session_key)
    entry = selectors.entry_by_pseudonym(competition_id, pseudonym)
    actor = actor_for(get_user(SimpleNamespace(session=session)))  # type: ignore[arg-type]
    if entry is None or not any(own.pk == entry.agency_id for own in (actor.organisation, *actor.others) if own):
        return False
    refuse_barred(entry.agency_id)
    return True


def refuse_barred(agency_id: int) -> None:
    """A restriction that came after the entry is felt at the next bid. Raises entry.restricted."""
    if services.barred(agency_id, clock.now()):
        raise errors.ENTRY_RESTRICTED()
