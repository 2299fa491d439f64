"""A need that was awarded: Bea is its buyer, Ana won it."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Organisation, User
from agencies.models import Agency
from bidding.models import Award
from bidding.services.awards import _publish
from contracts import services
from contracts.models import Contract, Milestone
from core import clock, jobs
from core.audit import SYSTEM, By
from core.money import Money
from marketplace.models import Need, ServiceItem
from tests.accounts import people
from tests.payments import purse

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
_codes = count(1)


@dataclass
class World:
    bea: User
    buyer: Organisation
    ana: User
    agency: Agency
    need: Need
    award: Award

    @property
    def as_buyer(self):
        return By(self.bea.pk, self.buyer.pk)

    @property
    def as_agency(self):
        return By(self.ana.pk, self.agency.pk)


def world(*, kind="enterprise", amount="48500.00", days=20):
    """A published need of a buyer of that kind, awarded to an agency for that amount."""
    n = next(_codes)
    bea, ana = people.user(f"bea{n}@example.com"), people.user(f"ana.wins{n}@example.com")
    buyer = people.organisation(kind, 5000 + n, bea, name=f"廊坊精工机械制造有限公司{n}")
    agency = people.agency(7000 + n, ana, name=f"廊坊市清源环境咨询有限公司{n}")
    need = published_need(buyer, bea, days)
    award = _publish(need=need, competition=None, agency=agency, amount=Money.of(amount), rank=1, by=SYSTEM)
    return World(bea, buyer, ana, agency, need, award)


def published_need(buyer, user, days=20):
    now = clock.now()
    row = Need.objects.create(
        number=f"XQ-2026-{next(_codes):06d}",
        buyer=buyer,
        buyer_kind=buyer.kind,
        created_by=user,
        item=ServiceItem.objects.order_by("code").first(),
        title="广阳经济开发区精密零部件项目环境影响报告表编制",
        scope="编制环境影响报告表，完成现场踏勘、专家评审和报批，提交报批稿及全部附件。",
        region=buyer.region,
        ceiling=Money.of(60000),
        method="live_auction",
        entry_closes_at=now,
        auction_minutes=30,
        delivery_days=days,
        rules_ref="marketplace@1",
        created_at=now,
        published_at=now,
        selected_at=now,
        budget_line=purse.line_of(buyer) if buyer.kind == "department" else None,
    )
    purse.reserve_for(row)
    return row


def after_publicity(award):
    """A block that lives just after the award's publicity."""
    return clock.at(award.publicity_ends_at + timedelta(minutes=1))


def drafted(**options) -> tuple[World, Contract]:
    """A world whose winner confirmed."""
    w = world(**options)
    return w, services.confirm_award(award_id=w.award.pk, by=w.as_agency)


def signed(**options) -> tuple[World, Contract]:
    """A world whose contract both confirmed after publicity."""
    w, contract = drafted(**options)
    with after_publicity(w.award):
        services.confirm(contract_id=contract.pk, side="supplier", by=w.as_agency)
        services.confirm(contract_id=contract.pk, side="buyer", by=w.as_buyer)
    contract.refresh_from_db()
    return w, contract


def result(name="报告.pdf", content=PDF):
    return SimpleUploadedFile(name, content, "application/pdf")


def delivered(w, contract):
    """The contract's first milestone handed in, right after signing."""
    milestone = Milestone.objects.filter(contract=contract).first()
    with clock.at(contract.signed_at + timedelta(hours=1)):
        return services.deliver(milestone_id=milestone.pk, upload=result(), note="送审稿", by=w.as_agency)


def completed(**options) -> tuple[World, Contract]:
    """A world whose contract was done some days ago, all news told."""
    with clock.at(clock.now() - timedelta(days=15)):
        w, contract = signed(**options)
    deliverable = delivered(w, contract)
    with clock.at(contract.signed_at + timedelta(hours=2)):
        services.accept(deliverable_id=deliverable.pk, by=w.as_buyer)
        jobs.drain()
    contract.refresh_from_db()
    return w, contract
