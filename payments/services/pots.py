"""The accounts of a budget line in the books: what was granted, and one for each stage of its money."""

from payments import ledger
from payments.models import Account, BudgetLine
from payments.rules.budget import STAGES


def pots(line: BudgetLine) -> dict[str, Account]:
    """ "granted" and each stage -> its account, opened when it does not exist yet."""
    kinds = {name: f"budget_{name}" for name in ("granted", *STAGES)}
    rows = Account.objects.filter(owner_id=line.department_id, reference=line.reference, kind__in=kinds.values())
    found = {row.kind: row for row in rows}
    return {name: found.get(kind) or _opened(kind, line) for name, kind in kinds.items()}


def _opened(kind: str, line: BudgetLine) -> Account:
    return ledger.account(kind, line.department_id, line.reference, f"{line.fiscal_year} {line}")
