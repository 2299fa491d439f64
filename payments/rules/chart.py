"""The chart of accounts: which kinds of account exist, on which side they grow, which may fall below zero.

A debit-side account grows by debits (what is there, what was spent), a credit-side account by credits (what is owed,
where it came from). The words people read stand in payments/words.py.
"""

from dataclasses import dataclass

DEBIT, CREDIT = 1, -1


@dataclass(frozen=True)
class Kind:
    """`side`: DEBIT or CREDIT, the sign of its natural balance. `may_be_negative`: the database allows an overdraft."""

    code: str
    side: int
    may_be_negative: bool = False


CHART = {
    kind.code: kind
    for kind in (
        # A department's budget: what was granted, and where it stands now. One set per budget line ("line:7").
        Kind("budget_granted", CREDIT),
        Kind("budget_free", DEBIT),
        Kind("budget_reserved", DEBIT),
        Kind("budget_committed", DEBIT),
        Kind("budget_payable", DEBIT),
        Kind("budget_paid", DEBIT),
        # Escrow: the platform's money at the provider, and whose it is.
        Kind("provider_cash", DEBIT, may_be_negative=True),
        Kind("provider_fees", DEBIT, may_be_negative=True),
        Kind("escrow_held", CREDIT),
        Kind("escrow_frozen", CREDIT),
        Kind("agency_due", CREDIT),
        Kind("platform_fee", CREDIT, may_be_negative=True),
        Kind("refund_due", CREDIT),
        Kind("charge_disputed", DEBIT, may_be_negative=True),  # news of it may come in any order
        Kind("dispute_losses", DEBIT, may_be_negative=True),
        # Bank transfers between the parties: outside the platform, noted for both.
        Kind("bank_sent", DEBIT),
        Kind("bank_received", CREDIT),
    )
}
