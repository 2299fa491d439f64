"""The books. Every amount that moves in the payments room goes through `post`, and only through it.

The database keeps what must never break (migration 0001): a transfer balances, nothing is edited or deleted, an
account that may not be negative never is, moments within an account do not run backwards. Here: one statement per
transfer, the same key never posts twice, and a refused overdraft told in words.

Locks: `post` locks its accounts in the order of their ids until the caller's transaction ends. A caller that posts
several transfers over different accounts in one transaction calls `hold` with all of them first, so that two callers
never wait for each other.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, connection, transaction

from core import clock, jobs
from core.audit import By
from core.errors import Refusal
from core.money import FEN
from payments import errors
from payments.models import Account, Entry, Transfer
from payments.rules.chart import CHART
from payments.rules.receipts import RECEIPTS

Line = tuple[Account, Decimal]
FIELDS = ("key", "digest", "at", "cause", "reference", "by_user_id", "by_org_id", "rules_ref", "note")
NOT_OVERDRAWN = "ledger_not_overdrawn"

POST = """
WITH held AS MATERIALIZED (
    SELECT id, last_at FROM payments_account WHERE id = ANY(%(accounts)s::bigint[]) ORDER BY id FOR NO KEY UPDATE
), moved AS (
    INSERT INTO payments_transfer (key, digest, at, cause, reference, by_user_id, by_org_id, rules_ref, note)
    SELECT %(key)s, %(digest)s, greatest(%(at)s::timestamptz, (SELECT max(last_at) FROM held)), %(cause)s,
           %(reference)s, %(by_user_id)s::bigint, %(by_org_id)s::bigint, %(rules_ref)s, %(note)s
    ON CONFLICT (key) DO NOTHING RETURNING id, at
), lines AS (
    INSERT INTO payments_entry (transfer_id, account_id, at, amount)
    SELECT moved.id, line.account, moved.at, line.amount
    FROM moved, unnest(%(accounts)s::bigint[], %(amounts)s::numeric[]) AS line (account, amount)
    ORDER BY line.account
)
SELECT id, at FROM moved
"""


def account(kind: str, owner_id: int | None, reference: str = "", name: str = "") -> Account:
    """The account of this kind, owner and reference, opened when it does not exist. `name` is kept from the opening.

    An unknown kind is a programming error (KeyError).
    """
    rules = CHART[kind]
    found = Account.objects.filter(kind=kind, owner_id=owner_id, reference=reference).first()
    if found:
        return found
    row = Account(
        kind=kind,
        owner_id=owner_id,
        reference=reference,
        name=name[:120],
        side=rules.side,
        may_be_negative=rules.may_be_negative,
    )
    Account.objects.bulk_create([row], ignore_conflicts=True)  # somebody else may open it at this moment
    return Account.objects.get(kind=kind, owner_id=owner_id, reference=reference)


def post(
    *,
    key: str,
    cause: str,
    reference: str,
    lines: Sequence[Line],
    by: By,
    rules_ref: str = "",
    at: datetime | None = None,
    note: str = "",
) -> Transfer:
    """Move money, once, inside the caller's transaction.

    `lines`: (account, amount), debits positive, credits negative, at most one per account, adding up to zero;
    anything else is a programming error (ValueError). The same `key` with the same cause, reference and lines gives
    back the first transfer; with others raises ledger.key. Raises ledger.overdrawn when an account would fall below
    zero that may not; nothing is written then. `at` is when it happened (default now); a moment before an account's
    last entry is taken as that entry's, since books do not run backwards.
    """
    ordered = _checked(lines)
    moved = Transfer(
        key=key,
        digest=_digest(cause, reference, ordered),
        at=at or clock.now(),
        cause=cause,
        reference=reference,
        by_user_id=by.user_id,
        by_org_id=by.org_id,
        rules_ref=rules_ref,
        note=note[:300],
    )
    try:
        done = _write(moved, ordered)
    except IntegrityError as fault:
        if not _overdraft(fault):
            raise
        raise _overdrawn(ordered) from fault
    if not done:
        return _first(moved)
    if cause in RECEIPTS:
        jobs.enqueue("payments.issue_receipt", transfer_id=moved.pk)
    return moved


def _write(moved: Transfer, ordered: Sequence[Line]) -> bool:
    """The one statement, in a savepoint. Fills in the transfer's number and moment; False when its key exists."""
    values = {field: getattr(moved, field) for field in FIELDS}
    accounts, amounts = [row.pk for row, _ in ordered], [amount for _, amount in ordered]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(POST, {**values, "accounts": accounts, "amounts": amounts})
        row = cursor.fetchone()
    if row:
        moved.pk, moved.at = row
    return bool(row)


def balance(account: Account, at: datetime | None = None) -> Decimal:
    """What the account holds, positive on its own side; with `at`, what it held after everything up to that moment.

    One index lookup, however many entries there are.
    """
    if at is None:
        signed = Account.objects.values_list("balance", flat=True).get(pk=account.pk)
    else:
        until = Entry.objects.filter(account=account, at__lte=at).order_by("-at", "-seq")
        signed = until.values_list("balance", flat=True).first() or Decimal(0)
    return (signed * account.side + 0).quantize(FEN)


def hold(accounts: Sequence[Account]) -> list[Account]:
    """Lock accounts in the order of their ids until the transaction ends; gives them back as they stand now."""
    rows = Account.objects.select_for_update(no_key=True).filter(pk__in=[row.pk for row in accounts])
    return list(rows.order_by("pk"))


def transfer(key: str) -> Transfer | None:
    """The transfer posted under a key, if any."""
    return Transfer.objects.filter(key=key).first()


def _checked(lines: Sequence[Line]) -> list[Line]:
    ordered = sorted(lines, key=lambda line: line[0].pk)
    amounts = [amount for _, amount in ordered]
    if len(ordered) < 2 or len({row.pk for row, _ in ordered}) < len(ordered):
        raise ValueError("a transfer has at least two lines, one per account")
    if any(not amount or amount != amount.quantize(FEN) for amount in amounts):
        raise ValueError("an amount is not zero and has at most two places")
    if sum(amounts):
        raise ValueError("debits and credits differ")
    return ordered


def _digest(cause: str, reference: str, ordered: Sequence[Line]) -> str:
    body = [cause, reference, [[row.pk, f"{amount:.2f}"] for row, amount in ordered]]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()


def _overdraft(fault: IntegrityError) -> bool:
    diagnosis = getattr(fault.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) == NOT_OVERDRAWN


def _overdrawn(ordered: Sequence[Line]) -> Refusal:
    """Name the account that fell short; by now the savepoint is gone and balances are read again."""
    fresh = Account.objects.in_bulk([row.pk for row, _ in ordered])
    short = [(fresh[row.pk], amount) for row, amount in ordered if amount * row.side < 0 and not row.may_be_negative]
    row, amount = min(short, key=lambda line: line[0].natural + line[1] * line[0].side)
    return errors.OVERDRAWN(account=row.label, free=f"{row.natural:,.2f}", wanted=f"{abs(amount):,.2f}")


def _first(moved: Transfer) -> Transfer:
    first = Transfer.objects.get(key=moved.key)
    if first.digest != moved.digest:
        raise errors.KEY_TAKEN()
    return first
