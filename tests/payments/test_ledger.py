"""Posting: what moves, what is refused in words, and what the database refuses whoever asks."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from core import clock
from core.audit import SYSTEM, By
from core.errors import Refusal
from payments import ledger
from payments.models import Account, Entry, Transfer
from payments.rules.chart import CHART
from payments.words import KINDS
from tests.payments.books import granted, move, organisation

pytestmark = pytest.mark.django_db


def test_money_moves_from_one_side_to_the_other():
    source, free = granted(organisation(), "10000.00")
    reserved = ledger.account("budget_reserved", free.owner_id, "line:1")
    move(reserved, free, "2500.50")
    assert [ledger.balance(one) for one in (source, free, reserved)] == [
        Decimal("10000.00"),
        Decimal("7499.50"),
        Decimal("2500.50"),
    ]


def test_an_account_is_opened_once():
    owner = organisation()
    first = ledger.account("budget_free", owner.pk, "line:1", "环评专项")
    assert ledger.account("budget_free", owner.pk, "line:1").pk == first.pk
    assert ledger.account("provider_cash", None).pk == ledger.account("provider_cash", None).pk
    assert first.label == "可用预算 · 环评专项"


def test_every_kind_of_account_has_a_word():
    assert set(CHART) == set(KINDS)


def test_the_same_key_moves_money_once():
    source, free = granted(organisation(), "100.00")
    first = move(free, source, "5.00", key="once", by=By(None, free.owner_id))
    again = move(free, source, "5.00", key="once", by=SYSTEM)
    assert again.pk == first.pk
    assert ledger.balance(free) == Decimal("105.00")
    assert ledger.transfer("once") == first


def test_the_same_key_with_another_content_is_refused():
    source, free = granted(organisation(), "100.00")
    move(free, source, "5.00", key="once")
    for change in ({"amount": "6.00"}, {"amount": "5.00", "cause": "other"}, {"amount": "5.00", "reference": "need:2"}):
        with pytest.raises(Refusal) as refused:
            move(free, source, key="once", **change)
        assert refused.value.code == "ledger.key"


def test_an_overdraft_is_refused_in_words_and_leaves_nothing():
    _, free = granted(organisation(), "100.00")
    reserved = ledger.account("budget_reserved", free.owner_id, "line:1")
    before = Transfer.objects.count()
    with pytest.raises(Refusal) as refused:
        move(reserved, free, "100.01")
    assert refused.value.code == "ledger.overdrawn"
    assert "可用预算" in refused.value.sentence
    assert "100.00" in refused.value.sentence
    assert "100.01" in refused.value.sentence
    assert Transfer.objects.count() == before
    assert ledger.balance(free) == Decimal("100.00")


def test_a_transfer_that_is_no_transfer_is_a_fault_of_the_program():
    source, free = granted(organisation())
    one, cent = Decimal(1), Decimal("0.001")
    for lines in ([(free, one)], [(free, one), (source, -2 * one)], [(free, one), (free, -one)]):
        with pytest.raises(ValueError, match=r"transfer|debits"):
            ledger.post(key="k", cause="c", reference="r", lines=lines, by=SYSTEM)
    for amount in (cent, 0 * one):
        with pytest.raises(ValueError, match="amount"):
            ledger.post(key="k", cause="c", reference="r", lines=[(free, amount), (source, -amount)], by=SYSTEM)


def test_the_balance_of_any_moment_is_kept():
    source, free = granted(organisation(), "100.00")
    start = clock.now()
    for day in (1, 2, 3):
        move(free, source, f"{day}.00", at=start + timedelta(days=day))
    at = [ledger.balance(free, start + timedelta(days=day, hours=1)) for day in (-1, 0, 1, 2, 3)]
    assert at == [Decimal(text) for text in ("0.00", "100.00", "101.00", "103.00", "106.00")]


def test_books_do_not_run_backwards():
    source, free = granted(organisation(), "100.00")
    last = move(free, source, "1.00", at=clock.now() + timedelta(days=3))
    early = move(free, source, "1.00", at=clock.now())
    assert early.at == last.at


@transaction.atomic
def execute(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def settle():
    """Check now what the database would check at commit."""
    execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


ENTRY = "INSERT INTO payments_entry (transfer_id, account_id, at, amount) VALUES (%s, %s, %s, %s)"


@transaction.atomic
def raw_transfer(key, *lines, at=None):
    """Write a transfer past the ledger's own checks."""
    moved = Transfer.objects.create(key=key, digest="", at=at or clock.now(), cause="raw", reference="x")
    for account, amount, moment in lines:
        execute(ENTRY, moved.pk, account.pk, moment or moved.at, amount)
    settle()


@transaction.atomic
def raw_entry(transfer_id, account, amount):
    execute(ENTRY, transfer_id, account.pk, clock.now(), amount)
    settle()


@pytest.mark.parametrize("table", ["payments_transfer", "payments_entry", "payments_account"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_edit_or_delete(table, verb):
    granted(organisation())
    settle()
    with pytest.raises(DatabaseError, match=r"append-only|moved by entries only"):
        execute(verb.format(table))


def test_the_database_refuses_an_account_that_does_not_open_empty():
    with pytest.raises(DatabaseError, match="opens empty"), transaction.atomic():
        Account.objects.create(kind="budget_free", side=1, may_be_negative=False, balance=Decimal(5))


def test_the_database_refuses_what_does_not_balance():
    source, free = granted(organisation())
    for lines in ([], [(free, 1, None)], [(free, 5, None), (source, -4, None)]):
        with pytest.raises(DatabaseError, match="adds up to"):
            raw_transfer("raw", *lines)


def test_the_database_refuses_lines_of_another_moment():
    source, free = granted(organisation())
    later = clock.now() + timedelta(days=1)
    with pytest.raises(DatabaseError, match="another moment"):
        raw_transfer("raw", (free, 5, later), (source, -5, None))


def test_the_database_refuses_to_add_lines_to_an_old_transfer():
    _source, free = granted(organisation())
    old = Entry.objects.filter(account=free).get().transfer_id
    paid = ledger.account("budget_paid", free.owner_id, "line:1")
    with pytest.raises(DatabaseError, match="adds up to"):
        raw_entry(old, paid, 5)


def test_the_database_refuses_an_overdraft_whoever_asks():
    source, free = granted(organisation(), "100.00")
    with pytest.raises(DatabaseError, match="ledger_not_overdrawn"):
        raw_transfer("raw", (free, -101, None), (source, 101, None))


def test_the_database_refuses_an_entry_before_the_last():
    source, free = granted(organisation(), "100.00")
    with pytest.raises(DatabaseError, match="later entry"):
        raw_transfer("raw", (free, 1, None), (source, -1, None), at=clock.now() - timedelta(days=9))
