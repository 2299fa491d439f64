"""A small market for the bidding tests: a buyer, some agencies, a need, and its competition at a chosen moment."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from accounts.models import Organisation, User
from agencies import services as agencies
from agencies.facts import CatalogueRef
from agencies.models import Agency
from bidding import services
from bidding.models import Competition, Entry
from core import clock
from core.audit import By
from core.money import Money
from marketplace import selectors as marketplace
from marketplace.models import Method, Need
from tests.accounts import people
from tests.payments import purse

ITEM = "02015"  # 土壤污染状况调查: no licence needed


@dataclass
class World:
    need: Need
    competition: Competition
    agencies: list[Agency]
    entries: list[Entry]
    buyer: Organisation
    owner: User

    @property
    def pk(self) -> int:
        return self.competition.pk

    def reload(self) -> Competition:
        self.competition.refresh_from_db()
        return self.competition


def agency(number: int, name: str = "") -> Agency:
    row = people.agency(number, name=name or f"廊坊市第{number}环境咨询有限公司")
    item = marketplace.item(ITEM)
    ref = CatalogueRef(item.code, item.name_zh, item.name_en, item.licence_kind)
    agencies.offer_service(agency=row, item=ref, fee_note="按合同", days=20, conditions="无", by=By(None, row.pk))
    return row


def need(
    buyer: Organisation,
    owner: User,
    *,
    starts: datetime,
    method: str = Method.LIVE_AUCTION,
    minutes: int = 30,
    title: str = "老厂区地块土壤污染状况调查",
) -> Need:
    item = marketplace.item(ITEM)
    line = purse.line_of(buyer) if buyer.kind == "department" else None
    row = Need.objects.create(
        number=f"XQ-{buyer.pk}-{Need.objects.count()}", buyer=buyer, buyer_kind=buyer.kind, created_by=owner,
        item=item, title=title, scope="完成第一阶段调查并提交报告。", region=buyer.region,
        ceiling=Money.of("50000.00"), method=method, entry_closes_at=starts, auction_minutes=minutes,
        delivery_days=30, rules_ref="marketplace@1", created_at=clock.now(), published_at=clock.now(),
        budget_line=line,
    )  # fmt: skip
    purse.reserve_for(row)
    return row


def another(place: World) -> World:
    """One more competition that runs, of the same buyer with the same bidders."""
    starts = datetime.now(UTC) - timedelta(minutes=1)
    with clock.at(starts - timedelta(days=3)):
        wanted = need(place.buyer, place.owner, starts=starts)
        opened = services.open_competition(need_id=wanted.pk)
        crowd = place.agencies
        entries = [services.enter(competition_id=opened.pk, agency_id=row.pk, by=By(None, row.pk)) for row in crowd]
    opened.refresh_from_db()
    return World(wanted, opened, crowd, entries, place.buyer, place.owner)


def competition(
    *,
    bidders: int = 3,
    running: bool = True,
    kind: str = "enterprise",
    method: str = Method.LIVE_AUCTION,
    minutes: int = 30,
    now: datetime | None = None,
) -> World:
    """A competition with its bidders entered; `running` puts its start a minute before now."""
    now = now or datetime.now(UTC)
    starts = now - timedelta(minutes=1) if running else now + timedelta(hours=1)
    with clock.at(starts - timedelta(days=3)):
        owner = people.user("bea@example.com")
        buyer = people.organisation(kind, 900, owner)
        wanted = need(buyer, owner, starts=starts, method=method, minutes=minutes)
        opened = services.open_competition(need_id=wanted.pk)
        crowd = [agency(number) for number in range(1, bidders + 1)]
        entries = [services.enter(competition_id=opened.pk, agency_id=row.pk, by=By(None, row.pk)) for row in crowd]
    opened.refresh_from_db()
    return World(wanted, opened, crowd, entries, buyer, owner)
