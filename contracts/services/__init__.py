"""Every verb of this room: what follows an award, the draft, the signature, delivery and acceptance."""

from contracts.services.amending import agree_amendment, propose_amendment, return_amendment, withdraw_amendment
from contracts.services.award import confirm_award, decline_award
from contracts.services.billing import invoice
from contracts.services.delivery import accept, deliver, return_
from contracts.services.draft import confirm, draft, send_back
from contracts.services.filing import file_contract
from contracts.services.signing import sign_if_ready
from contracts.services.terminating import (
    agree_termination,
    dispute_termination,
    propose_termination,
    withdraw_termination,
)

__all__ = [
    "accept",
    "agree_amendment",
    "agree_termination",
    "confirm",
    "confirm_award",
    "decline_award",
    "deliver",
    "dispute_termination",
    "draft",
    "file_contract",
    "invoice",
    "propose_amendment",
    "propose_termination",
    "return_",
    "return_amendment",
    "send_back",
    "sign_if_ready",
    "withdraw_amendment",
    "withdraw_termination",
]
