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
from payments.models.escrow import BankPayment, Escrow, EscrowPart, Funding, Settlement, Side
from payments.models.invoice import MoneyPaper
from payments.models.ledger import Account, Entry, Transfer
from payments.models.orders import BatchLine, PaymentOrder, TreasuryBatch
from payments.models.provider import (
    ChargeDispute,
    Difference,
    DoubleRecord,
    PayoutAccount,
    ProviderCall,
    ProviderEvent,
    Reconciliation,
)

__all__ = [
    "Account",
    "Adjustment",
    "BankPayment",
    "BatchLine",
    "BudgetLine",
    "ChargeDispute",
    "Commitment",
    "Difference",
    "DoubleRecord",
    "Entry",
    "Escrow",
    "EscrowPart",
    "FiscalYear",
    "Funding",
    "MoneyPaper",
    "Payable",
    "PayeeAccount",
    "PaymentCard",
    "PaymentOrder",
    "PayoutAccount",
    "ProviderCall",
    "ProviderEvent",
    "Reconciliation",
    "Reservation",
    "Settlement",
    "Side",
    "Transfer",
    "TreasuryBatch",
]
