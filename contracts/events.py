"""What happens between award and completion, told to the rooms above."""

from dataclasses import dataclass

from core.outbox import Event


@dataclass(frozen=True)
class AwardConfirmed(Event):
    award_id: int
    need_id: int
    late: bool


@dataclass(frozen=True)
class ContractSigned(Event):
    contract_id: int
    need_id: int


@dataclass(frozen=True)
class MilestoneAccepted(Event):
    """`days_late`: working days between the limit and the submission that was accepted, 0 when in time."""

    milestone_id: int
    contract_id: int
    days_late: int


@dataclass(frozen=True)
class DeliverableReturned(Event):
    deliverable_id: int
    contract_id: int


@dataclass(frozen=True)
class ContractCompleted(Event):
    contract_id: int
    need_id: int
