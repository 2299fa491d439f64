"""A market whose year 2025 is over, and what is done with its yearly grades: shared by the tests of them."""

from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import Membership
from core import clock, jobs
from core.audit import SYSTEM, By
from core.workdays import LOCAL
from ratings import services
from ratings.models import GradeLine, GradeList
from tests.accounts import people

SUMMER, AUTUMN = datetime(2025, 7, 1, 9, tzinfo=LOCAL), datetime(2025, 10, 9, 9, tzinfo=LOCAL)
JANUARY = datetime(2026, 1, 12, 9, tzinfo=LOCAL)
DAY = timedelta(days=1)
GROUNDS, REASONS = "逾期是委托方迟交资料造成的，不应扣分。", "往来函件表明延误由委托方造成，原记录有误。"


def told(agency, key, points, *, kind="milestone_late", at=AUTUMN):
    with clock.at(at):
        return services.record_credit(
            agency_id=agency.pk, kind=kind, source="/", source_key=key, summary={}, points=Decimal(points)
        )


def market():
    """Two agencies with rows, one without, one that came later; the operator with two people, and a regulator."""
    with clock.at(SUMMER):
        found = {
            name: people.agency(number, people.user(f"{name}@example.com"), name=f"廊坊{name}环境咨询有限公司")
            for number, name in enumerate(("good", "late", "new"), start=71)
        }
        operator = people.organisation("operator", 81, people.user("olga@example.com"), name="廊坊中介平台")
        second = people.user("oleg@example.com")
        Membership.objects.create(user=second, organisation=operator, role="member")
        regulator = people.organisation("regulator", 82, people.user("sol@example.com"), name="廊坊监管处")
    with clock.at(JANUARY - DAY):
        found["later"] = people.agency(79, people.user("later@example.com"), name="廊坊后来者有限公司")
    told(found["good"], "on time", "0.50", kind="milestone_on_time")
    told(found["late"], "completed", "0", kind="contract_completed")
    found["row"] = told(found["late"], "late", "-25.00")
    owner = operator.memberships.get(role="owner").user_id
    return found | {
        "olga": By(owner, operator.pk),
        "oleg": By(second.pk, operator.pk),
        "sol": By(regulator.memberships.get().user_id, regulator.pk),
    }


def own(agency):
    return By(agency.organisation.memberships.get().user_id, agency.pk)


def proposed(market):
    with clock.at(JANUARY):
        services.propose_grades(year=2025, by=market["olga"])
        jobs.drain()
    return GradeList.objects.get(year=2025)


def line_of(agency):
    return GradeLine.objects.get(agency=agency, replacement=None)


def objected(market, name="late", days=1):
    with clock.at(JANUARY + days * DAY):
        return services.object_to_grade(line_id=line_of(market[name]).pk, grounds=GROUNDS, by=own(market[name]))


def put_right(market):
    with clock.at(JANUARY + 2 * DAY):
        return services.correct(event_id=market["row"].pk, reason="误记", source="/appeals/1/", by=SYSTEM)


def decide(row, by, *, upheld=True, days=3, **more):
    with clock.at(JANUARY + days * DAY):
        return services.decide_appeal(appeal_id=row.pk, upheld=upheld, reasons=REASONS, by=by, **more)


def publish(market, at, who="olga"):
    with clock.at(at):
        published = services.publish_grades(year=2025, by=market[who])
        jobs.drain()
        return published
