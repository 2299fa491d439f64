"""A regulator that inspects: its inspectors, agencies of every band, a plan, a draw, an inspection on its way."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from accounts.models import Membership, Organisation, Region, User
from agencies.services import set_score
from core import clock
from core.audit import By
from supervision.models import Drawing, Inspection, InspectionPlan, Inspector
from supervision.services import drawings, inspections, plans
from tests.accounts import people

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
SCORES = {"A": "95", "B": "85", "C": "75", "D": "60"}
STANDARD = ["经营场所与登记一致", "执业人员在岗", "收费公示"]


@dataclass
class Bureau:
    organisation: Organisation
    people: dict[int, User] = field(default_factory=dict)  # by number of the inspector

    def by(self, inspector_id: int) -> By:
        return By(self.people[inspector_id].pk, self.organisation.pk)

    @property
    def head(self) -> By:
        return self.by(next(iter(self.people)))


def bureau(count=3, number=9500) -> Bureau:
    users = [people.user(f"officer{number}{n}@example.com", name=f"检查员{n}") for n in range(count)]
    made = Bureau(people.organisation("regulator", number, users[0], name="廊坊市市场监督管理局"))
    for user in users[1:]:
        Membership.objects.create(user=user, organisation=made.organisation)
    for n, user in enumerate(users):
        by = By(user.pk, made.organisation.pk)
        row = plans.register_inspector(email=user.email, badge=f"JC-{number}-{n}", by=by)
        made.people[row.pk] = user
    return made


def agencies(bands="ABCDD", first=1):
    """Agencies by band; each with a user ana<n>@example.com."""
    made = []
    for number, band in enumerate(bands, first):
        agency = people.agency(number, name=f"廊坊市第{number}环境咨询有限公司")
        if band in SCORES:
            set_score(agency_id=agency.pk, score=Decimal(SCORES[band]), grade=band, rules_ref="credit@1")
        made.append(agency)
    return made


def terms(**more) -> plans.Terms:
    usual = {
        "title": "中介服务机构执业规范检查",
        "basis": "《优化营商环境条例》第五十四条",
        "scope": "廊坊市内在平台登记的机构",
        "region": Region.objects.get(pk=people.LANGFANG),
        "standard": STANDARD,
        "ratios": {"A": 1, "B": 5, "C": 20, "D": 100},
        "year": 2026,
        "per_year": 1,
        "team": 2,
        "method": "onsite",
    }
    return plans.Terms(**(usual | more))


def plan(office: Bureau, **more) -> InspectionPlan:
    made = plans.make_plan(terms=terms(**more), by=office.head)
    return plans.publish_plan(plan_id=made.pk, by=office.head)


def drawn(office: Bureau, now=NOW, **more) -> Drawing:
    """A plan published, announced and, an hour later, drawn."""
    with clock.at(now):
        row = drawings.announce_draw(plan_id=plan(office, **more).pk, by=office.head)
    with clock.at(now + timedelta(hours=1)):
        drawings.draw(drawing_id=row.pk)
    return row


def officers(office: Bureau, row: Inspection) -> list[By]:
    keys = row.officers.filter(recused_at=None).values_list("inspector", flat=True)
    return [office.by(key) for key in keys]


def noticed(office: Bureau, row: Inspection, now=NOW) -> Inspection:
    first, *_ = officers(office, row)
    with clock.at(now + timedelta(hours=2)):
        return inspections.notify(
            number=row.number, visit_at=now + timedelta(days=3), words="请备好执业证书。", by=first
        )


def recorded(office: Bureau, row: Inspection, failing=(), now=NOW) -> None:
    first, *_ = officers(office, row)
    with clock.at(now + timedelta(days=3)):
        for point in range(len(STANDARD)):
            bad = point in failing
            words = "现场没有公示收费标准，仅有一张旧价目表。" if bad else ""
            inspections.mark(number=row.number, point=point, verdict="fail" if bad else "pass", words=words, by=first)


def concluded(office: Bureau, row: Inspection, outcome="ok", failing=(), *, now=NOW, ground="") -> Inspection:
    noticed(office, row, now)
    recorded(office, row, failing, now)
    first, *_ = officers(office, row)
    with clock.at(now + timedelta(days=4)):
        return inspections.conclude(
            number=row.number, outcome=outcome, summary="三项要点逐条核对，情况如记录。", ground=ground, by=first
        )


def published(office: Bureau, row: Inspection, outcome="ok", failing=(), now=NOW) -> Inspection:
    concluded(office, row, outcome, failing, now=now)
    _first, second = officers(office, row)
    with clock.at(now + timedelta(days=5)):
        return inspections.publish(number=row.number, by=second)


def agency_by(organisation_id: int) -> By:
    user = Membership.objects.get(organisation=organisation_id).user
    return By(user.pk, organisation_id)


def inspector_of(by: By) -> Inspector:
    return Inspector.objects.get(user=by.user_id)
