"""Small books for tests: organisations with a member, and accounts with something in them."""

import contextlib
from decimal import Decimal
from itertools import count

from django.db import connection, transaction

from accounts.actor import actor_for
from core.audit import SYSTEM
from payments import ledger
from tests.accounts import people

_numbers = count(1)
NAMES = {"department": "固安县生态环境局", "enterprise": "廊坊远望实业有限公司"}


def member(kind, name=""):
    """Somebody of a new organisation of this kind, as an actor."""
    number = next(_numbers)
    user = people.user(f"{kind}{number}@example.com", name=f"王芳{number}")
    people.organisation(kind, number + 300, user, name=f"{name or NAMES.get(kind, kind)}{number}")
    return actor_for(user)


def organisation(kind="department"):
    return member(kind).organisation


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


@contextlib.contextmanager
def connection_without_triggers():
    """What somebody with the database's own powers could do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
        yield cursor.execute
        cursor.execute("SET LOCAL session_replication_role = origin")
