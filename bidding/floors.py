"""Sealed floors at rest: encrypted with a key of their own, read only where a decision or their owner needs them.

The key comes from FLOOR_KEY (made at first use in the embedded default) by HKDF, one for each competition; a row is
bound to its place in the log. Nothing is cached: an amount is in memory only while it is looked at.
"""

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from bidding import keys
from bidding.models import SealedFloor
from bidding.rules.proxy import Seal

SHORTEST = 32
LOOKED_AT = 500  # seals, by who asks whether all is well
LENGTH = 256  # of what is encrypted: its length says nothing either


class FloorKeyError(RuntimeError):
    """A seal that none of the keys here opens, or a key that is none."""


def read(competition_id: int) -> list[Seal]:
    """Every seal of a competition, in the order they were made. Raises FloorKeyError."""
    rows = SealedFloor.objects.filter(competition_id=competition_id).order_by("seq")
    return [_open(row) for row in rows]


def legible(competition_id: int) -> list[Seal]:
    """The seals that do open: enough to recognise one of them, and to decide nothing."""
    seals = []
    for row in SealedFloor.objects.filter(competition_id=competition_id).order_by("seq"):
        with contextlib.suppress(FloorKeyError):
            seals.append(_open(row))
    return seals


def write(competition_id: int, seals: Sequence[Seal]) -> None:
    SealedFloor.objects.bulk_create([_close(competition_id, seal) for seal in seals])


def own(competition_id: int, pseudonym: str) -> Seal | None:
    """The newest seal of a bidder: what its owner may see."""
    return next((seal for seal in reversed(read(competition_id)) if seal.by == pseudonym), None)


def seal(competition_id: int, seq: int) -> Seal | None:
    """The seal that is record `seq`, if it is one."""
    row = SealedFloor.objects.filter(competition_id=competition_id, seq=seq).first()
    return _open(row) if row else None


def missing_keys() -> list[str]:
    """Keys that seals of open competitions need and that are not here."""
    rows = SealedFloor.objects.filter(competition__closed_at=None)
    wanted = set(rows.values_list("key_id", flat=True).distinct())
    return sorted(wanted - {identify(secret) for secret in known()}) if wanted else []


def unreadable() -> list[int]:
    """Open competitions with a seal that does not open, so that they cannot go on; looks at the newest seals."""
    rows = SealedFloor.objects.filter(competition__closed_at=None).order_by("-pk")[:LOOKED_AT]
    return sorted({row.competition_id for row in rows if not _opens(row)})


def _opens(row: SealedFloor) -> bool:
    try:
        _open(row)
    except FloorKeyError:
        return False
    return True


def _close(competition_id: int, made: Seal) -> SealedFloor:
    secret, nonce = _current(), os.urandom(12)
    plain = json.dumps([made.by, made.held, made.salt, made.ref]).encode().ljust(LENGTH)
    return SealedFloor(
        competition_id=competition_id,
        seq=made.seq,
        key_id=identify(secret),
        nonce=nonce,
        sealed=_cipher(secret, competition_id).encrypt(nonce, plain, _place(competition_id, made.seq)),
    )


def _open(row: SealedFloor) -> Seal:
    secret = next((key for key in (_current(), *settings.PAST_FLOOR_KEYS) if identify(key) == row.key_id), "")
    cipher, place = _cipher(secret, row.competition_id), _place(row.competition_id, row.seq)
    try:
        by, held, salt, ref = json.loads(cipher.decrypt(bytes(row.nonce), bytes(row.sealed), place))
    except InvalidTag:
        raise FloorKeyError(f"competition {row.competition_id}: seal {row.seq} needs key {row.key_id}") from None
    return Seal(row.seq, by, held, salt, ref)


def _place(competition_id: int, seq: int) -> bytes:
    """What a row is bound to: moved to another place it does not open."""
    return f"{competition_id}:{seq}".encode()


def _cipher(secret: str, competition_id: int) -> ChaCha20Poly1305:
    info = f"market floors 1 {competition_id}".encode()
    return ChaCha20Poly1305(HKDF(SHA256(), 32, salt=None, info=info).derive(secret.encode()))


def identify(secret: str) -> str:
    """A name for a key that does not help to guess it: keys are random and long."""
    return hashlib.sha256(f"market floor key {secret}".encode()).hexdigest()[:16]


def known() -> list[str]:
    """The key in use, then those before it: what other rooms derive keys of their own from."""
    return [_current(), *settings.PAST_FLOOR_KEYS]


def _current() -> str:
    """FLOOR_KEY in production; the data folder's own, made at first use, otherwise."""
    if settings.FLOOR_KEY:
        if len(settings.FLOOR_KEY) < SHORTEST:
            raise FloorKeyError(f"FLOOR_KEY needs {SHORTEST} random characters at least")
        return str(settings.FLOOR_KEY)
    path = Path(settings.FLOOR_KEY_FILE)
    if not path.exists():
        keys.keep(path, secrets.token_hex(32).encode())
    return path.read_text()
