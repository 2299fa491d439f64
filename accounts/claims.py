"""Whether people who signed in a while ago still are who they were: many at once, in three queries.

For sockets, which read their session when they open and then live for hours.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from accounts.models import Membership, User
from core import clock


@dataclass(frozen=True, slots=True)
class Claim:
    """A session, and the organisation its person acts for."""

    session_key: str
    organisation_id: int


def upheld(claims: Collection[Claim]) -> frozenset[Claim]:
    """Those whose session lives, with the password it was opened with, and whose person still is a member."""
    sessions = _signed_in({claim.session_key for claim in claims})
    users = User.objects.filter(is_active=True).in_bulk({user_id for user_id, _ in sessions.values()})
    alive = {key: pk for key, (pk, proof) in sessions.items() if pk in users and _proves(users[pk], proof)}
    members = Membership.objects.filter(user_id__in=set(alive.values())).values_list("user_id", "organisation_id")
    pairs = set(members)
    return frozenset(claim for claim in claims if (alive.get(claim.session_key), claim.organisation_id) in pairs)


def _signed_in(keys: Collection[str]) -> dict[str, tuple[int, str]]:
    """Session key -> user and proof of the password, of sessions that live and have someone signed in."""
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=clock.now())
    found = {key: _read(data) for key, data in rows.values_list("session_key", "session_data")}
    return {key: who for key, who in found.items() if who is not None}


@lru_cache(maxsize=8192)
def _read(session_data: str) -> tuple[int, str] | None:
    """What a stored session says; its text is signed, so the same text always says the same."""
    data = SessionStore().decode(session_data)
    if SESSION_KEY not in data:
        return None
    return int(data[SESSION_KEY]), str(data.get(HASH_SESSION_KEY, ""))


def _proves(user: User, proof: str) -> bool:
    hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return any(constant_time_compare(proof, good) for good in hashes)
