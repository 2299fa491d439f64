"""People and steps of a case for tests: three officers of two regulators, an operator's clerk, and a respondent."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from agencies.models import Agency
from core import clock
from core.audit import By
from supervision.models import Case
from supervision.services import cases
from tests.accounts import people
from tests.bidding import world

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday
WHY = "经核实，机构两次逾期提交成果，事实清楚。"


@dataclass
class Hearing:
    """`reporter`, `first`, `second`, `third`: officers; `respondent`: of the agency. `now` goes on by itself."""

    agency: Agency
    reporter: By
    first: By
    second: By
    third: By
    respondent: By
    now: datetime = NOW
    path: list[str] = field(default_factory=list)

    def later(self, **more: float):
        self.now += timedelta(**more)
        return clock.at(self.now)

    def opened(self, ground: str = "service_complaint") -> Case:
        with self.later(minutes=1):
            return cases.open_case(
                origin=cases.Origin("report", "report", "日常监管"),
                subject_id=self.agency.pk,
                ground=ground,
                facts=WHY,
                by=self.reporter,
            )

    def noticed(self, measure: str = "suspension", days: int = 30, **more: str) -> Case:
        case = self.opened(**more)
        with self.later(minutes=1):
            return cases.give_notice(case_id=case.pk, measure=measure, days=days, reasons=WHY, by=self.reporter)

    def proposed(self, measure: str = "suspension", days: int = 30) -> Case:
        case = self.noticed(measure, days)
        with self.later(hours=1):
            cases.defend(case_id=case.pk, text="延误是因为委托方资料迟交，请从轻。", by=self.respondent)
        with self.later(hours=1):
            return cases.propose(case_id=case.pk, measure=measure, days=days, reasons=WHY, by=self.first)

    def published(self, measure: str = "suspension", days: int = 30) -> Case:
        case = self.proposed(measure, days)
        with self.later(hours=1):
            cases.decide(case_id=case.pk, measure=measure, days=days, reasons=WHY, by=self.second)
        with self.later(hours=1):
            return cases.publish(case_id=case.pk, by=self.second)


def officer(kind: str, number: int, email: str) -> By:
    user = people.user(email)
    return By(user.pk, people.organisation(kind, number, user).pk)


def hearing(agency: Agency | None = None, now: datetime = NOW) -> Hearing:
    with clock.at(now):
        respondent = agency or world.agency(81)
        own = respondent.organisation.memberships.get().user
        return Hearing(
            respondent,
            officer("regulator", 9501, "reporter@example.com"),
            officer("regulator", 9502, "first@example.com"),
            officer("regulator", 9503, "second@example.com"),
            officer("operator", 9504, "third@example.com"),
            By(own.pk, respondent.pk),
            now,
        )
