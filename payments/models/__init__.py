"""Money: the books first; budgets, escrow and invoices refer to them."""

from payments.models.budget import (
    Adjustment,
    BudgetLine,
    Commitment,
    FiscalYear,
    Payable,
    PayeeAccount,
    PaymentCard,
    Reservation,
)
from payments.models.ledger import Account, Entry, Transfer
from payments.models.orders import BatchLine, PaymentOrder, TreasuryBatch

__all__ = [
    "Account",
    "Adjustment",
    "BatchLine",
    "BudgetLine",
    "Commitment",
    "Entry",
    "FiscalYear",
    "Payable",
    "PayeeAccount",
    "PaymentCard",
    "PaymentOrder",
    "Reservation",
    "Transfer",
    "TreasuryBatch",
]
