"""The facts that decide about entry, and the standing others write."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from agencies import selectors, services
from agencies.facts import CatalogueRef
from core import audit, clock
from core.errors import Refusal
from tests.accounts import people

pytestmark = pytest.mark.django_db
EIA = CatalogueRef("02010", "环境影响报告书编制", "Environmental impact report", "")
TEST = CatalogueRef("08055", "工程质量检测", "Construction quality testing", "建设工程质量检测机构资质证书")


def test_a_new_agency_is_live_with_nothing_but_identity_and_commitment():
    agency = people.agency()
    facts = selectors.facts(agency.pk)
    assert (facts.item_codes, facts.licence_kinds, facts.practitioners) == (frozenset(), frozenset(), 0)
    assert (facts.restrictions, facts.score, facts.grade) == ((), None, "")
    assert (facts.region_code, facts.region_name) == ("131000", "廊坊市")
    assert list(selectors.directory(selectors.Filters())) == [agency]


def test_offering_again_keeps_the_earlier_terms():
    agency = people.agency()
    offer(agency, EIA, fee_note="按合同额计，2 万元起")
    offer(agency, EIA, fee_note="3 万元起", days=25)
    (now,) = selectors.services(agency.pk)
    assert (now.fee_note, now.days) == ("3 万元起", 25)
    assert agency.services.count() == 2


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_service_limit_is_between_one_day_and_a_year(days):
    with pytest.raises(Refusal) as refusal:
        offer(people.agency(), EIA, days=days)
    assert refusal.value.code == "service.days"


def test_a_withdrawn_service_no_longer_counts():
    agency = people.agency()
    offered = offer(agency, EIA)
    services.withdraw_service(service_id=offered.pk, agency=agency, by=audit.SYSTEM)
    assert selectors.facts(agency.pk).item_codes == frozenset()


def test_a_service_of_another_agency_cannot_be_withdrawn():
    mine, theirs = people.agency(1), people.agency(2)
    offered = offer(theirs, EIA)
    services.withdraw_service(service_id=offered.pk, agency=mine, by=audit.SYSTEM)
    assert selectors.facts(theirs.pk).item_codes == {"02010"}


def test_a_restriction_counts_from_its_start_until_its_end():
    agency = people.agency()
    start = datetime(2026, 3, 1, tzinfo=UTC)
    restrict(agency, starts_at=start, ends_at=start + timedelta(days=90))
    second = timedelta(seconds=1)
    at = {
        moment: selectors.facts(agency.pk, moment).restrictions
        for moment in (start - second, start, start + timedelta(days=90) - second, start + timedelta(days=90))
    }
    assert list(at.values()) == [(), ("suspended",), ("suspended",), ()]


def test_a_restriction_without_end_or_ground_is_refused():
    agency = people.agency()
    now = clock.now()
    for code, change in (
        ("restriction.period", {"ends_at": now}),
        ("restriction.ground", {"ground": " "}),
        ("restriction.ground", {"source": ""}),
    ):
        with pytest.raises(Refusal) as refusal:
            restrict(agency, **{"starts_at": now, "ends_at": now + timedelta(days=1), **change})
        assert refusal.value.code == code


def test_an_older_score_never_replaces_a_newer_one():
    agency = people.agency()
    now = clock.now()
    score(agency, "92.50", "A", now)
    score(agency, "60.00", "D", now - timedelta(hours=1))
    facts = selectors.facts(agency.pk)
    assert (facts.score, facts.grade) == (Decimal("92.50"), "A")


def test_each_change_leaves_a_line_in_the_audit_chain():
    agency = people.agency()
    offer(agency, EIA)
    score(agency, "92.50", "A", clock.now())
    entries = audit.AuditEntry.objects.filter(stream=f"agency:{agency.pk}")
    assert [entry.action for entry in entries] == ["registered", "service_offered", "scored"]
    assert audit.verify(f"agency:{agency.pk}") is None


def test_practitioners_count_while_their_certificate_does():
    agency = people.agency()
    for until in (None, date(2026, 1, 31), date(2030, 1, 1)):
        practitioner(agency, until)
    assert selectors.facts(agency.pk, datetime(2026, 2, 1, tzinfo=UTC)).practitioners == 2


def offer(agency, item, fee_note="2 万元起", days=20):
    return services.offer_service(
        agency=agency, item=item, fee_note=fee_note, days=days, conditions="", by=audit.SYSTEM
    )


def restrict(agency, **terms):
    terms = {"ground": "逾期未整改", "source": "/notices/1/", **terms}
    return services.restrict(agency_id=agency.pk, kind="suspended", **terms)


def score(agency, value, grade, at):
    services.set_score(agency_id=agency.pk, score=Decimal(value), grade=grade, rules_ref="ratings@1", at=at)


def practitioner(agency, until):
    services.add_practitioner(
        agency=agency, name="赵工", certificate="环境影响评价工程师", certificate_number="HP00012345",
        valid_until=until, by=audit.SYSTEM,
    )  # fmt: skip
