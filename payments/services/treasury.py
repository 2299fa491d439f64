"""Batches to the treasury, and the results that come back. A return file is taken whole or not at all; one that was
taken before changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Prefetch

from accounts.errors import NOT_YOURS
from core import audit, clock, rulesets
from core.audit import By
from core.money import Money
from core.numbering import next_number
from core.outbox import emit
from core.workdays import LOCAL
from payments import errors
from payments.budget_events import PaymentMade
from payments.budget_words import RETURN_FAULTS
from payments.models import BatchLine, Payable, PaymentOrder, TreasuryBatch
from payments.rules import budget as rules
from payments.rules import treasury
from payments.rules.treasury import Result
from payments.services.budgets import settle
from payments.services.cards import show

PREFIX = "GK"


@dataclass(frozen=True)
class Taken:
    """What a return file told: how many were paid, rejected, and known before."""

    batch: TreasuryBatch
    paid: int
    rejected: int
    known: int


@transaction.atomic
def make_batch(*, department_id: int, order_ids: Sequence[int], by: By) -> TreasuryBatch:
    """Send checked orders together. Raises access.not_yours, batch.empty, batch.large, order.moved."""
    if by.org_id != department_id or by.user_id is None:
        raise NOT_YOURS()
    most = rulesets.current("budget")["orders_per_batch"]
    if len(order_ids) > most:
        raise errors.BATCH_LARGE(most=most)
    rows = PaymentOrder.objects.select_for_update(no_key=True).filter(pk__in=order_ids, department=department_id)
    orders = list(rows.order_by("pk"))
    if not orders:
        raise errors.BATCH_EMPTY()
    if any(order.state != rules.CHECKED for order in orders):
        raise errors.ORDER_MOVED()
    batch = TreasuryBatch.objects.create(
        number=next_number(PREFIX),
        department_id=department_id,
        made_at=clock.now(),
        made_by_id=by.user_id,
        count=len(orders),
        total=sum((order.amount for order in orders), Money.of(0)),
    )
    BatchLine.objects.bulk_create(_line(batch, order, place) for place, order in enumerate(orders, start=1))
    PaymentOrder.objects.filter(pk__in=[order.pk for order in orders]).update(waiting=True)
    data = {"number": batch.number, "orders": [order.number for order in orders], "total": str(batch.total.amount)}
    audit.record(stream=f"batch:{batch.pk}", action="sent", by=by, data=data)
    return batch


def _line(batch: TreasuryBatch, order: PaymentOrder, position: int) -> BatchLine:
    return BatchLine(
        batch=batch,
        position=position,
        order=order,
        amount=order.amount,
        holder=order.holder,
        bank=order.bank,
        account_number=order.account_number,
    )


def as_file(batch: TreasuryBatch) -> treasury.Batch:
    """The batch as rules.treasury writes it, from what was sent, whatever became of the orders since."""
    path = "order__payable__commitment__reservation__line__fiscal_year"
    lines = BatchLine.objects.filter(batch=batch).select_related(path)
    return treasury.Batch(
        number=batch.number,
        payer_name=batch.department.name,
        payer_code=batch.department.credit_code,
        made_at=batch.made_at.astimezone(LOCAL).isoformat(timespec="seconds"),
        count=batch.count,
        total=f"{batch.total.amount:.2f}",
        instructions=[_instruction(line) for line in lines],
    )


def _instruction(line: BatchLine) -> treasury.Instruction:
    budget = line.order.payable.commitment.reservation.line
    return treasury.Instruction(
        position=line.position,
        order_number=line.order.number,
        budget_year=str(budget.fiscal_year.year),
        budget_code=budget.code,
        budget_name=budget.name,
        payee_name=line.holder,
        bank=line.bank,
        account_number=line.account_number,
        amount=f"{line.amount.amount:.2f}",
        purpose=line.order.purpose,
    )


@transaction.atomic
def take_return(*, department_id: int, content: bytes, by: By) -> Taken:
    """Take a return file in. Raises access.not_yours, return.unreadable, return.wrong; then nothing was taken."""
    if by.org_id != department_id:
        raise NOT_YOURS()
    results = _read(content)
    batch = _batch(department_id, results[0].batch_number)
    lines = {line.position: line for line in batch.lines.all()}
    fresh = [(lines[one.position], one) for one in results if _fits(lines.get(one.position), one)]
    for line, one in fresh:
        _answer(line, one, by)
    if all(line.result for line in lines.values()) and batch.answered_at is None:
        batch.answered_at = clock.now()
        batch.save(update_fields=["answered_at"])
    paid = sum(one.result == treasury.PAID for _, one in fresh)
    taken = Taken(batch, paid, len(fresh) - paid, len(results) - len(fresh))
    data = {"paid": taken.paid, "rejected": taken.rejected, "known": taken.known}
    audit.record(stream=f"batch:{batch.pk}", action="returned", by=by, data=data)
    return taken


def _read(content: bytes) -> list[Result]:
    try:
        return treasury.read(content)
    except ValueError as wrong:
        code, detail = wrong.args
        raise errors.RETURN_UNREADABLE(why=str(RETURN_FAULTS[code]).format(detail=detail)) from wrong


def _batch(department_id: int, number: str) -> TreasuryBatch:
    """The batch and its orders, locked."""
    orders = BatchLine.objects.select_related("order__payable__commitment__reservation")
    rows = TreasuryBatch.objects.select_for_update(no_key=True).filter(department=department_id, number=number)
    batch = rows.prefetch_related(Prefetch("lines", orders)).first()
    if batch is None:
        raise errors.RETURN_WRONG(why=str(RETURN_FAULTS["unknown"]).format(detail=number))
    list(PaymentOrder.objects.select_for_update(no_key=True).filter(batch_lines__batch=batch).order_by("pk"))
    return batch


def _fits(line: BatchLine | None, one: Result) -> bool:
    """Is the result news? Raises return.wrong when it is about something else than was sent, or was told otherwise."""
    if line is None or line.order.number != one.order_number or line.amount.amount != one.amount:
        raise errors.RETURN_WRONG(why=str(RETURN_FAULTS["line"]).format(detail=one.position))
    if line.result and line.result != one.result.lower():
        raise errors.RETURN_WRONG(why=str(RETURN_FAULTS["told"]).format(detail=one.position))
    return not line.result


def _answer(line: BatchLine, one: Result, by: By) -> None:
    now, order = clock.now(), line.order
    line.result, line.reason, line.treasury_reference = one.result.lower(), one.reason, one.treasury_reference
    line.answered_at = now
    line.save()
    order.waiting = False
    if line.result == BatchLine.Result.PAID:
        order.paid_at, order.treasury_reference = now, one.treasury_reference
        _paid(order.payable, by)
    else:
        order.rejected_at, order.reason = now, one.reason
        order.checked_at = order.checked_by = None
    order.save()
    audit.record(stream=f"order:{order.pk}", action=line.result, by=by, reason=one.reason, data={"line": line.pk})


def _paid(payable: Payable, by: By) -> None:
    payable.paid_at = clock.now()
    payable.save(update_fields=["paid_at"])
    show(payable, clock.now())
    settle(payable=payable, by=by)
    emit(PaymentMade(payable.pk, payable.department_id, payable.reference))


def results_for(batch: TreasuryBatch, rejected: Iterable[tuple[int, str]] = ()) -> list[Result]:
    """What a treasury would answer to a batch: all paid but those positions, each with its reason. Demo and tests."""
    reasons = dict(rejected)
    return [
        Result(
            batch_number=batch.number,
            position=line.position,
            order_number=line.order.number,
            amount=line.amount.amount,
            result=treasury.REJECTED if line.position in reasons else treasury.PAID,
            reason=reasons.get(line.position, ""),
            treasury_reference="" if line.position in reasons else f"GK{batch.pk:06d}{line.position:04d}",
        )
        for line in batch.lines.select_related("order")
    ]
