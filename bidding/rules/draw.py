"""The verifiable random draw: no entrant can steer it, and anyone can draw again.

Before anyone enters, the platform publishes SHA-256 of a secret. After entry has closed it publishes the secret.
The drawn number comes from the secret together with the log's head at that moment, which every entry has changed.
Entrants do not know the secret; the platform does not choose who enters. What this does not rule out is a platform
that knows the secret and adds entries of its own until the head pleases it: the log would show them.
"""

import hashlib
from collections.abc import Sequence


def commitment(secret: str) -> str:
    """What is published before: SHA-256 of the secret (hex text of 32 random bytes)."""
    return hashlib.sha256(bytes.fromhex(secret)).hexdigest()


def drawn(secret: str, head: str, entrants: Sequence[str], turn: int = 0) -> str:
    """The drawn entrant: SHA-256(secret ‖ head ‖ turn) as a number modulo the sorted entrants.

    The first turn adds nothing, later ones (1, 2, ...) four bytes: one number for all turns would tie the third of
    four to the first. With fewer than 2**16 entrants the modulo favours nobody by more than 2**-240.
    """
    ordered = sorted(entrants)
    seed = bytes.fromhex(secret) + bytes.fromhex(head) + (turn.to_bytes(4, "big") if turn else b"")
    number = int.from_bytes(hashlib.sha256(seed).digest(), "big")
    return ordered[number % len(ordered)]


def entry_commitment(agency: int, name: str, salt: str) -> str:
    """What an entry shows before the close: SHA-256 of agency number, name and a salt published afterwards."""
    return hashlib.sha256(f"{agency}|{name}|{salt}".encode()).hexdigest()
