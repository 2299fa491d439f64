"""Money: the books first; budgets, escrow and invoices refer to them."""

from payments.models.ledger import Account, Entry, Transfer

__all__ = ["Account", "Entry", "Transfer"]
