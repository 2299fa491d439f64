"""Every verb of this room: what follows an award, the draft, the signature, delivery and acceptance."""

from contracts.services.amending import agree_amendment, propose_amendment, return_amendment, withdraw_amendment
from contracts.services.award import confirm_award, decline_award
from contracts.services.billing import invoice
from contracts.services.delivery import accept, deliver, return_
from contracts.services.draft import confirm, draft, send_back
from contracts.services.signing import sign_if_ready

__all__ = [
    "accept",
    "agree_amendment",
    "confirm",
    "confirm_award",
    "decline_award",
    "deliver",
    "draft",
    "invoice",
    "propose_amendment",
    "return_",
    "return_amendment",
    "send_back",
    "sign_if_ready",
    "withdraw_amendment",
]
