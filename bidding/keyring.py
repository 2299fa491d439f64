"""Which keys the platform signs and has signed with, and since when: what it publishes at /verify/keys.json."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import Error, connection, transaction

from bidding import keys
from bidding.models.log import SigningKey
from bidding.rules.record import stamp
from bidding.threads import in_thread
from core import clock

log = logging.getLogger("market.bidding")
PAUSE = 5.0  # seconds
_noted: set[str] = set()  # keys this process knows to be in the table


def note() -> None:
    """Write the signing key down, once per process. Every verb that appends does; bids have no time to spare, so a web
    process does it before its first one (`at_start`).
    """
    key_id = keys.key_id()
    if key_id in _noted:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bidding_signingkey (key_id, public, first_used_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [key_id, keys.public(), clock.now()],
        )
    transaction.on_commit(partial(_noted.add, key_id))


async def at_start() -> None:
    """The same as soon as the database can be reached: bids may be the first that a process signs."""
    while keys.key_id() not in _noted:
        try:
            await in_thread(note)
        except Error as fault:
            log.warning("the signing key cannot be written down now: %s", fault)
            await asyncio.sleep(PAUSE)


def published() -> list[dict[str, Any]]:
    """Every key, the one in use first: `from` its first signature until the first one of the key after it.

    Both are null where they are not known: a key not yet used, or one listed in PAST_SIGNING_KEYS only.
    """
    rows = list(SigningKey.objects.order_by("-first_used_at"))
    known = {row.key_id for row in rows}
    unused = [keys.public()] if keys.key_id() not in known else []
    rows += [SigningKey(key_id=keys.identify(bytes.fromhex(key)), public=key) for key in unused + _past(known)]
    entries = list(_entries(rows))
    return sorted(entries, key=lambda entry: not entry["current"])


def _past(known: set[str]) -> list[str]:
    return [key for key in settings.PAST_SIGNING_KEYS if keys.identify(bytes.fromhex(key)) not in known]


def _entries(rows: list[SigningKey]) -> Iterator[dict[str, Any]]:
    after: datetime | None = None
    for row in rows:
        current = row.key_id == keys.key_id()
        yield {
            "id": row.key_id,
            "algorithm": "Ed25519",
            "public_key": row.public,
            "current": current,
            "from": stamp(row.first_used_at) if row.first_used_at else None,
            "until": stamp(after) if after and row.first_used_at and not current else None,
        }
        after = row.first_used_at or after


def trusted() -> dict[str, str]:
    """Key id -> raw public key (hex), as a record brings them."""
    return {entry["id"]: entry["public_key"] for entry in published()}
