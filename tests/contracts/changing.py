"""Changes to a signed contract, as both sides make them in tests."""

from datetime import timedelta

from contracts import services
from contracts.models import Contract
from contracts.services.amending import last_day
from core.money import Money
from tests.contracts.world import after_publicity, drafted

REASON = "现场资料晚到，双方商定顺延。"


def two_stages(**options):
    """A world with a signed contract of two stages: 8,500.00 in 10 and 40,000.00 in 30 working days."""
    w, contract = drafted(**options)
    plan = [("踏勘报告", Money.of("8500.00"), 10), ("报批稿", Money.of("40000.00"), 30)]
    call = {"contract_id": contract.pk, "side": "supplier", "by": w.as_agency}
    with after_publicity(w.award):
        services.draft(terms=contract.terms, milestones=plan, **call)
        services.confirm(**call)
        services.confirm(contract_id=contract.pk, side="buyer", by=w.as_buyer)
    return w, Contract.objects.get(pk=contract.pk)


def stages(contract, **changed):
    """Every milestone as it stands; `later`, `amount`, `title` change the last one."""
    rows = [(one.pk, one.title, one.amount, last_day(one)) for one in contract.milestones.all()]
    pk, title, amount, due = rows[-1]
    rows[-1] = (
        pk,
        changed.get("title", title),
        Money.of(changed["amount"]) if "amount" in changed else amount,
        due + timedelta(days=changed.get("later", 0)),
    )
    return rows


def proposal(w, contract, side="supplier", terms=None, reason=REASON, **changed):
    """Proposed right after signing; a week later by default."""
    return services.propose_amendment(
        contract_id=contract.pk,
        side=side,
        reason=reason,
        terms=contract.terms if terms is None else terms,
        stages=stages(contract, **(changed or {"later": 7})),
        by=w.as_agency if side == "supplier" else w.as_buyer,
    )
