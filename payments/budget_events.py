"""What a department's payments tell the rooms above."""

from dataclasses import dataclass

from core.outbox import Event


@dataclass(frozen=True)
class PaymentLate(Event):
    """A payment is past its limit: its card is red."""

    payable_id: int
    department_id: int


@dataclass(frozen=True)
class PaymentMade(Event):
    """The treasury paid what a department owed for `reference` ("milestone:7")."""

    payable_id: int
    department_id: int
    reference: str
