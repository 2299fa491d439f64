"""The state of a contract, derived from its dates. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    DRAFTING = "drafting"
    TO_CONFIRM = "to_confirm"
    PUBLICITY = "publicity"
    IN_SERVICE = "in_service"
    COMPLETED = "completed"
    TERMINATED = "terminated"


@dataclass(frozen=True)
class Dates:
    buyer_confirmed: datetime | None = None
    supplier_confirmed: datetime | None = None
    signed: datetime | None = None
    completed: datetime | None = None
    terminated: datetime | None = None


def contract_state(dates: Dates) -> State:
    """Where a contract stands. Both confirmed but not signed: the award's publicity is still running."""
    if dates.terminated:
        return State.TERMINATED
    if dates.completed:
        return State.COMPLETED
    if dates.signed:
        return State.IN_SERVICE
    confirmed = (dates.buyer_confirmed is not None) + (dates.supplier_confirmed is not None)
    return (State.DRAFTING, State.TO_CONFIRM, State.PUBLICITY)[confirmed]


class Step(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    REWORK = "rework"
    ACCEPTED = "accepted"


def milestone_step(*, accepted: bool, submissions: int, returns: int) -> Step:
    """Where a milestone stands: nothing handed in, waiting for the buyer's answer, sent back, or accepted."""
    if accepted:
        return Step.ACCEPTED
    if submissions > returns:
        return Step.DELIVERED
    return Step.REWORK if returns else Step.WAITING
