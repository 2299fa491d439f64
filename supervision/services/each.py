"""What the clock does for many: each by itself, so that trouble with one keeps no other waiting."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from core.errors import Refusal

log = logging.getLogger("market.supervision")
Key = TypeVar("Key")


def each(verb: Callable[[Key], object], keys: Iterable[Key]) -> int:
    """Do it for every one; says for how many something happened. A refusal means that somebody else was faster."""
    count = 0
    for key in list(keys):
        try:
            count += bool(verb(key))
        except Refusal:
            continue
        except Exception:
            log.exception("%s of %s failed", getattr(verb, "__qualname__", verb), key)
    return count
