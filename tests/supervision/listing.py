"""A bureau, a department, an agency with a published case against it, and the way onto the list."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from accounts.models import Membership
from agencies import selectors as agencies
from core import clock
from core.audit import By
from supervision.models import Case, Listing
from supervision.rules.cases import BY_TWO
from supervision.services import cases, listings
from tests.accounts import people

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
A_DAY = timedelta(days=1)
WORDS = "经核查，投标文件出自同一台电脑，事实清楚。"


@dataclass
class World:
    agency: object
    ana: By
    officers: list[By]
    department: By

    @property
    def kinds(self):
        return agencies.facts(self.agency.pk).restrictions


def world() -> World:
    ana = people.user("ana1@example.com")
    agency = people.agency(1, ana)
    users = [people.user(f"officer{n}@example.com") for n in range(5)]
    bureau = people.organisation("regulator", 9501, users[0], name="廊坊市市场监督管理局")
    for user in users[1:]:
        Membership.objects.create(user=user, organisation=bureau)
    dana = people.user("dana@example.com")
    department = people.organisation("department", 9502, dana, name="廊坊市生态环境局")
    return World(agency, By(ana.pk, agency.pk), [By(user.pk, bureau.pk) for user in users], By(dana.pk, department.pk))


REPORT = cases.Origin("report", "report:1", "日常监管发现")


def published_case(made: World, measure="suspension", days=180, ground="collusion", origin=REPORT) -> Case:
    """Officer 0 reports, 1 proposes if two are needed, 2 decides."""
    case = cases.open_case(
        origin=origin,
        subject_id=made.agency.pk,
        ground=ground,
        facts=WORDS,
        by=made.officers[0],
    )
    given = {"case_id": case.pk, "measure": measure, "days": days, "reasons": WORDS}
    cases.give_notice(**given, by=made.officers[0])
    cases.waive(case_id=case.pk, by=made.ana)
    if measure in BY_TWO:
        cases.propose(**given, by=made.officers[1])
    cases.decide(**given, by=made.officers[2])
    return cases.publish(case_id=case.pk, by=made.officers[2])


def candidate(made: World, months=12, officer=0) -> Listing:
    case = published_case(made)
    return listings.propose_listing(
        case_number=case.number,
        ground="串通投标，情节严重",
        legal_basis="《政府采购法》第七十七条",
        months=months,
        by=made.officers[officer],
    )


def listed(made: World, months=12) -> Listing:
    row = candidate(made, months)
    listings.give_notice(listing_id=row.pk, text=WORDS, by=made.officers[0])
    listings.waive(listing_id=row.pk, by=made.ana)
    return listings.approve(listing_id=row.pk, reason=WORDS, by=made.officers[3])


def later(days):
    return clock.at(clock.now() + days * A_DAY)
