"""The accounts an escrow moves money between, and the moves: each a transfer with a key of its own, posted once.

Callers hold the escrow's row. Money at the provider (provider_cash) moves only when the provider has moved it, under
the key "stripe:<its object>:<what>", so that reconciliation finds every movement by the provider's own name.
"""

from dataclasses import dataclass
from decimal import Decimal

from core.audit import SYSTEM, By
from core.money import Money
from payments import ledger
from payments.models import Account, ChargeDispute, Escrow
from payments.rules import escrow as rules


@dataclass(frozen=True)
class Pots:
    """One escrow's accounts, each opened when first used."""

    escrow: Escrow

    def _own(self, kind: str, owner_id: int | None) -> Account:
        return ledger.account(kind, owner_id, self.escrow.reference, self.escrow.number)

    @property
    def held(self) -> Account:
        return self._own("escrow_held", self.escrow.buyer_id)

    @property
    def frozen(self) -> Account:
        return self._own("escrow_frozen", self.escrow.buyer_id)

    @property
    def agency_due(self) -> Account:
        return self._own("agency_due", self.escrow.supplier_id)

    @property
    def refund_due(self) -> Account:
        return self._own("refund_due", self.escrow.buyer_id)

    @property
    def disputed(self) -> Account:
        return self._own("charge_disputed", None)


def cash() -> Account:
    return ledger.account("provider_cash", None)


def fees() -> Account:
    return ledger.account("provider_fees", None)


def earnings() -> Account:
    return ledger.account("platform_fee", None)


def held(escrow: Escrow) -> Money:
    """What may be released or given back."""
    return Money(ledger.balance(Pots(escrow).held))


def frozen(escrow: Escrow) -> Money:
    return Money(ledger.balance(Pots(escrow).frozen))


def move(
    escrow: Escrow, key: str, cause: str, lines: list[tuple[Account, Decimal]], *, by: By = SYSTEM, note: str = ""
) -> None:
    """Post one transfer about the escrow; lines of nothing are left out."""
    told = [(account, amount) for account, amount in lines if amount]
    if told:
        ledger.post(
            key=key,
            cause=f"escrow.{cause}",
            reference=escrow.reference,
            lines=told,
            by=by,
            rules_ref=escrow.rules_ref,
            note=note,
        )


def freeze(escrow: Escrow, mark: str, by: By) -> None:
    """Put everything that is held out of reach. `mark` names the occasion."""
    pots, amount = Pots(escrow), held(escrow).amount
    move(escrow, f"freeze:{escrow.pk}:{mark}", "frozen", [(pots.held, amount), (pots.frozen, -amount)], by=by)


def thaw(escrow: Escrow, mark: str, by: By) -> None:
    pots, amount = Pots(escrow), frozen(escrow).amount
    move(escrow, f"thaw:{escrow.pk}:{mark}", "thawed", [(pots.frozen, amount), (pots.held, -amount)], by=by)


def lose(escrow: Escrow, dispute: ChargeDispute) -> None:
    """The payer's bank kept the money: out of what is still here, then out of what was owed back to the same payer;
    what had already gone to the agency is the platform's loss.
    """
    pots = Pots(escrow)
    sources = [pots.frozen, pots.held, pots.refund_due]
    taken, rest = rules.take(dispute.amount.amount, [ledger.balance(one) for one in sources])
    losses = ledger.account("dispute_losses", None)
    lines = [*zip(sources, taken, strict=True), (losses, rest), (pots.disputed, -dispute.amount.amount)]
    move(escrow, f"stripe:{dispute.dispute_id}:lost", "dispute_lost", lines)
