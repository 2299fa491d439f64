"""Small books for tests: a department, an enterprise, and accounts with something in them."""

from decimal import Decimal
from itertools import count

from accounts.models import Organisation
from accounts.selectors import region
from core import clock
from core.audit import SYSTEM
from payments import ledger

_numbers = count(1)


def organisation(kind=Organisation.Kind.DEPARTMENT, name="固安县生态环境局"):
    number = next(_numbers)
    return Organisation.objects.create(
        kind=kind,
        name=f"{name}{number}",
        credit_code=f"TEST{number:014d}",
        region=region("131022"),
        contact_name="王芳",
        contact_phone="03162051234",
        registered_at=clock.now(),
    )


def granted(owner, amount="10000.00", reference="line:1"):
    """A budget line's accounts with free money: (granted, free)."""
    source = ledger.account("budget_granted", owner.pk, reference)
    free = ledger.account("budget_free", owner.pk, reference)
    move(free, source, amount)
    return source, free


def move(debit, credit, amount, key=None, **more):
    """Debit one account and credit another."""
    amount = Decimal(amount)
    return ledger.post(
        **{
            "key": key or f"test:{next(_numbers)}",
            "cause": "test",
            "reference": "need:1",
            "lines": [(debit, amount), (credit, -amount)],
            "by": SYSTEM,
            **more,
        }
    )
