"""Contract terms as people type them: lines, some of which head a clause. Pure."""

import re
from dataclasses import dataclass

_HEADING = re.compile(r"第[一二三四五六七八九十百零〇0-9]{1,5}条")


@dataclass(frozen=True)
class TermLine:
    text: str
    heading: bool


def clauses(terms: str) -> list[TermLine]:
    """The lines that say something; one that begins with "第…条" heads a clause."""
    lines = (line.strip() for line in terms.splitlines())
    return [TermLine(line, heading=bool(_HEADING.match(line)) and len(line) < 40) for line in lines if line]
