"""Repair: not too soon, with proof and promise, decided by a person, felt at once; and the promise broken."""

from decimal import Decimal

import pytest
from django.db import transaction

from agencies import services as agencies
from core import clock
from core.errors import Refusal
from ratings.models import CreditEvent
from ratings.selectors.files import credit_file
from supervision.models import Repair
from supervision.services import cases, repair_targets, repairs
from tests.accounts import people
from tests.supervision.listing import NOW, WORDS, World, later, listed, published_case, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        yield


def code_of(verb, **given):
    with pytest.raises(Refusal) as refused, transaction.atomic():
        verb(**given)
    return refused.value.code


def asked(made: World, kind, pk, **but):
    usual = {"kind": kind, "target_id": pk, "commitment": True, "text": "已完成整改，制度见附件。", "by": made.ana}
    return repairs.apply(**{**usual, **but})


def granted(made: World, kind, pk, officer=4):
    row = asked(made, kind, pk)
    repairs.accept(repair_id=row.pk, by=made.officers[officer])
    return repairs.grant(repair_id=row.pk, reason=WORDS, by=made.officers[officer])


def test_a_suspension_is_repaired_after_three_months_and_lifted_at_once():
    made = world()
    case = published_case(made)
    measure = case.measures.get()
    assert made.kinds == ("suspended",)
    with later(80):
        assert code_of(asked, made=made, kind="measure", pk=measure.pk) == "repair.publicity"
    with later(95):
        row = granted(made, "measure", measure.pk)
        assert (row.state, made.kinds) == ("granted", ())
        assert CreditEvent.objects.filter(kind="repair", agency_id=made.agency.pk).exists()
        case.refresh_from_db()
        assert case.state == "lifted"


def test_a_broken_promise_brings_the_measure_back_and_no_second_repair_for_a_year():
    made = world()
    case = published_case(made)
    with later(95):
        row = granted(made, "measure", case.measures.get().pk)
    with later(100):
        broken = {"repair_id": row.pk, "reason": WORDS}
        assert code_of(repairs.find_broken, **broken, by=made.officers[4]) == "repair.same_officer"
        repairs.find_broken(**broken, by=made.officers[3])
        assert made.kinds == ("suspended",)
        again = case.measures.order_by("-pk")[0]
    with later(180):
        assert code_of(asked, made=made, kind="measure", pk=again.pk) == "repair.broken_before"
    with later(186):
        assert made.kinds == ()


def test_a_listing_is_repaired_after_a_year():
    made = world()
    row = listed(made, months=24)
    with later(364):
        assert code_of(asked, made=made, kind="listing", pk=row.pk) == "repair.publicity"
    with later(366):
        granted(made, "listing", row.pk)
        row.refresh_from_db()
        assert row.state == "delisted"
        assert "restricted" not in made.kinds


def test_other_restrictions_can_be_repaired_but_not_the_authoritys():
    made = world()
    now = clock.now()
    row = agencies.restrict(
        agency_id=made.agency.pk,
        kind="warned",
        starts_at=now,
        ends_at=now.replace(year=2027),
        ground="逾期",
        source="/x/",
    )
    assert [target.kind for target in repair_targets.of_agency(made.agency.pk)] == ["restriction"]
    granted(made, "restriction", row.pk)
    assert made.kinds == ()


def test_what_is_missing_is_asked_once_and_the_reporter_has_no_say():
    made = world()
    case = published_case(made)
    with later(95):
        row = asked(made, "measure", case.measures.get().pk)
        assert code_of(asked, made=made, kind="measure", pk=case.measures.get().pk) == "repair.open"
        assert code_of(repairs.accept, repair_id=row.pk, by=made.officers[0]) == "repair.reporter"
        assert code_of(repairs.accept, repair_id=row.pk, by=made.ana) == "process.related"
        assert code_of(repairs.accept, repair_id=row.pk, by=made.department) == "repair.officer"
        given = {"repair_id": row.pk, "by": made.officers[4]}
        repairs.say_missing(**given, text="缺少整改证明材料，请补交。")
        with pytest.raises(Repair.DoesNotExist):
            repairs.supplement(repair_id=row.pk, text="补交整改证明。", by=made.officers[4])
        repairs.supplement(repair_id=row.pk, text="补交整改证明。", by=made.ana)
        assert code_of(repairs.say_missing, **given, text="还缺少一份材料，请补交。") == "repair.asked_once"
        assert code_of(repairs.grant, **given, reason=WORDS) == "repair.order"
        repairs.accept(**given)
        assert repairs.refuse(**given, reason=WORDS).state == "refused"
        assert made.kinds == ("suspended",)
        assert asked(made, "measure", case.measures.get().pk).state == "applied"


def test_a_repair_needs_a_promise_and_ones_own_measure():
    made = world()
    case = published_case(made)
    stranger = people.agency(2, name="廊坊市他人咨询有限公司")
    pk = case.measures.get().pk
    with later(95):
        assert code_of(asked, made=made, kind="measure", pk=pk, commitment=False) == "repair.commitment"
        by = type(made.ana)(made.ana.user_id, stranger.pk)
        assert code_of(asked, made=made, kind="measure", pk=pk, by=by) == "repair.gone"
    with later(190):
        assert code_of(asked, made=made, kind="measure", pk=pk) == "repair.gone"


def test_after_a_reduced_decision_repair_and_broken_promise_move_the_row_that_counts():
    made = world()
    case = published_case(made, "removal", 400)
    cases.ask_review(case_id=case.pk, reasons="处理过重，请求复核本决定。", by=made.ana)
    cases.decide_review(
        case_id=case.pk, outcome="changed", measure="suspension", days=300, reasons=WORDS, by=made.officers[4]
    )
    counts = CreditEvent.objects.get(source_key=f"case:{case.pk}:review")
    with later(95):
        row = granted(made, "measure", case.measures.order_by("-pk")[0].pk)
        repaired = CreditEvent.objects.get(source_key=f"repair:{row.pk}")
        assert repaired.corrects_id == counts.pk
    with later(100):
        repairs.find_broken(repair_id=row.pk, reason=WORDS, by=made.officers[3])
        assert case.events.filter(kind="enforced").order_by("-seq")[0].data["credit"] == counts.pk
        assert CreditEvent.objects.filter(kind="correction", corrects=repaired).exists()
        assert credit_file(made.agency.pk, clock.now()).score.total == Decimal(100) + counts.points
