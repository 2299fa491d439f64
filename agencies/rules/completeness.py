"""What would make an agency's file more complete. Nothing here gates anything: entry has no threshold."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Face:
    """What the public finds on the agency's page."""

    introduction: str
    address: str
    services: int
    required_licences: frozenset[str]
    held_licences: frozenset[str]
    qualifications: int
    waiting_scans: int
    practitioners: int


@dataclass(frozen=True)
class Step:
    """One thing to add; `missing` names the licences it is about, if any."""

    name: str
    done: bool
    missing: tuple[str, ...] = ()


def steps(face: Face) -> list[Step]:
    """Every step in the order in which it helps most."""
    lacking = tuple(sorted(face.required_licences - face.held_licences))
    return [
        Step("services", face.services > 0),
        Step("licences", not lacking, lacking),
        Step("introduction", bool(face.introduction)),
        Step("address", bool(face.address)),
        Step("qualifications", face.qualifications > 0),
        Step("scans", face.waiting_scans == 0),
        Step("practitioners", face.practitioners > 0),
    ]


def share(done: Iterable[Step]) -> int:
    """How much is there, in whole percent."""
    known = [step.done for step in done]
    return round(100 * sum(known) / len(known)) if known else 100
