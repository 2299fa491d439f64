"""How often something may be filed at the door and receipts guessed, from one network address and by one account.

Counted in the cache by the hour and by the day, under keyed fingerprints: nobody reads from it who complained, and
after a day nothing is left. Whether something was counted decides nothing about a complaint that was filed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from core import clock, rulesets
from core.errors import Refusal, RefusalKind
from core.workdays import LOCAL
from supervision.errors import cases as errors
from supervision.errors import consultations, questions

LENGTHS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
FILING, GUESS, OPINION, QUESTION = "filing", "guess", "opinion", "question"
REFUSALS: dict[str, RefusalKind] = {
    FILING: errors.COMPLAINTS_MANY,
    GUESS: errors.GUESSES_MANY,
    OPINION: consultations.OPINION_MANY,
    QUESTION: questions.MANY,
}


@dataclass(frozen=True)
class Asker:
    """`address` as core.addresses counts it, "" when it is not; `user_id` of whoever is signed in."""

    address: str = ""
    user_id: int | None = None


@dataclass(frozen=True)
class Window:
    key: str
    most: int
    length: timedelta
    ends_at: datetime


def spend(what: str, asker: Asker) -> list[str]:
    """Count one attempt; answers with what `give_back` takes. Raises complaint.too_many, .guesses …"""
    spent: list[str] = []
    for window in _windows(what, asker, clock.now()):
        spent.append(window.key)
        if _more(window) > window.most:
            give_back(spent)
            raise REFUSALS[what](until=f"{window.ends_at.astimezone(LOCAL):%Y-%m-%d %H:%M}")
    return spent


def give_back(spent: list[str]) -> None:
    """What came to nothing, or was right, counts for nothing."""
    for key in spent:
        _add(key, -1)


@contextmanager
def counted(what: str, asker: Asker) -> Iterator[None]:
    """Count what is done inside; a refusal gives the attempt back. Raises what `spend` raises."""
    spent = spend(what, asker)
    try:
        yield
    except Refusal:
        give_back(spent)
        raise


def _windows(what: str, asker: Asker, now: datetime) -> Iterator[Window]:
    limits = rulesets.current("intake")[what]
    counted = (("address", asker.address), ("account", str(asker.user_id or "")))
    for kind, value in counted:
        for unit, most in limits[kind].items() if value else ():
            length = LENGTHS[unit]
            place = int(now.timestamp() // length.total_seconds())
            mark = salted_hmac("allowance", f"{what}:{kind}:{value}", algorithm="sha256").hexdigest()
            ends_at = datetime.fromtimestamp((place + 1) * length.total_seconds(), tz=now.tzinfo)
            yield Window(f"allowance:{mark}:{unit}:{place}", most, length, ends_at)


def _more(window: Window) -> int:
    cache.add(window.key, 0, timeout=window.length.total_seconds())
    return _add(window.key, 1)


def _add(key: str, number: int) -> int:
    """What is counted after adding; a window the cache has forgotten begins anew."""
    try:
        return int(cache.incr(key, number))
    except ValueError:
        return max(number, 0)
