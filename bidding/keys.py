"""The platform's Ed25519 key that signs heads of the log. Its public part is published; receipts name it by id."""

import contextlib
import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings


@cache
def signing_key() -> Ed25519PrivateKey:
    """SIGNING_KEY (PEM text) in production; the data folder's own key, made at first use, otherwise."""
    if settings.SIGNING_KEY:
        return _private(settings.SIGNING_KEY.encode())
    path = Path(settings.SIGNING_KEY_FILE)
    if not path.exists():
        keep(path, Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return _private(path.read_bytes())


def keep(path: Path, secret: bytes) -> None:
    """Whole or not at all, and the first one stays: threads and processes that start together must share a key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, fresh = tempfile.mkstemp(dir=path.parent)  # readable by its owner only
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
    with contextlib.suppress(FileExistsError):
        os.link(fresh, path)
    Path(fresh).unlink()


def _private(pem: bytes) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the signing key must be Ed25519")
    return key


def public_bytes(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def identify(public: bytes) -> str:
    """A key's id: first 16 hex digits of SHA-256 over the raw public key."""
    return hashlib.sha256(public).hexdigest()[:16]


@cache
def key_id() -> str:
    return identify(public_bytes(signing_key().public_key()))


@cache
def public() -> str:
    """The raw public key, hex."""
    return public_bytes(signing_key().public_key()).hex()


def sign(message: str) -> str:
    """Hex signature over the UTF-8 text."""
    return signing_key().sign(message.encode()).hex()
