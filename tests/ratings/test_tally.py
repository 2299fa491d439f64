"""What is added up row by row is what the rule says of all rows; a new row costs the same in a long file."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from agencies import selectors as agencies
from core import clock, rulesets
from core.audit import SYSTEM
from core.models import RuleSet
from ratings import services, tasks
from ratings.models import CreditEvent, Tally
from ratings.rules import tally as tallies
from ratings.rules.points import parameters
from ratings.rules.score import Happening, Parameters, Why, score
from ratings.services.tally import EVERYBODY, tally_all
from tests.accounts import people
from tests.contracts.test_award import refused

PARAMETERS = Parameters(
    Decimal("100.00"), Decimal("10.00"), (("A", Decimal(90)), ("B", Decimal(80)), ("D", Decimal(0))), frozenset({"won"})
)
START = datetime(2025, 11, 1, tzinfo=UTC)


@st.composite
def files(draw):
    """Rows in the order they came, some correcting or repairing earlier ones; a correction is final."""
    rows, day = [], START
    for number in range(draw(st.integers(0, 14))):
        day += timedelta(days=draw(st.integers(0, 60)))
        points = Decimal(draw(st.sampled_from(["-5.00", "-1.00", "0", "0.50", "3.00", "6.00"])))
        kind, corrects = draw(st.sampled_from(["won", "seen"])), ""
        open_to = [row.key for row in rows if row.kind != "correction"]
        if open_to and draw(st.integers(0, 3)) == 0:
            kind, corrects, points = draw(st.sampled_from(["correction", "repair"])), draw(st.sampled_from(open_to)), 0
        expires = draw(st.sampled_from([None, 30, 200]))
        until = day + timedelta(days=expires) if expires else None
        rows.append(Happening(f"{number:03d}", kind, Decimal(points), day, until, corrects))
    return rows


moments = st.integers(0, 900).map(lambda days: START + timedelta(days=days))


@given(files(), moments)
def test_a_tally_of_rows_says_what_the_score_says(rows, moment):
    found, expected = (
        tallies.total(tallies.tally(rows, PARAMETERS, moment), PARAMETERS),
        score(rows, PARAMETERS, moment),
    )
    assert (found.total, found.grade, found.newcomer) == (expected.total, expected.grade, expected.newcomer)


@given(files(), moments)
def test_a_row_taken_out_leaves_the_tally_as_before(rows, moment):
    before = tallies.tally(rows, PARAMETERS, moment)
    row = Happening("999", "seen", Decimal("-2.00"), moment, moment + timedelta(days=9))
    after = tallies.uncount(tallies.count(before, row), row)
    assert replace(after, next_expiry=before.next_expiry) == before


def test_a_corrected_repair_makes_the_row_count_again():
    late = Happening("1", "late", Decimal("-5.00"), START)
    repaired = Happening("2", "repair", Decimal(0), START + timedelta(days=1), corrects="1")
    broken = Happening("3", "correction", Decimal(0), START + timedelta(days=2), corrects="2")
    after = [score([late, repaired, broken], PARAMETERS, START + timedelta(days=day)) for day in range(3)]
    assert [one.total for one in after] == [Decimal(95), Decimal(100), Decimal(95)]
    assert after[1].lines[1].why == Why.REPAIRED


@pytest.fixture
def agency(db):
    return people.agency(41)


def told(agency, key, *, points, at, kind="milestone_late"):
    with clock.at(at):
        return services.record_credit(
            agency_id=agency.pk, kind=kind, source="/", source_key=key, summary={}, points=Decimal(points)
        )


def by_rule(agency, moment):
    rows = [row.happening for row in CreditEvent.objects.filter(agency=agency)]
    found = score(rows, parameters(rulesets.current("credit").parameters), moment)
    return (None if found.newcomer else found.total, found.grade)


def standing(agency):
    agency = agencies.get(agency.pk)
    return agency.score, agency.grade


@pytest.mark.parametrize("seed", range(6))
def test_a_file_kept_row_by_row_stands_where_the_rule_puts_it(agency, seed):

    chance, moment = random.Random(seed), START
    rows = []
    for number in range(25):
        moment += timedelta(days=chance.randint(0, 40))
        wrong = chance.choice(rows) if rows and chance.random() < 0.3 else None
        with clock.at(moment):
            if wrong is None:
                rows.append(told(agency, str(number), points=chance.choice(["-5", "-1", "0", "0.5", "6"]), at=moment))
            elif wrong.kind == "repair" or chance.random() < 0.5:
                services.correct(event_id=wrong.pk, reason="误记", source="/", by=SYSTEM)
            else:
                call = {"event_id": wrong.pk, "source_key": f"repair:{number}", "reason": "已改正"}
                rows.append(services.repair(**call, source="/", by=SYSTEM))
            tasks.reveal_due_ratings.run()
        assert standing(agency) == by_rule(agency, moment)
    kept = Tally.objects.values().get(pk=agency.pk)
    with clock.at(moment):
        tally_all()
    again = Tally.objects.values().get(pk=agency.pk)
    drop = ("as_of", "next_expiry", "added")  # the expiry may be early; a year that came to nothing is left out
    assert {k: v for k, v in kept.items() if k not in drop} == {k: v for k, v in again.items() if k not in drop}
    assert {y: Decimal(p) for y, p in kept["added"].items()} == {y: Decimal(p) for y, p in again["added"].items()}


def test_points_that_expire_leave_the_score_without_a_new_row(agency):
    event = told(agency, "late", points="-5", at=START)
    assert standing(agency) == (Decimal("95.00"), "A")
    with clock.at(event.expires_at):
        tasks.reveal_due_ratings.run()
    assert standing(agency) == (Decimal("100.00"), "A")


def test_a_row_more_costs_no_more_queries_in_a_long_file(agency):
    told(agency, "first", points="-1", at=START)
    counts = []
    for number in range(3):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            told(agency, f"one {number}", points="-0.01", at=START + timedelta(minutes=number))
        counts.append(len(queries))
        assert not [q for q in queries if "ratings_creditevent" in q["sql"] and "ORDER BY" not in q["sql"]
                    and q["sql"].startswith("SELECT") and "source_key" not in q["sql"]]  # fmt: skip
    assert len(set(counts)) == 1


def rows_of(agency, correcting, **values):
    """A row for each of these rows, or for nothing, that it corrects."""
    common = {"agency": agency, "summary": {}, "source": "/", "happened_at": START, "rules_ref": "credit@1", **values}
    made = [CreditEvent(**common, source_key=f"{values['kind']}:{n}", corrects=one) for n, one in enumerate(correcting)]
    return CreditEvent.objects.bulk_create(made)


def steps(plan):
    return [plan, *(below for step in plan.get("Plans", ()) for below in steps(step))]


def test_the_database_expects_as_many_corrections_as_there_are(agency):
    """When it expected one, it compared each of a million rows with each of ten thousand corrections."""
    rows = rows_of(agency, [None] * 600, kind="milestone_late", points=Decimal(-1))
    corrections = rows_of(agency, rows[:300], kind="correction", points=Decimal(0))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ratings_creditevent")
        values = {"now": clock.now(), "ref": "credit@1", "proving": []}
        cursor.execute(f"EXPLAIN (FORMAT JSON) {EVERYBODY}", values)
        plan = cursor.fetchone()[0][0]["Plan"]
    expected = [step["Plan Rows"] for step in steps(plan) if step.get("Group Key") == ["c.corrects_id"]]
    assert expected
    assert min(expected) >= len(corrections) / 4


def test_many_corrections_leave_every_tally_with_what_they_left(agency):
    rows = rows_of(agency, [None] * 30, kind="milestone_late", points=Decimal(-1))
    repairs = rows_of(agency, rows[:20], kind="repair", points=Decimal(0))
    rows_of(agency, [*repairs[:10], *rows[20:25]], kind="correction", points=Decimal(0))
    tally_all()
    kept = Tally.objects.get(pk=agency.pk)
    assert (kept.deducted, kept.proving) == (Decimal(-15), 25)


def test_new_rules_score_everybody_anew(agency):
    told(agency, "late", points="-5", at=START)
    rules = rulesets.current("credit")
    RuleSet.objects.create(
        name="credit",
        version=9,
        effective_from=START,
        draft=True,
        note="",
        parameters={**rules.parameters, "start": "50"},
    )
    with clock.at(START + timedelta(hours=1)):
        tasks.reveal_due_ratings.run()
    assert standing(agency) == (Decimal("45.00"), "D")
    assert agencies.get(agency.pk).score_rules == "credit@9"


def test_a_correction_is_final_and_stays_in_its_file(agency):
    event = told(agency, "late", points="-5", at=START)
    with clock.at(START + timedelta(days=1)):
        correction = services.correct(event_id=event.pk, reason="误记", source="/", by=SYSTEM)
        refused("credit.correction_final", services.correct, event_id=correction.pk, reason="x", source="/", by=SYSTEM)
    other = people.agency(42, people.user("other@example.com"), name="另一家机构有限公司")
    with pytest.raises(DatabaseError, match="cannot be corrected"), transaction.atomic():
        CreditEvent.objects.create(
            agency=other, kind="correction", points=0, summary={}, source="/", source_key="x", happened_at=START,
            rules_ref="credit@1", corrects=event,
        )  # fmt: skip


def test_a_measure_carries_its_basis_its_publication_and_its_own_rules(agency):
    with clock.at(START):
        row = services.record_credit(
            agency_id=agency.pk, kind="measure_suspension", source="/decisions/CF-1/", source_key="case:1",
            summary={"reason": "串通报价", "case": "CF-1"}, legal_basis="政府采购法第七十七条",
        )  # fmt: skip
    assert (row.points, row.legal_basis, row.published_at, row.rules_ref) == (
        Decimal("-15.00"), "政府采购法第七十七条", START, "conduct@1",
    )  # fmt: skip
