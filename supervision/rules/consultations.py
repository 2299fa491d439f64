"""Public consultation on a draft rule: where it stands, whether it may be adopted, and what it changes. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum


class Stage(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Facts:
    """What is known of a draft. `drafter` and `adopter` are persons; `waiting`: opinions without an answer."""

    drafter: int
    closes_at: datetime
    adopted_at: datetime | None = None
    withdrawn_at: datetime | None = None
    waiting: int = 0


def stage(facts: Facts, now: datetime) -> Stage:
    if facts.withdrawn_at:
        return Stage.WITHDRAWN
    if facts.adopted_at:
        return Stage.ADOPTED
    return Stage.CLOSED if now >= facts.closes_at else Stage.OPEN


def why_not(facts: Facts, now: datetime, adopter: int, starts_at: datetime) -> str | None:
    """Why somebody may not adopt the draft now, to hold from `starts_at`; None when they may."""
    found = stage(facts, now)
    hindrances = {
        "over": found in (Stage.ADOPTED, Stage.WITHDRAWN),
        "open": found == Stage.OPEN,
        "unanswered": facts.waiting > 0,
        "drafter": adopter == facts.drafter,
        "past": starts_at < now,
    }
    return next((code for code, true in hindrances.items() if true), None)


@dataclass(frozen=True)
class Change:
    """Paragraphs of a text that differ: as they are in force, and as the draft has them; "" where there are none."""

    before: str
    after: str


def changes(before: str, after: str) -> Iterator[Change]:
    """What a draft changes in a text, paragraph by paragraph, in its order."""
    old, new = _paragraphs(before), _paragraphs(after)
    for kind, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Change("\n".join(old[a:b]), "\n".join(new[c:d]))


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


# What tells who somebody is: e-mail addresses, identity card numbers, telephone numbers.
_PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])"
    r"|(?<![0-9])1[3-9][0-9](?:[ -]?[0-9]{4}){2}(?![0-9])"
    r"|(?<![0-9])0[0-9]{2,3}[ -]?[0-9]{7,8}(?![0-9])",
    re.ASCII,
)


def without_personal(text: str) -> str:
    """The text as everybody may read it."""
    return _PERSONAL.sub("***", text)
