"""What complaints and cases have in common: events in one order, told by somebody, never backdated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Who:
    """A person acting for an organisation; all empty when the system itself does."""

    user: int | None = None
    org: int | None = None
    kind: str = ""  # of the organisation: "regulator", "operator", "agency" …

    def is_person(self, other: "Who | None") -> bool:
        """The same person, whatever organisation they act for; the system is nobody."""
        return other is not None and self.user is not None and self.user == other.user


SYSTEM = Who()


@dataclass(frozen=True)
class Happening:
    """One event as the rules take it. `until`: the limit it starts."""

    kind: str
    at: datetime
    by: Who = SYSTEM
    until: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Term:
    """The limit an event starts: of which kind of step, by which parameter. `right`: one may, but need not."""

    step: str
    limit: str
    right: bool = False


class Wrong(Exception):  # noqa: N818 - an answer, not a fault
    """An event that may not happen now; `code` says why: "order", "backdated", "reporter" …"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def after(last: datetime, happening: Happening) -> None:
    """Nothing happens before what happened. Raises Wrong("backdated")."""
    if happening.at < last:
        raise Wrong("backdated")
