"""How long a need was held, and how long it may still be: overlapping suspensions count once. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Span:
    """A suspension; `ends_at` is when it was lifted, or its term while it goes on."""

    starts_at: datetime
    ends_at: datetime


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time as spans that neither overlap nor touch, oldest first."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: one.starts_at):
        if found and span.starts_at <= found[-1].ends_at:
            found[-1] = Span(found[-1].starts_at, max(found[-1].ends_at, span.ends_at))
        else:
            found.append(span)
    return found


def latest_end(spans: Iterable[Span], now: datetime, most: timedelta) -> datetime:
    """Until when one more suspension may go on from now, so that all together are no longer than `most`."""
    held = joined(spans)
    used = sum((one.ends_at - one.starts_at for one in held), timedelta())
    standing = max((one.ends_at for one in held if one.ends_at > now), default=now)
    return standing + max(most - used, timedelta())


def held_since(spans: Sequence[Span], now: datetime) -> datetime:
    """When the hold that ends now began, through whatever suspensions followed each other without a gap."""
    return next((one.starts_at for one in reversed(joined(spans)) if one.ends_at >= now), now)
