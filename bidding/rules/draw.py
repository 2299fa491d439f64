"""The verifiable random draw: nobody, the platform included, can steer it unseen.

Before anyone enters, the platform publishes SHA-256 of a secret. After entry has closed it publishes the secret.
The drawn number comes from the secret together with the log's head at that moment, which every entry has changed.
"""

import hashlib
from collections.abc import Sequence


def commitment(secret: str) -> str:
    """What is published before: SHA-256 of the secret (hex text of 32 random bytes)."""
    return hashlib.sha256(bytes.fromhex(secret)).hexdigest()


def drawn(secret: str, head: str, entrants: Sequence[str]) -> str:
    """The drawn entrant: SHA-256(secret ‖ head) as a number modulo the sorted entrants.

    With fewer than 2**16 entrants the modulo favours nobody by more than 2**-240.
    """
    ordered = sorted(entrants)
    number = int.from_bytes(hashlib.sha256(bytes.fromhex(secret) + bytes.fromhex(head)).digest(), "big")
    return ordered[number % len(ordered)]


def entry_commitment(agency: int, name: str, salt: str) -> str:
    """What an entry shows before the close: SHA-256 of agency number, name and a salt published afterwards."""
    return hashlib.sha256(f"{agency}|{name}|{salt}".encode()).hexdigest()
