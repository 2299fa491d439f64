"""The draw of a double-random inspection: whom, and by whom. Anybody draws again with SHA-256 and pen and paper.

Before: both pools are frozen and published with their hash, and SHA-256 of a secret (the commitment). Then anybody may
throw in a word, each chained to the one before. After the announced time the secret is opened, and

    seed   = SHA-256(secret ‖ hash of the pools ‖ hash of the last word ‖ the public number, if one was announced)
    ticket = SHA-256(seed ‖ "subject:12")

Of each band the lowest tickets are drawn. Nobody outside knows the secret beforehand; the platform, which does, can
choose neither pools nor secret after the first word, and must not know the words before it commits.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BANDS = ("A", "B", "C", "D")  # from the least risk to the most
Pools = Mapping[str, Any]


@dataclass(frozen=True)
class Drawn:
    """A drawn subject with its band and its inspectors, the first one leads."""

    subject: int
    band: str
    inspectors: tuple[int, ...]


def band(grade: str, *, steps: int, ungraded: str) -> str:
    """The risk band of a grade, moved `steps` bands towards more risk; an agency without grade starts at `ungraded`."""
    place = BANDS.index(grade if grade in BANDS else ungraded)
    return BANDS[min(place + steps, len(BANDS) - 1)]


def wanted(count: int, percent: int) -> int:
    """How many of a band are drawn: its share, rounded up; none of an empty band."""
    return -(-count * percent // 100)


def pools_hash(pools: Pools) -> str:
    """SHA-256 over the pools as canonical JSON: keys sorted, no blanks, UTF-8."""
    text = json.dumps(pools, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def announcement(record: Mapping[str, Any]) -> str:
    """What the platform signs when it commits: plan, round, both hashes, both moments, the public number's name."""
    fields = ("round", "pools_hash", "commitment", "committed_at", "draws_at", "public_number")
    return "\n".join(["inspection draw 1", record["plan"]["number"], *(str(record[name]) for name in fields)])


def word_hash(previous: str, seq: int, organisation: int, text: str) -> str:
    """A word's place in the chain, which begins with the commitment."""
    return hashlib.sha256(bytes.fromhex(previous) + f"{seq}|{organisation}|{text}".encode()).hexdigest()


def seed(secret: str, pools: str, head: str, public_value: str) -> str:
    """`pools`: their hash. Hex in, hex out; the public number as its characters in UTF-8."""
    parts = bytes.fromhex(secret) + bytes.fromhex(pools) + bytes.fromhex(head) + public_value.encode()
    return hashlib.sha256(parts).hexdigest()


def ticket(sown: str, label: str) -> str:
    return hashlib.sha256(bytes.fromhex(sown) + label.encode()).hexdigest()


def draw(pools: Pools, sown: str) -> list[Drawn]:
    """Band by band the lowest tickets; each gets its inspectors, those with the fewest inspections so far first."""
    load = {one["id"]: 0 for one in pools["inspectors"]}
    return [_manned(pools, sown, subject, load) for subject in _subjects(pools, sown)]


def _subjects(pools: Pools, sown: str) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for name in BANDS:
        rows = sorted((one for one in pools["subjects"] if one["band"] == name), key=lambda one: _subject(sown, one))
        found += rows[: wanted(len(rows), pools["ratios"][name])]
    return found


def _subject(sown: str, one: Mapping[str, Any]) -> str:
    return ticket(sown, f"subject:{one['id']}")


def _manned(pools: Pools, sown: str, subject: Mapping[str, Any], load: dict[int, int]) -> Drawn:
    order = sorted(order_for(pools, sown, subject["id"]), key=lambda inspector: load[inspector])
    team = tuple(order[: pools["team"]])
    for inspector in team:
        load[inspector] += 1
    return Drawn(subject["id"], subject["band"], team)


def order_for(pools: Pools, sown: str, subject: int) -> list[int]:
    """Everybody who may inspect this subject, by ticket: also the order in which substitutes step in."""
    free = eligible(pools, subject)
    return sorted(free, key=lambda inspector: ticket(sown, f"inspector:{subject}:{inspector}"))


def eligible(pools: Pools, subject: int) -> list[int]:
    """Inspectors without a tie to the subject."""
    barred = {inspector for inspector, tied, _ground in pools["avoid"] if tied == subject}
    return [one["id"] for one in pools["inspectors"] if one["id"] not in barred]


def short_of(pools: Pools) -> Sequence[int]:
    """Subjects that would find fewer inspectors than a team needs."""
    return [one["id"] for one in pools["subjects"] if len(eligible(pools, one["id"])) < pools["team"]]
