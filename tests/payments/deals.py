"""An enterprise, an agency and the money between them: `deal()` opens an escrow, `World` walks it."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from accounts.models import Membership, Organisation, User
from agencies.models import Agency
from core import clock, jobs
from core.audit import By
from core.money import Money
from payments import gateway, ledger
from payments.models import Escrow, Funding, PayoutAccount, ProviderCall
from payments.services.escrow import events, opening, payouts, pots
from payments.services.escrow.opening import Part
from payments.tasks import tend_provider
from tests.accounts import people

_numbers = count(1)
PARTS = (("送审稿", "19400.00"), ("报批稿", "29100.00"))


def money(text):
    return Money.of(text)


@dataclass
class Deal:
    buyer: Organisation
    agency: Agency
    bea: User
    ana: User
    escrow: Escrow
    refs: list[str] = field(default_factory=list)

    @property
    def as_buyer(self):
        return By(self.bea.pk, self.buyer.pk)

    @property
    def as_agency(self):
        return By(self.ana.pk, self.agency.pk)

    @property
    def desk(self):
        return gateway.desk()

    def fresh(self):
        return Escrow.objects.get(pk=self.escrow.pk)

    def page(self):
        """A payment page, open."""
        return opening.pay(escrow_id=self.escrow.pk, by=self.as_buyer)

    def paid(self, **how):
        """Paid on the page, and told."""
        funding = self.page()
        self.desk.pay(funding.session_id, **how)
        tell()
        return Funding.objects.get(pk=funding.pk)

    def onboarded(self):
        payouts.onboarding(organisation_id=self.agency.pk, by=self.as_agency)
        account = PayoutAccount.objects.get(organisation_id=self.agency.pk)
        self.desk.onboard(account.account_id)
        tell()
        return account

    def books(self):
        """What each pot holds, in yuan."""
        own = pots.Pots(self.escrow)
        named = {
            "held": own.held,
            "frozen": own.frozen,
            "agency_due": own.agency_due,
            "refund_due": own.refund_due,
            "disputed": own.disputed,
        }
        return {name: str(amount) for name, one in named.items() if (amount := ledger.balance(one))}

    def call(self, kind):
        return ProviderCall.objects.filter(escrow=self.escrow, kind=kind).last()


def tell():
    """The courier brings everything, jobs run, until nothing is left to do."""
    for _round in range(6):
        taken = gateway.desk().deliver(events.receive)
        if not (jobs.drain() + taken):
            break


def later(**span):
    """Live a little later: what waits for another try is due."""
    with clock.at(clock.now() + timedelta(**span)):
        tend_provider()
        tell()


def deal(parts=PARTS, *, onboarded=True):
    n = next(_numbers)
    bea, ana = people.user(f"payer{n}@example.com"), people.user(f"payee{n}@example.com")
    buyer = people.organisation("enterprise", 6000 + n, bea, name=f"廊坊精工机械制造有限公司{n}")
    agency = people.agency(8000 + n, ana, name=f"廊坊市清源环境咨询有限公司{n}")
    refs = [f"milestone:{n}00{place}" for place in range(len(parts))]
    escrow = opening.open_escrow(
        group=f"contract:{n}",
        title="精密零部件项目环境影响报告表编制",
        page=f"/contracts/{n}/",
        buyer_id=buyer.pk,
        supplier_id=agency.pk,
        parts=[Part(ref, title, money(amount)) for ref, (title, amount) in zip(refs, parts, strict=True)],
        by=By(bea.pk, buyer.pk),
    )
    made = Deal(buyer, agency, bea, ana, escrow, refs)
    if onboarded:
        made.onboarded()
    return made


def member(organisation, name):
    user = people.user(f"{name}{next(_numbers)}@example.com")
    Membership.objects.create(user=user, organisation=organisation, role="member")
    return user
