"""Who complained, at rest: encrypted with a key of its own, bound to its complaint, and read by no page.

Nothing in the platform opens a seal: what the handling needs to know, "is this officer related to whoever complained?",
is answered by keyed fingerprints. Only whoever holds IDENTITY_KEY could open one, by `opened`, when a law obliges.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from bidding import keys
from core.audit import By
from supervision.models import Complaint, SealedIdentity

SHORTEST = 32
LENGTH = 512  # of what is encrypted: its length says nothing


class IdentityKeyError(RuntimeError):
    """A seal that none of the keys here opens, or a key that is none."""


def seal(complaint: Complaint, contact: Mapping[str, str], by: By) -> SealedIdentity:
    """Encrypt how to reach the complainant; `contact`: name, phone, email as typed, each short."""
    secret, nonce = _current(), os.urandom(12)
    plain = json.dumps({**contact, "user": by.user_id, "org": by.org_id}).encode().ljust(LENGTH)
    return SealedIdentity.objects.create(
        complaint=complaint,
        key_id=identify(secret),
        nonce=nonce,
        sealed=_cipher(secret).encrypt(nonce, plain, complaint.number.encode()),
        mark=_mark(secret, "org", by.org_id),
        person=_mark(secret, "user", by.user_id),
    )


def is_complainant(row: SealedIdentity, *, user_id: int | None, organisations: frozenset[int]) -> bool:
    """Is this person, or one of their organisations, who complained? Says no more than that."""
    secret = _key(row.key_id)
    if row.person and hmac.compare_digest(row.person, _mark(secret, "user", user_id)):
        return True
    return any(row.mark and hmac.compare_digest(row.mark, _mark(secret, "org", one)) for one in organisations)


def organisation_of(row: SealedIdentity, candidates: Iterable[int]) -> int | None:
    """Which of these organisations complained, when it did not ask to be hidden. The seal stays closed."""
    if row.complaint.hidden or not row.mark:
        return None
    secret = _key(row.key_id)
    return next((one for one in candidates if hmac.compare_digest(row.mark, _mark(secret, "org", one))), None)


def opened(row: SealedIdentity, number: str) -> dict[str, str]:
    """What was sealed. Raises IdentityKeyError when no key here opens it."""
    try:
        plain = _cipher(_key(row.key_id)).decrypt(bytes(row.nonce), bytes(row.sealed), number.encode())
    except InvalidTag:
        raise IdentityKeyError(f"complaint {number} does not open with key {row.key_id}") from None
    found: dict[str, str] = json.loads(plain)
    return found


def identify(secret: str) -> str:
    """A name for a key that does not help to guess it."""
    return hashlib.sha256(f"market identity key {secret}".encode()).hexdigest()[:16]


def _mark(secret: str, kind: str, pk: int | None) -> str:
    if pk is None:
        return ""
    return hmac.new(_derived(secret, "marks"), f"{kind}:{pk}".encode(), hashlib.sha256).hexdigest()


def _cipher(secret: str) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(_derived(secret, "seals"))


def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"market identities 1 {purpose}".encode()).derive(secret.encode())


def _key(key_id: str) -> str:
    found = next((key for key in (_current(), *settings.PAST_IDENTITY_KEYS) if identify(key) == key_id), "")
    if not found:
        raise IdentityKeyError(f"key {key_id} is not here")
    return found


def _current() -> str:
    """IDENTITY_KEY in production; the data folder's own, made at first use, otherwise."""
    if settings.IDENTITY_KEY:
        if len(settings.IDENTITY_KEY) < SHORTEST:
            raise IdentityKeyError(f"IDENTITY_KEY needs {SHORTEST} random characters at least")
        return str(settings.IDENTITY_KEY)
    path = Path(settings.IDENTITY_KEY_FILE)
    if not path.exists():
        keys.keep(path, secrets.token_hex(32).encode())
    return path.read_text()
