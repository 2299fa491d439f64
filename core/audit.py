"""Writing and checking the audit chains.

`record` appends one line to a stream ("need:12") inside the caller's transaction. Order within a stream is the
unique (stream, seq); two writers at once collide and one is retried by whoever called.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from core import clock
from core.models import AuditEntry

GENESIS = "0" * 64


@dataclass(frozen=True)
class By:
    """Who acts: user and organisation ids; both empty when the system itself does."""

    user_id: int | None = None
    org_id: int | None = None


SYSTEM = By()


@transaction.atomic(savepoint=False)
def record(*, stream: str, action: str, by: By, reason: str = "", data: dict[str, Any] | None = None) -> AuditEntry:
    """Append an entry and return it. Takes the stream's advisory lock until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [stream])
    last = AuditEntry.objects.filter(stream=stream).order_by("seq").last()
    entry = AuditEntry(
        stream=stream,
        seq=last.seq + 1 if last else 1,
        at=clock.now(),
        action=action,
        actor_user_id=by.user_id,
        actor_org_id=by.org_id,
        reason=reason,
        data=data or {},
        previous_hash=last.hash if last else GENESIS,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    return entry


def digest(entry: AuditEntry) -> str:
    """SHA-256 over the entry's canonical JSON, which includes the previous hash."""
    body = {
        "stream": entry.stream,
        "seq": entry.seq,
        "at": _moment(entry.at),
        "action": entry.action,
        "user": entry.actor_user_id,
        "org": entry.actor_org_id,
        "reason": entry.reason,
        "data": entry.data,
        "previous": entry.previous_hash,
    }
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _moment(value: datetime) -> str:
    return f"{value.timestamp():.6f}"


def verify(stream: str) -> int | None:
    """The first seq that does not fit its chain, or None when the whole stream does."""
    previous, expected = GENESIS, 1
    for entry in AuditEntry.objects.filter(stream=stream).order_by("seq"):
        if (entry.seq, entry.previous_hash, entry.hash) != (expected, previous, digest(entry)):
            return expected
        previous, expected = entry.hash, expected + 1
    return None
