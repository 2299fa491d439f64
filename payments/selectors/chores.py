"""What an enterprise or an agency has to do about its money: escrows that wait, offers, transfers, payout accounts."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from payments.models import BankPayment, Escrow, EscrowPart, Funding, PayoutAccount, ProviderCall, Settlement, Side

ESCROW_PATH = "/money/escrows/{}/"
PAYOUTS_PATH = "/money/payouts/"


@dataclass(frozen=True)
class Chore:
    """`what` names the chore; `due` is None where nothing but the other side's patience limits it."""

    what: str
    title: str
    number: str
    path: str
    due: datetime | None = None
    since: datetime | None = None


def chores(org_id: int) -> list[Chore]:
    """What an organisation has to do now, in a fixed number of queries."""
    return [*_escrow_chores(org_id), *_transfers(org_id), *_payouts(org_id)]


def disputes() -> list[Chore]:
    """Stopped money with no offer on the table: the parties did not agree, somebody else may have to decide."""
    rows = Escrow.objects.filter(disputed_at__isnull=False, cancelled_at=None)
    waiting = rows.exclude(settlements__answered_at=None, settlements__isnull=False)
    return [
        Chore("decide_dispute", row.title, row.number, row.get_absolute_url(), since=row.disputed_at)
        for row in waiting.order_by("disputed_at")
    ]


def paid_references(references: Collection[str]) -> set[str]:
    """Which of these parts have money in escrow or a transfer that was not refused."""
    escrowed = EscrowPart.objects.filter(reference__in=references, active=True)
    sent = BankPayment.objects.filter(reference__in=references, refused_at=None)
    return {*escrowed.values_list("reference", flat=True), *sent.values_list("reference", flat=True)}


def _waiting(org_id: int) -> QuerySet[Escrow]:
    """Not paid yet, or stopped."""
    mine = Q(buyer_id=org_id) | Q(supplier_id=org_id)
    rows = Escrow.objects.filter(mine, Q(funded_at=None) | Q(disputed_at__isnull=False), cancelled_at=None)
    offers = Settlement.objects.filter(answered_at=None)
    pages = Funding.objects.filter(state=Funding.State.OPEN)
    return rows.prefetch_related(Prefetch("settlements", offers), Prefetch("fundings", pages))


def _escrow_chores(org_id: int) -> Iterator[Chore]:
    for row in _waiting(org_id):
        side, path = row.side_of(org_id), row.get_absolute_url()
        offer = next(iter(row.settlements.all()), None)
        if row.disputed_at is not None:
            if offer is None:
                yield Chore("settle_dispute", row.title, row.number, path, since=row.disputed_at)
            elif offer.proposed_by != side:
                yield Chore("answer_settlement", row.title, row.number, path, since=offer.at)
        elif side == Side.BUYER:
            page = next(iter(row.fundings.all()), None)
            yield Chore("pay_escrow", row.title, row.number, path, page.expires_at if page else None, row.created_at)


def _transfers(org_id: int) -> Iterator[Chore]:
    """Transfers the buyer reported: did they arrive?"""
    for row in BankPayment.objects.filter(supplier_id=org_id, confirmed_at=None, refused_at=None):
        yield Chore("confirm_transfer", row.title, "", f"{row.page}#money", since=row.sent_at)


def _payouts(org_id: int) -> Iterator[Chore]:
    """Money that waits for an account to go to."""
    held_back = ProviderCall.objects.filter(state=ProviderCall.State.BLOCKED, escrow__supplier_id=org_id)
    row = held_back.select_related("escrow").order_by("pk").first()
    if row and row.escrow and not PayoutAccount.objects.filter(organisation_id=org_id, ready=True).exists():
        yield Chore("open_payouts", row.escrow.title, row.escrow.number, PAYOUTS_PATH)
