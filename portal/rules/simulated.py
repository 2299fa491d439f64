"""The pace of the simulated market: when it publishes, how often its agencies bid, and how low they go. Pure.

Luck comes from hashes of what is known, so that looking again gives the same answer.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal

BUSY_DAY = 60


@dataclass(frozen=True)
class Rhythm:
    """A new auction every `every`, each `minutes` long: the next begins before the last ends."""

    every: timedelta
    minutes: int


def rhythm(auctions_in_a_day: int) -> Rhythm:
    """One auction every five minutes, and after sixty in a day one every half hour: about a hundred a day at most."""
    if auctions_in_a_day < BUSY_DAY:
        return Rhythm(timedelta(minutes=5), 6)
    return Rhythm(timedelta(minutes=30), 45)


def luck(*seeds: object) -> float:
    """A number in [0, 1) that depends on the seeds only."""
    digest = hashlib.sha256("|".join(map(str, seeds)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def pause(length: timedelta, *seeds: object) -> timedelta:
    """How long bidders think after the last bid: some thirty bids fit into an auction, never faster than people."""
    usual = min(max(length / 30, timedelta(seconds=4)), timedelta(seconds=40))
    return usual * (0.5 + 1.3 * luck("pause", *seeds))


def floor(ceiling: Decimal, *seeds: object) -> Decimal:
    """What an agency will not go below: 58 to 88 per cent of the ceiling."""
    return (ceiling * Decimal(str(round(0.58 + 0.30 * luck("floor", *seeds), 4)))).quantize(Decimal("0.01"))


def seals(*seeds: object) -> bool:
    """Does this agency deposit its floor and let the platform bid? One in ten: now and then a room has one."""
    return luck("seals", *seeds) < 0.1


def offer(next_max: Decimal, step: Decimal, lowest: Decimal, *seeds: object) -> Decimal | None:
    """The next bid of an agency: a step or a few more, in round yuan, never below its floor; None when it gives up."""
    if next_max < lowest:
        return None
    more = (0, 0, 0, 1, 1, 2)[int(luck("more", *seeds) * 6)]
    wish = max(next_max - step * more, lowest)
    return min(next_max, wish.quantize(Decimal(1), ROUND_DOWN).quantize(Decimal("0.01"))) or next_max


def entrants_due(age: timedelta, competition: int) -> int:
    """How many have entered by this age of a notice: one at once, then one every seven seconds, up to three to five."""
    return min(3 + competition % 3, 1 + int(age.total_seconds() // 7))
