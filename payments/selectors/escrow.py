"""Reading escrow: where each stands, what a contract's parts have come to, and the story of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from core import clock
from core.models import AuditEntry
from core.money import Money
from payments import gateway
from payments.escrow_words import STATES, STORY
from payments.models import Account, BankPayment, ChargeDispute, Escrow, EscrowPart, Funding, ProviderCall, Settlement
from payments.rules.escrow import Facts, State
from payments.rules.escrow import state as state_of

KINDS = ("escrow_held", "escrow_frozen", "agency_due", "refund_due")
ZERO = Decimal("0.00")
OPEN = (Funding.State.OPENING, Funding.State.OPEN)


@dataclass(frozen=True)
class Standing:
    """One escrow with its money: amounts in the books now."""

    escrow: Escrow
    state: State
    held: Money
    frozen: Money
    due: Money
    released: Money
    refunded: Money
    fee: Money

    @property
    def label(self) -> str:
        return str(STATES[self.state][0])

    @property
    def kind(self) -> str:
        return STATES[self.state][1]

    @property
    def here(self) -> Money:
        return self.held + self.frozen


def escrow(escrow_id: int) -> Escrow:
    """Raises Escrow.DoesNotExist."""
    return _whole().get(pk=escrow_id)


def escrows_of(org_id: int | None) -> QuerySet[Escrow]:
    """An organisation's escrows, on either side, newest first."""
    return _whole().filter(Q(buyer_id=org_id) | Q(supplier_id=org_id))


def every() -> QuerySet[Escrow]:
    return _whole()


def part(part_id: int) -> EscrowPart:
    return EscrowPart.objects.select_related("escrow").get(pk=part_id)


def settlement(settlement_id: int) -> Settlement:
    return Settlement.objects.select_related("escrow").get(pk=settlement_id)


def bank_payment(payment_id: int) -> BankPayment:
    return BankPayment.objects.select_related("slip").get(pk=payment_id)


def _whole() -> QuerySet[Escrow]:
    calls = ProviderCall.objects.order_by("pk")
    disputes = ChargeDispute.objects.order_by("pk")
    rows = Escrow.objects.select_related("buyer", "supplier")
    return rows.prefetch_related(
        "parts", "fundings", "settlements", Prefetch("calls", calls), Prefetch("charge_disputes", disputes)
    )


def standings(escrows: Sequence[Escrow]) -> list[Standing]:
    """Where escrows stand, with two queries however many there are."""
    pots: dict[str, dict[str, Decimal]] = {}
    accounts = Account.objects.filter(reference__in=[one.reference for one in escrows], kind__in=KINDS)
    for account in accounts:
        pots.setdefault(account.reference, {})[account.kind] = account.natural
    return [_standing(one, pots.get(one.reference, {})) for one in escrows]


def standing(row: Escrow) -> Standing:
    return standings([row])[0]


def _standing(row: Escrow, pots: dict[str, Decimal]) -> Standing:
    now = clock.now()
    held, frozen = pots.get("escrow_held", ZERO), pots.get("escrow_frozen", ZERO)
    due = pots.get("agency_due", ZERO) + pots.get("refund_due", ZERO)
    sent = [one for one in row.calls.all() if one.kind == ProviderCall.Kind.TRANSFER]
    back = [one for one in row.calls.all() if one.kind == ProviderCall.Kind.REFUND]
    own = [one for one in back if one.params.get("charge") == row.charge_id]
    facts = Facts(
        funded=row.funded_at is not None,
        cancelled=row.cancelled_at is not None,
        paying=any(one.state in OPEN and one.expires_at > now for one in row.fundings.all()),
        stopped=row.disputed_at is not None or any(one.closed_at is None for one in row.charge_disputes.all()),
        held=held,
        frozen=frozen,
        due=due,
    )
    fee = _sum(one.fee for one in sent)
    return Standing(
        escrow=row,
        state=state_of(facts),
        held=Money(held),
        frozen=Money(frozen),
        due=Money(due),
        released=_sum(one.amount for one in sent) + fee,
        refunded=_sum(one.amount for one in own),
        fee=fee,
    )


def _sum(amounts: Any) -> Money:
    return Money(sum((one.amount for one in amounts if one), ZERO))


@dataclass(frozen=True)
class PartMoney:
    """One part of a contract and how it is paid, if it is."""

    reference: str
    title: str
    amount: Money
    standing: Standing | None = None
    part: EscrowPart | None = None
    bank: BankPayment | None = None

    @property
    def open(self) -> bool:
        """Nothing has been done to pay it."""
        return self.standing is None and (self.bank is None or self.bank.refused_at is not None)


@dataclass(frozen=True)
class GroupMoney:
    """All parts of a contract with their money, in order."""

    parts: list[PartMoney]
    available: bool

    @property
    def open_parts(self) -> list[PartMoney]:
        return [one for one in self.parts if one.open]

    @property
    def open_amount(self) -> Money:
        return _sum(one.amount for one in self.open_parts)


def of_group(group: str, parts: Sequence[tuple[str, str, Money]]) -> GroupMoney:
    """What the parts (reference, title, amount) of a group have come to."""
    rows = list(_whole().filter(group=group, cancelled_at=None))
    found = {one.reference: (where, one) for where in standings(rows) for one in where.escrow.parts.all()}
    banks: dict[str, BankPayment] = {}
    for payment in BankPayment.objects.filter(group=group).select_related("slip").order_by("pk"):
        banks[payment.reference] = payment
    told = []
    for reference, title, amount in parts:
        where, part_ = found.get(reference, (None, None))
        told.append(PartMoney(reference, title, amount, where, part_, banks.get(reference)))
    return GroupMoney(told, gateway.available())


def story(row: Escrow) -> list[dict[str, Any]]:
    """What happened, newest first, for the timeline component."""
    lines = AuditEntry.objects.filter(stream=row.reference).order_by("-seq")
    return [_told(line) for line in lines if line.action in STORY]


def _told(line: AuditEntry) -> dict[str, Any]:
    title, icon = STORY[line.action]
    amount = line.data.get("amount") or line.data.get("to_supplier")
    told = f"{title} {Money(Decimal(amount))}" if amount else str(title)
    return {"at": line.at, "title": told, "text": line.reason, "icon": icon}


def last_funding(row: Escrow) -> Funding | None:
    rows = list(row.fundings.all())
    return rows[-1] if rows else None


def pending(row: Escrow) -> list[ProviderCall]:
    """What the provider still has to do."""
    over = (ProviderCall.State.DONE, ProviderCall.State.REFUSED)
    return [one for one in row.calls.all() if one.state not in over]


def totals(org_id: int | None) -> dict[str, Money]:
    """What stands in an organisation's escrow accounts: held, frozen, due to it."""
    sums = dict.fromkeys(KINDS, ZERO)
    for account in Account.objects.filter(owner_id=org_id, kind__in=KINDS).exclude(balance=0):
        sums[account.kind] += account.natural
    return {kind: Money(amount) for kind, amount in sums.items()}
