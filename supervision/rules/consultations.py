"""Public consultation on a draft rule: where it stands, whether it may be adopted, and what it changes. Pure."""

import re
import unicodedata
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


# What tells who somebody is: e-mail addresses, identity card numbers, telephone numbers, also with the country's code
# and in full-width digits. PostgreSQL reads it as Python does, so that a search looks through what everybody may read.
_N, _A, _GAP = "[0-9０-９]", "A-Za-z0-9０-９", "[ -]?"
PERSONAL = (
    f"(?<![{_A}_.+-])[{_A}_.+-]+@[{_A}_-]+(?:[.][{_A}_-]+)+"
    f"|(?<![{_A}])[1-9１-９]{_N}{{16}}(?:{_N}|[Xx])(?![{_A}])"
    f"|(?<!{_N})(?:[+0０]*[8８][6６]{_GAP})?[1１][3-9３-９]{_N}(?:{_GAP}{_N}{{4}}){{2}}(?!{_N})"
    f"|(?<!{_N})[0０]{_N}{{2,3}}{_GAP}{_N}{{7,8}}(?!{_N})"
)
HIDDEN = "***"
_PERSONAL = re.compile(PERSONAL, re.ASCII)
_PART = re.compile(r"[0-9A-Za-z０-９_@.+ -]")


def without_personal(text: str) -> str:
    """The text as everybody may read it."""
    return _PERSONAL.sub(HIDDEN, text)


def may_be_hidden(wanted: str) -> bool:
    """Could it be a part of what is hidden? Whoever searches for such must not learn that it is there."""
    return _PART.search(wanted) is not None


def without_echo(text: str, said: str) -> str:
    """An answer as everybody may read it: an office's own number stays, what hides in the text answered to does not."""
    told = {_bare(one) for one in _PERSONAL.findall(said)}
    return _PERSONAL.sub(lambda one: HIDDEN if _bare(one[0]) in told else one[0], text)


def _bare(item: str) -> str:
    """Numbers compared without gaps and the country's code, whatever the width of their digits."""
    plain = unicodedata.normalize("NFKC", item).lower().replace(" ", "").replace("-", "")
    return plain if "@" in plain else re.sub(r"^[+0]*86(?=1[3-9][0-9]{9}$)", "", plain)
