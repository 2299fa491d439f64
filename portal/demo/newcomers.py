"""Newcomers of the demo to whose data somebody objected: one objection did not hold, one did, one is being examined."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import chance, clock
from core.audit import By
from portal.demo.bench import Bench
from portal.demo.cast import Party, contested
from portal.demo.organisations import join
from portal.demo.timeline import Life
from supervision.selectors.complaints import matter
from supervision.services import complaint_offices, complaints, entrance

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOBODY = {"name": "", "phone": "", "email": ""}


@dataclass(frozen=True)
class Told:
    """`points`: the officer's words; without an `outcome` it is being examined."""

    fact: str
    statement: str
    points: str
    answer: str
    outcome: str = ""
    reasons: str = ""


TOLD = (
    Told("identity", "公示的办公地址查无此单位，疑似冒用他人地址，附现场照片说明。",
         "异议认为公示的办公地址没有这家机构。", "我机构在该楼三层办公，附租赁合同，门牌正在更换。",
         "dismissed", "实地核对，机构在公示地址办公，租赁合同真实有效，异议不成立。"),
    Told("practitioner", "公示的一名注册测绘师上月已转到另一单位注册，仍被列为该机构人员。",
         "异议认为公示的一名执业人员已注册到其他单位。", "该同志确已离职，公示未及时更新，我们马上更正。",
         "upheld", "经查询注册系统，该人员已变更注册单位。请撤下该人员，并公示现有执业人员。"),
    Told("qualification", "公示的安全评价资质证书有效期与发证机关公布的不一致，请核对。",
         "异议认为公示的资质证书有效期与发证机关公布的不一致。", "证书上月换发，发证机关网站尚未更新，附新证。"),
)  # fmt: skip


def lives(here: Bench, base: datetime) -> Iterator[tuple[datetime, Life]]:
    for days, party, told in zip((24, 9, 2), contested(), TOLD, strict=True):
        yield base - days * DAY, objected(here, party, told)


def objected(here: Bench, party: Party, told: Told) -> Life:
    """It enters, is checked, and the next day somebody objects; whoever handles it hears the agency, then decides."""
    with chance.seeded(party.number):  # what it shows changes nothing in the rest of the year
        member = join(party)
    yield clock.now() + timedelta(minutes=20)
    entrance.check_new()
    yield clock.now() + 20 * HOUR
    about = matter(f"newcomer:{member.pk}", facts=(told.fact,))
    row = complaints.file(matter=about, statement=told.statement, hidden=True, contact=NOBODY, by=By()).complaint
    officer = here.xie if row.office_id == here.partner.pk else here.sol
    yield clock.now() + 2 * HOUR
    complaint_offices.take(complaint_id=row.pk, by=officer)
    complaints.accept(complaint_id=row.pk, by=officer)
    complaints.notify(complaint_id=row.pk, summary=told.points, by=officer)
    yield clock.now() + 3 * HOUR
    complaints.reply(complaint_id=row.pk, text=told.answer, by=member.by)
    if told.outcome:
        yield clock.now() + DAY
        complaints.decide(complaint_id=row.pk, outcome=told.outcome, reasons=told.reasons, by=officer)
