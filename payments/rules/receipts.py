"""Which movements of money call for a receipt, and what it is called; what a tax invoice's number looks like."""

import re

# Cause of the transfer -> kind of receipt. What arrives, is passed on or goes back; not what is merely decided.
RECEIPTS = {
    "escrow.funded": "held",
    "escrow.transferred": "paid",
    "escrow.refunded": "refunded",
    "bank.confirmed": "bank",
    "treasury.paid": "treasury",
}
# A fully digital invoice has 20 digits; an older one 8, after a code of 10 or 12.
TAX_NUMBER = re.compile(r"[0-9]{8}|[0-9]{18}|[0-9]{20}", re.ASCII)


def tax_number(typed: str) -> str | None:
    """The number without spaces and dashes, "" for none, None when it cannot be one."""
    number = re.sub(r"[\s-]", "", typed)
    return number if not number or TAX_NUMBER.fullmatch(number) else None
