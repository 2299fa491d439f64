"""The early end of a contract as its page shows it: what is proposed, who may answer, what both sides said."""

from typing import Any

from contracts.models import Contract, Termination, TerminationAnswer
from contracts.services.filing import must_be_filed
from contracts.services.terminating import waiting

KINDS: dict[str, str] = {
    TerminationAnswer.Outcome.AGREED: "ended",
    TerminationAnswer.Outcome.SILENT: "ended",
    TerminationAnswer.Outcome.DISPUTED: "bad",
    TerminationAnswer.Outcome.WITHDRAWN: "neutral",
}


def told(contract: Contract, side: str | None) -> dict[str, Any]:
    """The proposed ends of a contract as one side (None: a supervisor) sees them, the newest first."""
    open_ = waiting(contract)
    runs = bool(contract.signed_at) and not (contract.completed_at or contract.terminated_at)
    rows = [_row(row) for row in reversed(contract.terminations.all())]
    return {
        "rows": rows,
        "waiting": open_,
        "may_answer": open_ is not None and side is not None and side != open_.proposed_by,
        "may_withdraw": open_ is not None and side == open_.proposed_by,
        "may_propose": runs and side is not None and open_ is None,
        "disputed": any(row["kind"] == KINDS[TerminationAnswer.Outcome.DISPUTED] for row in rows),
    }


def _row(row: Termination) -> dict[str, Any]:
    answer: TerminationAnswer | None = getattr(row, "answer", None)
    return {"termination": row, "answer": answer, "kind": KINDS[answer.outcome] if answer else "now"}


def filing(contract: Contract, side: str | None) -> dict[str, Any] | None:
    """Whether a department's signed contract is filed; None where none has to be."""
    if contract.signed_at is None or not must_be_filed(contract):
        return None
    done = getattr(contract, "filing", None)
    open_ = done is None and contract.terminated_at is None
    return {"done": done, "may_file": open_ and side == "buyer", "until": contract.file_by if open_ else None}
