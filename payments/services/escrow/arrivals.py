"""What the provider tells about money, applied once, in whatever order it comes.

Each function takes the provider's object as it was told or as it is now, and changes the books only by keys named
after the provider's own objects. Facts only grow: paid stays paid, closed stays closed.
"""

from datetime import UTC, datetime
from decimal import Decimal

from django.db import transaction

from core import clock, jobs
from core.audit import SYSTEM
from core.money import Money
from payments import gateway
from payments.gateway import Thing
from payments.models import ChargeDispute, Escrow, Funding, PayoutAccount, ProviderCall
from payments.services.escrow import calls, moving, opening, outcomes, pots
from payments.services.escrow.locking import locked, record, stopped

CLOSED = {"won": True, "lost": False, "warning_closed": True}
WORN = ("failed", "canceled")


class NotYet(Exception):  # noqa: N818 - what it needs has not been told yet: try again later
    """News about something of ours that we have not heard of yet."""


def refresh(funding: Funding) -> Funding:
    """Ask how a payment page stands, and take it in. Raises Trouble."""
    if funding.session_id:
        session_told(gateway.checkout(funding.session_id))
        funding.refresh_from_db()
    return funding


def session_told(session: Thing) -> None:
    """A Checkout session with its payment intent in full."""
    funding = Funding.objects.filter(session_id=session["id"]).first() or _marked(session)
    if funding is None:
        return
    intent = session.get("payment_intent")
    if isinstance(intent, dict) and intent["status"] == "succeeded":
        paid(funding.pk, intent)
    elif session["status"] == "expired":
        _page_over(funding.pk)


def _marked(thing: Thing) -> Funding | None:
    """The funding a provider's object says it is for, if it is one of this site's."""
    marks = thing.get("metadata") or {}
    number = str(marks.get("funding", ""))
    if marks.get("market") != calls.market()["market"] or not number.isdigit():
        return None
    return Funding.objects.filter(pk=int(number)).first()


def intent_told(intent: Thing) -> bool:
    """A payment intent; says whether it is ours."""
    funding = _marked(intent)
    if funding is None:
        return False
    if intent["status"] == "succeeded":
        paid(funding.pk, intent)
    elif error := intent.get("last_payment_error"):
        code = str(error.get("decline_code") or error.get("code") or "")[:80]
        Funding.objects.filter(pk=funding.pk, paid_at=None).update(failure=code)
    return True


@transaction.atomic
def _page_over(funding_id: int) -> None:
    funding = Funding.objects.select_for_update().get(pk=funding_id)
    if funding.state in opening.OPEN:
        funding.state = Funding.State.EXPIRED
        funding.save()


@transaction.atomic
def paid(funding_id: int, intent: Thing) -> None:
    """The money is at the provider. The first payment of an escrow funds it; any other goes back."""
    escrow = locked(Funding.objects.values_list("escrow_id", flat=True).get(pk=funding_id))
    funding = Funding.objects.select_for_update().get(pk=funding_id)
    if funding.paid_at:
        return
    charge = intent["latest_charge"]
    charge_id = charge["id"] if isinstance(charge, dict) else str(charge)
    amount = gateway.yuan(intent["amount_received"])
    wanted = escrow.funded_at is None and escrow.cancelled_at is None and amount == funding.amount.amount
    own = pots.Pots(escrow)
    owed = own.held if wanted else own.refund_due
    funding.state = Funding.State.PAID if wanted else Funding.State.SURPLUS
    funding.paid_at, funding.charge_id, funding.intent_id = clock.now(), charge_id, intent["id"]
    funding.failure, funding.url = "", ""
    funding.save()
    pots.move(
        escrow, f"stripe:{charge_id}:paid", "funded" if wanted else "surplus", [(pots.cash(), amount), (owed, -amount)]
    )
    if wanted:
        _funded(escrow, charge_id)
    else:
        moving.send_back_surplus(escrow, Money(amount), SYSTEM, charge_id)
    jobs.enqueue("payments.note_fee", funding_id=funding.pk)


def _funded(escrow: Escrow, charge_id: str) -> None:
    escrow.funded_at, escrow.charge_id = clock.now(), charge_id
    escrow.save()
    record(escrow, "funded", SYSTEM, amount=str(escrow.amount.amount), charge=charge_id)
    for other in escrow.fundings.select_for_update().filter(state__in=opening.OPEN):
        opening.close(other, SYSTEM)
    moving.release_accepted(escrow, SYSTEM)


def note_fee(funding_id: int) -> None:
    """Book what the provider took for a payment. Raises Trouble, or NotYet while the provider has not settled it."""
    funding = Funding.objects.get(pk=funding_id)
    if funding.fee_known or not funding.charge_id:
        return
    movement = gateway.charge(funding.charge_id).get("balance_transaction")
    if not isinstance(movement, dict):
        raise NotYet(funding.charge_id)
    _fee(funding.pk, gateway.yuan(movement["fee"]))


