"""Objections to what a newcomer published: which facts, and how long the mark stands. Standard library only."""

from collections.abc import Iterable

from supervision.rules.complaints import State

FACTS = ("identity", "qualification", "practitioner", "service", "introduction")
EXAMINED = frozenset({State.FILED, State.INCOMPLETE, State.ACCEPTED, State.INVESTIGATING, State.PAUSED})
PREFIX = "fact_"


def to_correct(facts: Iterable[str]) -> tuple[str, ...]:
    """Facts as codes of what an agency is asked to correct."""
    return tuple(f"{PREFIX}{fact}" for fact in facts)


def disputed(corrections: Iterable[str]) -> tuple[str, ...]:
    """Those codes of a request to correct that an objection led to: the agency itself says what it has mended."""
    return tuple(code for code in corrections if code.startswith(PREFIX))
