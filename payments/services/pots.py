"""The accounts of a budget line in the books: what was granted, and one for each stage of its money."""

from payments import ledger
from payments.models import Account, BudgetLine
from payments.rules.budget import STAGES


def pots(line: BudgetLine) -> dict[str, Account]:
    """ "granted" and each stage -> its account, opened when it does not exist yet."""
    return {
        name: ledger.account(f"budget_{name}", line.department_id, line.reference, f"{line.fiscal_year} {line}")
        for name in ("granted", *STAGES)
    }
