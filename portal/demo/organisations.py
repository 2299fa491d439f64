"""Brings the cast onto the platform through the doors that everybody takes."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.db import transaction

from accounts import selectors as accounts
from accounts import services as people
from accounts.actor import Actor
from accounts.models import Organisation, User
from agencies import services as agencies
from agencies.facts import CatalogueRef
from agencies.models import Agency
from agencies.selectors import local_day
from core import chance
from core.audit import By
from marketplace import selectors as marketplace
from marketplace.models import ServiceItem
from portal.demo import pictures
from portal.demo.cast import FIRST_PERSONA, Party

PHONE = "0316-20{:05d}"
FEES = {"01": 20000, "02": 18000, "03": 16000, "08": 60000}
CERTIFIED = {
    "02": "环境影响评价工程师", "03": "水土保持工程师", "04": "注册安全工程师", "07": "注册测绘师", "06": "注册测绘师",
    "08": "注册结构工程师", "09": "一级造价工程师", "13": "注册会计师", "01": "咨询工程师（投资）",
}  # fmt: skip
GIVEN_NAMES = ("明远", "思齐", "雨桐", "建国", "佳慧", "志强", "文静", "海涛", "晓燕", "子涵", "国栋", "丽华")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜谢邹"


@dataclass(frozen=True)
class Member:
    """A party on the platform: who acts, and for whom."""

    party: Party
    user: User
    organisation: Organisation

    @property
    def by(self) -> By:
        return By(self.user.pk, self.organisation.pk)

    @property
    def pk(self) -> int:
        return self.organisation.pk

    @property
    def actor(self) -> Actor:
        return Actor(self.user, self.organisation, owner=True)


def known(party: Party) -> bool:
    """Is the party's person on the platform?"""
    return User.objects.filter(email=party.email).exists()


@transaction.atomic
def join(party: Party) -> Member:
    """Register a party; an agency also shows its face: services, certificates, people."""
    user = people.sign_up(email=party.email, password=None, name=party.person)
    identity: dict[str, Any] = {
        "user": user,
        "name": party.name,
        "credit_code": party.credit_code,
        "region": accounts.region(party.region),
        "contact_name": party.person,
        "contact_phone": PHONE.format(10000 + party.number * 37),
    }
    if party.kind != Organisation.Kind.AGENCY:
        return Member(party, user, people.register_organisation(kind=party.kind, **identity))
    agency = agencies.register_agency(commitment=True, **identity)
    member = Member(party, user, agency.organisation)
    if party.trades:
        _show_face(agency, member)
    return member


def _show_face(agency: Agency, member: Member) -> None:
    party = member.party
    items = offered(party)
    topics = "、".join(dict.fromkeys(item.category_zh for item in items))
    agencies.update_profile(
        agency=agency,
        introduction=f"{party.name}从事{topics}领域的技术服务，收费和时限以本页公示为准，全过程留痕，接受监督。",
        website="",
        address=f"{agency.organisation.region.name}新华路 {party.number % 90 + 8} 号",
        by=member.by,
    )
    for item in items:
        _offer(agency, item, member)
    for place, licence in enumerate(party.licences):
        _certify(agency, licence, place, member)
    for place in range(1 + party.number % 3):
        _employ(agency, place, member)


def offered(party: Party) -> list[ServiceItem]:
    """What a party offers: personas everything in their trades, others five items of each, so that all are covered."""
    chosen = []
    for trade in party.trades:
        items = [item for item in _catalogue() if item.category_code == trade]
        first = party.number % len(items)
        chosen += items if party.number >= FIRST_PERSONA else [*items[first:], *items[:first]][:5]
    return chosen


@cache
def _catalogue() -> tuple[ServiceItem, ...]:
    """The catalogue as shipped, read once for the whole seed."""
    return tuple(marketplace.items())


def _offer(agency: Agency, item: ServiceItem, member: Member) -> None:
    ref = CatalogueRef(item.code, item.name_zh, item.name_en, item.licence_kind)
    base = FEES.get(item.category_code, 12000) + chance.source().randrange(0, 80) * 100
    agencies.offer_service(
        agency=agency,
        item=ref,
        fee_note=f"{base:,} 元起，按规模和现场工作量计价，合同一次约定",
        days=chance.source().choice((10, 12, 15, 20, 25, 30)),
        conditions="委托方提供立项文件、总平面图和现场联系人。",
        by=member.by,
    )


def _certify(agency: Agency, licence: str, place: int, member: Member) -> None:
    today = local_day()
    number = f"冀证字{member.party.number:03d}{place}{today.year}号"
    until = today + timedelta(days=365 * 3 + 40 * member.party.number)
    agencies.add_qualification(
        agency=agency,
        kind=licence,
        grade="",
        number=number,
        issuer="河北省相关主管部门（演示）"
        if not member.party.region.startswith("11")
        else "北京市相关主管部门（演示）",
        valid_from=today - timedelta(days=200),
        valid_until=until,
        scan=pictures.certificate(licence, agency.organisation.name, number, until),
        by=member.by,
    )


def _employ(agency: Agency, place: int, member: Member) -> None:
    draws = chance.source()
    trade = member.party.trades[place % len(member.party.trades)]
    agencies.add_practitioner(
        agency=agency,
        name=draws.choice(SURNAMES) + draws.choice(GIVEN_NAMES),
        certificate=CERTIFIED.get(trade, "注册咨询工程师"),
        certificate_number=f"{draws.randrange(10**9, 10**10)}",
        by=member.by,
    )


def lend_colleague(member: Member, email: str, name: str) -> None:
    """Give a persona's organisation a second person, whom the market plays: nobody's own drafts are touched."""
    people.sign_up(email=email, password=None, name=name)
    people.add_member(organisation=member.organisation, email=email, role="member", by=member.by)


def colleagues(member: Member) -> list[int]:
    """User ids of the others who act for a member's organisation."""
    others = member.organisation.memberships.exclude(user=member.user).order_by("pk")
    return list(others.values_list("user_id", flat=True))