@transaction.atomic
def _fee(funding_id: int, fee: Decimal) -> None:
    escrow = locked(Funding.objects.values_list("escrow_id", flat=True).get(pk=funding_id))
    funding = Funding.objects.select_for_update().get(pk=funding_id)
    own = pots.Pots(escrow)
    if fee and not funding.fee_known:
        lines = [(pots.fees(), fee), (pots.cash(), -fee)]
        pots.move(own.escrow, f"stripe:{funding.charge_id}:fee", "provider_fee", lines)
    funding.fee_known = True
    funding.save()


def call_told(kind: str, thing: Thing) -> bool:
    """A transfer or refund; says whether we had asked for it."""
    mark = (thing.get("metadata") or {}).get("call")
    call = ProviderCall.objects.filter(key=mark, kind=kind).first() if mark else None
    if call is None:
        return False
    if call.state != ProviderCall.State.DONE:
        outcomes.done(call.pk, thing)
    elif kind == ProviderCall.Kind.REFUND and thing.get("status") in WORN and call.provider_id == thing["id"]:
        _came_back(call.pk, thing)
    return True


@transaction.atomic
def _came_back(call_id: int, refund: Thing) -> None:
    call = ProviderCall.objects.select_for_update(of=("self",)).get(pk=call_id)
    if call.escrow_id and call.state == ProviderCall.State.DONE:
        escrow = locked(call.escrow_id)
        outcomes.refund_came_back(call, escrow, refund)
        record(escrow, "refund_failed", SYSTEM, provider=refund["id"], amount=str(gateway.yuan(refund["amount"])))


@transaction.atomic
def dispute_told(dispute: Thing) -> bool:
    """The payer's bank took money back, gave it again, or has decided; says whether it is about our money.

    Raises NotYet when the payment itself has not been told.
    """
    funding = Funding.objects.filter(charge_id=dispute["charge"]).first()
    if funding is None:
        if Funding.objects.filter(paid_at=None).exists():
            raise NotYet(dispute["charge"])
        return False
    escrow = locked(funding.escrow_id)
    row = _dispute(escrow, dispute)
    _book_movements(escrow, dispute)
    if row.closed_at is None and dispute["status"] in CLOSED:
        _dispute_over(escrow, row, dispute["status"])
    return True


def _dispute(escrow: Escrow, told: Thing) -> ChargeDispute:
    due = (told.get("evidence_details") or {}).get("due_by")
    row, new = ChargeDispute.objects.get_or_create(
        dispute_id=told["id"],
        defaults={
            "escrow": escrow,
            "amount": Money(gateway.yuan(told["amount"])),
            "reason": str(told.get("reason") or "")[:80],
            "status": told["status"],
            "opened_at": _moment(told["created"]),
            "answer_by": _moment(due) if due else None,
        },
    )
    if new:
        pots.freeze(escrow, row.dispute_id, SYSTEM)
        record(escrow, "bank_dispute", SYSTEM, dispute=row.dispute_id, amount=str(row.amount.amount), reason=row.reason)
    elif row.closed_at is None:
        row.status = told["status"]
        row.save()
    return row


def _book_movements(escrow: Escrow, told: Thing) -> None:
    """What the dispute took from the platform's balance, or gave back to it, by its own balance transactions."""
    own = pots.Pots(escrow)
    for movement in told.get("balance_transactions") or []:
        amount, fee = gateway.yuan(-movement["amount"]), gateway.yuan(movement["fee"])
        what = "reinstated" if amount < 0 else "withdrawn"
        lines = [(own.disputed, amount), (pots.fees(), fee), (pots.cash(), -(amount + fee))]
        pots.move(escrow, f"stripe:{told['id']}:{what}", f"dispute_{what}", lines)


def _dispute_over(escrow: Escrow, row: ChargeDispute, status: str) -> None:
    row.status, row.closed_at, row.won = status, clock.now(), CLOSED[status]
    row.save()
    if not row.won:
        pots.lose(escrow, row)
    record(escrow, "bank_dispute_won" if row.won else "bank_dispute_lost", SYSTEM, dispute=row.dispute_id)
    if not stopped(escrow):
        pots.thaw(escrow, row.dispute_id, SYSTEM)
        moving.go_on(escrow, SYSTEM)


@transaction.atomic
def account_told(account: Thing) -> bool:
    """A connected account; says whether it is one of ours. What waited for it goes on."""
    row = PayoutAccount.objects.select_for_update().filter(account_id=account["id"]).first()
    if row is None:
        return False
    was = row.ready
    row.submitted = bool(account.get("details_submitted"))
    row.ready = (account.get("capabilities") or {}).get("transfers") == "active"
    row.missing = list((account.get("requirements") or {}).get("currently_due") or [])
    row.told_at = clock.now()
    row.save()
    if row.ready and not was:
        calls.wake(row.organisation_id)
    return True


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
