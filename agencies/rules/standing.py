"""Where an agency's account stands, derived from its dates and the restrictions in force. Nothing here is stored."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

HEAVIEST = ("removed", "restricted", "suspended", "warned")


class Dates(Protocol):
    """The dates of an account; each is empty until it happened."""

    verified_at: datetime | None
    correction_asked_at: datetime | None
    frozen_at: datetime | None
    leaving_at: datetime | None
    left_at: datetime | None


def state(account: Dates, restrictions: Collection[str]) -> str:
    """One of exited, removed, restricted, suspended, exiting, frozen, correction, warned, verified, registered."""
    barred = [kind for kind in HEAVIEST if kind in restrictions]
    if account.left_at and "removed" not in barred:
        return "exited"
    if barred and barred[0] != "warned":
        return barred[0]
    if account.leaving_at:
        return "exiting"
    if account.verified_at is None and account.correction_asked_at:
        return "frozen" if account.frozen_at else "correction"
    if barred:
        return "warned"
    return "verified" if account.verified_at else "registered"


def door(account: Dates) -> str:
    """Why nothing new may be entered: "left", "leaving", "frozen"; "" when the door is open."""
    if account.left_at:
        return "left"
    if account.leaving_at:
        return "leaving"
    return "frozen" if account.frozen_at else ""
