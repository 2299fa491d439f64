"""The one place that draws random things. `seeded(n)` makes a block repeatable: tests and the seeded history use it."""

import contextlib
import random
from collections.abc import Iterator
from contextvars import ContextVar

_source: ContextVar[random.Random | None] = ContextVar("chance", default=None)
_system = random.SystemRandom()


def source() -> random.Random:
    """The operating system's randomness, unless a block asked for a seeded one."""
    return _source.get() or _system


def token() -> str:
    """32 random bytes as hex."""
    return source().randbytes(32).hex()


@contextlib.contextmanager
def seeded(seed: int) -> Iterator[None]:
    mark = _source.set(random.Random(seed))  # noqa: S311 - repeatable on purpose
    try:
        yield
    finally:
        _source.reset(mark)
