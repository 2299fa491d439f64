"""The yearly grade: proposed from the files of a day that is over, public, objected to, published, and then final."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from agencies import selectors as agencies
from core import clock, jobs, workdays
from core.audit import SYSTEM, By
from core.workdays import LOCAL
from ratings import grade_steps, selectors, services, steps
from ratings.models import Appeal, AppealDecision, GradeLine, GradeList, GradePublication
from ratings.selectors import grades as seen
from ratings.services import grades
from ratings.services.certificate import hash_of, lines_hash
from ratings.steps import open_steps
from supervision.models import Notice
from tests.contracts.test_award import refused
from tests.ratings.grading import (
    DAY,
    GROUNDS,
    JANUARY,
    REASONS,
    SUMMER,
    decide,
    line_of,
    objected,
    own,
    proposed,
    publish,
    put_right,
    told,
)

pytestmark = pytest.mark.django_db


def test_every_agency_of_the_year_gets_what_its_file_gave_on_the_last_day(market):
    row = proposed(market)
    found = {line.agency_id: (line.grade, line.score) for line in row.lines.all()}
    assert found == {
        market["good"].pk: ("A", Decimal("100.50")),
        market["late"].pk: ("C", Decimal("75.00")),
        market["new"].pk: ("", None),
    }
    file = selectors.credit_file(market["late"].pk, row.as_of)
    assert line_of(market["late"]).lines_hash == lines_hash(market["late"].pk, file)
    assert row.credit_rules == file.rules.ref


def test_the_publicity_is_ten_working_days_and_everybody_hears_of_it(market):
    row = proposed(market)
    assert row.objections_until == workdays.load().deadline(JANUARY, 10)
    told_of = {notice.organisation_id: str(notice) for notice in Notice.objects.filter(path__startswith="/grades/")}
    assert set(told_of) == {market[name].pk for name in ("good", "late", "new")}
    assert "拟评为 C" in told_of[market["late"].pk]
    assert "不评级" in told_of[market["new"].pk]


def test_only_the_operator_proposes_a_year_that_is_over_once(market):
    with clock.at(JANUARY):
        for by in (market["sol"], own(market["good"]), SYSTEM):
            refused("access.not_yours", services.propose_grades, year=2025, by=by)
        refused("grade.year_not_over", services.propose_grades, year=2026, by=market["olga"])
        refused("grade.nobody", services.propose_grades, year=2024, by=market["olga"])
    proposed(market)
    with clock.at(JANUARY):
        refused("grade.proposed", services.propose_grades, year=2025, by=market["oleg"])
    lines = GradeLine.objects.count()
    grades.compute_grades(list_id=GradeList.objects.get().pk)
    assert GradeLine.objects.count() == lines


def test_the_agency_objects_to_its_own_line_once_and_in_time(market):
    row = proposed(market)
    line = line_of(market["late"])
    call = {"line_id": line.pk, "grounds": GROUNDS}
    with clock.at(JANUARY + DAY):
        for by in (own(market["good"]), market["olga"], market["sol"]):
            refused("access.not_yours", services.object_to_grade, **call, by=by)
        refused(
            "appeal.grounds_short", services.object_to_grade, line_id=line.pk, grounds="不服", by=own(market["late"])
        )
    with clock.at(row.objections_until):
        refused("grade.objections_over", services.object_to_grade, **call, by=own(market["late"]))
    filed = objected(market)
    assert filed.decide_by == workdays.load().deadline(JANUARY + DAY, 7)
    with clock.at(JANUARY + DAY):
        refused("appeal.twice", services.object_to_grade, **call, by=own(market["late"]))


def test_whoever_proposed_or_belongs_to_the_agency_decides_nothing(market):
    proposed(market)
    row = objected(market)
    put_right(market)
    refused("appeal.involved", decide, row=row, by=market["olga"])
    refused("access.not_yours", decide, row=row, by=own(market["late"]))
    refused("appeal.involved", decide, row=row, by=market["sol"], related=[market["late"].pk])
    both = By(own(market["late"]).user_id, market["sol"].org_id)
    refused("appeal.involved", decide, row=row, by=both)
    assert decide(row, market["oleg"]).upheld


def test_the_operator_s_regulator_is_the_one_whose_clock_runs(market):
    proposed(market)
    assert selectors.decider(selectors.appeal(objected(market).pk)) == market["sol"].org_id


def test_an_upheld_objection_has_the_line_computed_from_the_file_that_was_put_right(market):
    proposed(market)
    before = line_of(market["late"])
    row = objected(market)
    put_right(market)
    decision = decide(row, market["sol"])
    after = line_of(market["late"])
    assert (after.replaces, after.put_right_until) == (before, decision.decided_at)
    assert (after.grade, after.score) == ("A", Decimal("100.00"))
    assert decision.correction is None
    shown = selectors.credit_file(market["late"].pk, before.list.as_of)
    assert shown.score.total == Decimal("75.00"), "a day that is over still reads as it was"


def test_the_worked_example_of_the_documentation(market):
    agency, begun = market["new"], datetime(2026, 1, 8, 10, tzinfo=LOCAL)
    rows = {"handed in late": "-10.00", "warned": "-5.00", "suspended": "-15.00", "in time": "0.50"}
    made = {key: told(agency, key, points) for key, points in rows.items()}
    with clock.at(begun):
        services.propose_grades(year=2025, by=market["olga"])
        jobs.drain()
    before = line_of(agency)
    assert (before.score, before.grade) == (Decimal("70.50"), "C")
    assert before.list.objections_until == datetime(2026, 1, 23, tzinfo=LOCAL)
    with clock.at(begun + DAY):
        about_row = services.object_to(event_id=made["handed in late"].pk, grounds=GROUNDS, by=own(agency))
        about_line = services.object_to_grade(line_id=before.pk, grounds=GROUNDS, by=own(agency))
    assert {about_row.decide_by, about_line.decide_by} == {datetime(2026, 1, 21, tzinfo=LOCAL)}
    for row, day in ((about_row, 14), (about_line, 15)):
        with clock.at(datetime(2026, 1, day, 9, tzinfo=LOCAL)):
            services.decide_appeal(appeal_id=row.pk, upheld=True, reasons=REASONS, by=market["sol"])
    publish(market, before.list.objections_until)
    after = seen.grades_of(agency.pk, before.list.objections_until).get()
    assert (after.score, after.grade) == (Decimal("80.50"), "B")
    assert selectors.credit_file(agency.pk, before.list.as_of).score.total == Decimal("70.50")


def test_no_objection_is_upheld_while_no_row_was_put_right(market):
    proposed(market)
    row = objected(market)
    refused("grade.unchanged", decide, row=row, by=market["sol"])
    assert not AppealDecision.objects.exists()
    decide(row, market["sol"], upheld=False)
    assert line_of(market["late"]).grade == "C"


def test_a_row_without_points_that_was_wrong_leaves_nothing_to_grade(market):
    only = told(market["new"], "its only row", "0", kind="contract_completed")
    proposed(market)
    before = line_of(market["new"])
    assert (before.grade, before.score) == ("A", Decimal("100.00"))
    row = objected(market, "new")
    with clock.at(JANUARY + 2 * DAY):
        services.correct(event_id=only.pk, reason="误记", source="/appeals/1/", by=SYSTEM)
    decide(row, market["sol"])
    after = line_of(market["new"])
    assert (after.grade, after.score, after.replaces) == ("", None, before)


def test_a_repair_after_the_year_changes_nothing_of_the_year(market):
    row = proposed(market)
    with clock.at(JANUARY + DAY):
        services.repair(event_id=market["row"].pk, source_key="repair:1", reason="已改正", source="/", by=SYSTEM)
    fresh = grades.anew(line_of(market["late"]), JANUARY + 2 * DAY)
    assert fresh.lines_hash == line_of(market["late"]).lines_hash
    assert row.lines.count() == 3


def test_nothing_is_published_before_the_publicity_is_over_and_everything_decided(market):
    row = proposed(market)
    filed = objected(market)
    refused("grade.publicity", publish, market=market, at=row.objections_until - DAY)
    refused("grade.objections_open", publish, market=market, at=row.objections_until)
    decide(filed, market["sol"], upheld=False)
    refused("access.not_yours", publish, market=market, at=row.objections_until, who="sol")
    publish(market, row.objections_until)
    refused("grade.published", publish, market=market, at=row.objections_until + DAY)
    with clock.at(row.objections_until + DAY):
        refused(
            "grade.objections_over",
            services.object_to_grade,
            line_id=line_of(market["good"]).pk,
            grounds=GROUNDS,
            by=own(market["good"]),
        )


def test_a_published_grade_stands_in_the_standing_and_in_the_history(market):
    row = proposed(market)
    publish(market, row.objections_until)
    shown = {name: agencies.get(market[name].pk) for name in ("good", "late", "new", "later")}
    assert {name: (one.graded_year, one.year_grade) for name, one in shown.items()} == {
        "good": (2025, "A"),
        "late": (2025, "C"),
        "new": (2025, ""),
        "later": (None, ""),
    }
    assert [line.grade for line in seen.grades_of(market["late"].pk, row.objections_until)] == ["C"]
    assert not seen.grades_of(market["late"].pk, row.objections_until - DAY).exists()


def test_a_publicity_that_gets_longer_is_longer_for_everybody_and_never_shorter(market):
    row = proposed(market)
    reference, later = f"line:{line_of(market['good']).pk}", row.objections_until + DAY
    for due in (later, row.objections_until):
        assert grade_steps.move_objection(reference, due)
        row.refresh_from_db()
        assert row.objections_until == later


def stored(refusal, model, **values):
    """The database itself refuses such a row."""
    with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
        model.objects.create(**values)


def line_values(row, agency, **values):
    common = {"list": row, "agency": agency, "lines_hash": "0" * 64, "computed_at": JANUARY}
    return {**common, "put_right_until": row.as_of, "grade": "A", "score": Decimal("99.00"), **values}


def bare_list(market, **values):
    common = {"year": 2025, "as_of": seen.end_of(2025), "credit_rules": "credit@1", "rules_ref": "grading@1"}
    by = {"by_user_id": market["olga"].user_id, "by_org_id": market["olga"].org_id, "proposed_at": JANUARY}
    return {**common, **by, **values}


def test_the_database_takes_a_list_only_from_the_operator_and_as_of_the_end_of_its_year(market):
    regulator = {"by_user_id": market["sol"].user_id, "by_org_id": market["sol"].org_id}
    for wrong in (regulator, {"by_user_id": market["sol"].user_id}, {"as_of": seen.end_of(2025) - DAY}):
        stored("proposed by the operator", GradeList, **bare_list(market, **wrong))
    stored("is_over", GradeList, **bare_list(market, proposed_at=seen.end_of(2025)))


def test_the_database_knows_no_grade_without_rows(market):
    row = GradeList.objects.create(**bare_list(market))
    stored("no row that a grade could come from", GradeLine, **line_values(row, market["new"]))
    told(market["new"], "january", "0.50", at=JANUARY - DAY)
    stored("no row that a grade could come from", GradeLine, **line_values(row, market["new"]))
    stored("grade_has_a_score", GradeLine, **line_values(row, market["late"], score=None))
    GradeLine.objects.create(**line_values(row, market["late"]))
    stored("one_grade_line", GradeLine, **line_values(row, market["late"]))


def test_the_database_keeps_a_public_list_as_it_is(market):
    row = proposed(market)
    stored("public already", GradeLine, **line_values(row, market["good"]))
    line = line_of(market["late"])
    again = line_values(row, market["late"], replaces=line, put_right_until=JANUARY)
    stored("only after an upheld objection", GradeLine, **again)
    decide(objected(market), market["sol"], upheld=False)
    stored("only after an upheld objection", GradeLine, **again)
    changes = (
        ("UPDATE ratings_gradeline SET grade = 'A'", "append-only"),
        ("DELETE FROM ratings_gradeline", "append-only"),
        ("UPDATE ratings_gradelist SET objections_until = objections_until - interval '1 day'", "stay as they were"),
        ("UPDATE ratings_gradelist SET year = 2024", "stay as they were"),
        ("DELETE FROM ratings_gradelist", "stay"),
        ("TRUNCATE ratings_gradelist CASCADE", "append-only"),
    )
    for change, refusal in changes:
        with pytest.raises(DatabaseError, match=refusal), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; {change}")


def test_the_database_publishes_nothing_before_the_end_of_the_publicity_or_with_an_open_objection(market):
    row = proposed(market)
    by = {"by_user_id": market["olga"].user_id, "by_org_id": market["olga"].org_id}
    before = row.objections_until - timedelta(seconds=1)
    stored("after its publicity", GradePublication, list=row, at=before, **by)
    stranger = {"by_user_id": market["sol"].user_id, "by_org_id": market["sol"].org_id}
    stored("after its publicity", GradePublication, list=row, at=row.objections_until, **stranger)
    filed = objected(market)
    stored("not settled", GradePublication, list=row, at=row.objections_until, **by)
    put_right(market)
    with transaction.atomic():
        AppealDecision.objects.create(
            appeal=filed, upheld=True, reasons=REASONS, by_user_id=market["sol"].user_id,
            by_org_id=market["sol"].org_id, decided_at=JANUARY + 3 * DAY,
        )  # fmt: skip
        stored("not settled", GradePublication, list=row, at=row.objections_until, **by)
        transaction.set_rollback(True)
    decide(filed, market["sol"])
    GradePublication.objects.create(list=row, at=row.objections_until, **by)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        GradePublication.objects.update(at=JANUARY)


def test_the_database_lets_only_the_agency_object_and_only_the_uninvolved_decide(market):
    row = proposed(market)
    mine, sol = own(market["late"]), market["sol"]
    values = {"line": line_of(market["late"]), "grounds": GROUNDS, "rules_ref": "grading@1"}

    def appeal(by, at):
        moments = {"filed_at": at, "heard_by": at, "decide_by": at + DAY}
        return {**values, **moments, "number": f"X-{at}", "by_user_id": by.user_id, "by_org_id": by.org_id}

    stored("during the publicity", Appeal, **appeal(own(market["good"]), JANUARY))
    stored("during the publicity", Appeal, **appeal(mine, row.objections_until))
    filed = Appeal.objects.create(**appeal(mine, JANUARY))
    for user_id, org_id in ((market["olga"].user_id, sol.org_id), (mine.user_id, sol.org_id)):
        stored(
            "somebody involved", AppealDecision, appeal=filed, upheld=False, reasons=REASONS, by_user_id=user_id,
            by_org_id=org_id, decided_at=JANUARY,
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_what_the_list_says_of_many_files_is_what_the_rule_says_of_each(market, seed):
    chance, agency_ids = random.Random(seed), [market[name].pk for name in ("good", "late", "new")]
    rows = []
    for number in range(60):
        at = SUMMER + timedelta(days=chance.randint(0, 260))
        agency = market[chance.choice(("good", "late", "new"))]
        wrong = chance.choice(rows) if rows and chance.random() < 0.25 else None
        with clock.at(at):
            if wrong is None:
                points, kind = chance.choice(["-5", "-1", "0", "6"]), chance.choice(["milestone_late", "award_won"])
                rows.append(told(agency, f"row {number}", points, kind=kind, at=at))
            elif chance.random() < 0.5:
                services.correct(event_id=wrong.pk, reason="误记", source="/", by=SYSTEM)
            else:
                services.repair(event_id=wrong.pk, source_key=f"repair {number}", reason="改正", source="/", by=SYSTEM)
    as_of = seen.end_of(2025)
    rules = selectors.credit_file(agency_ids[0], as_of).rules
    for agency_id, found in seen.scores(agency_ids, as_of, rules).items():
        file = selectors.credit_file(agency_id, as_of)
        assert found == file.score
        assert hash_of(agency_id, found, as_of=as_of, rules_ref=rules.ref) == lines_hash(agency_id, file)
        later = seen.put_right_score(agency_id, as_of, rules, as_of)
        assert later == file.score, "nothing was put right by then"


def test_many_agencies_are_graded_with_a_fixed_number_of_queries_for_each_batch(market, monkeypatch):
    monkeypatch.setattr(grades, "BATCH", 2)
    with clock.at(JANUARY):
        services.propose_grades(year=2025, by=market["olga"])
        with CaptureQueriesContext(connection) as queries:
            grades.compute_grades(list_id=GradeList.objects.get().pk)
    asked = [one["sql"] for one in queries if one["sql"].startswith("SELECT") and "ratings_creditevent" in one["sql"]]
    assert len(asked) == 2
    assert GradeLine.objects.count() == 3


def told_steps(kind, since=SUMMER):
    return [step for step in open_steps(since) if step.kind == kind]


def test_every_step_has_an_owner_and_an_end(market):
    with clock.at(JANUARY - DAY):
        (due,) = told_steps("grade.propose")
        assert (due.owner_org, due.due_at) == (market["olga"].org_id, datetime(2026, 2, 1, tzinfo=LOCAL))
        assert (due.closed_at, due.right) == (None, False)
    row = proposed(market)
    with clock.at(JANUARY + DAY):
        assert told_steps("grade.propose")[0].closed_at == JANUARY
        rights = told_steps("grade.object")
        assert {step.owner_org for step in rights} == {market[name].pk for name in ("good", "late", "new")}
        assert {(step.due_at, step.right, step.closed_at) for step in rights} == {(row.objections_until, True, None)}
        assert not told_steps("grade.publish")
    filed = objected(market)
    with clock.at(row.objections_until):
        (decision,) = told_steps("grade.decide")
        assert (decision.owner_org, decision.due_at, decision.respondent) == (
            market["sol"].org_id, filed.decide_by, market["late"].pk,
        )  # fmt: skip
        assert not told_steps("grade.publish"), "something is left to decide"
        assert {step.closed_at for step in told_steps("grade.object")} == {row.objections_until, filed.filed_at}
    settled = row.objections_until + 2 * DAY
    decide(filed, market["sol"], upheld=False, days=(settled - JANUARY) / DAY)
    with clock.at(settled + DAY):
        (duty,) = told_steps("grade.publish")
        assert (duty.started_at, duty.due_at) == (settled, workdays.load().deadline(settled, 5))
    publish(market, settled + 2 * DAY)
    with clock.at(settled + 3 * DAY):
        assert told_steps("grade.publish")[0].closed_at == settled + 2 * DAY
        assert not told_steps("grade.propose", since=settled)


def test_no_decision_is_moved_before_the_other_side_was_heard(market):
    proposed(market)
    row = objected(market)
    assert steps.move_decision(f"appeal:{row.pk}", row.heard_by - DAY)
    row.refresh_from_db()
    assert row.decide_by == row.heard_by
