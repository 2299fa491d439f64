"""The life of a department's money, from grant to release, and what the database refuses whoever asks."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from core import audit, clock
from core.audit import SYSTEM, By
from core.errors import Refusal
from core.money import Money
from core.workdays import LOCAL
from payments import ledger
from payments.models import Adjustment, BudgetLine, Commitment, FiscalYear, Reservation
from payments.services import budgets, lines
from payments.services.pots import pots
from tests.accounts import people
from tests.payments import books, purse

pytestmark = pytest.mark.django_db
STAGES = ("free", "reserved", "committed", "payable", "paid")
NEXT_YEAR = datetime(2027, 1, 5, 9, tzinfo=LOCAL)


@pytest.fixture(autouse=True)
def _today():
    with clock.at(datetime(2026, 6, 15, 9, tzinfo=LOCAL)):
        yield


@pytest.fixture
def department():
    return people.organisation("department", 1, name="廊坊市生态环境局")


@pytest.fixture
def line(department):
    return purse.line_of(department, "100000.00")


@pytest.fixture
def agency(db):
    return people.agency(2)


def held(line):
    return {stage: ledger.balance(pots(line)[stage]) for stage in STAGES}


def amounts(**given):
    return {stage: Decimal(given.get(stage, 0)) for stage in STAGES}


def reserve(line, amount="60000.00", reference="need:1", by=None):
    by = by or By(None, line.department_id)
    return budgets.reserve(
        line_id=line.pk, reference=reference, amount=Money.of(amount), title="土壤调查", page="/needs/1/", by=by
    )


def commit(agency, amount="45000.00", reference="need:1"):
    return budgets.commit(reference=reference, amount=Money.of(amount), payee_id=agency.pk, by=SYSTEM)


def accept(amount="45000.00", part="milestone:1"):
    return budgets.make_payable(
        reference="need:1", part=part, amount=Money.of(amount), title="报告", page="/contracts/1/", by=SYSTEM
    )


def refused(wanted, call, /, *args, **kwargs):
    with pytest.raises(Refusal) as refusal:
        call(*args, **kwargs)
    assert refusal.value.code == wanted


def test_money_goes_from_free_to_payable_and_the_difference_returns(line, agency):
    reserve(line)
    assert held(line) == amounts(free=40000, reserved=60000)
    commit(agency)
    assert held(line) == amounts(free=55000, committed=45000)
    accept("20000.00", "milestone:1")
    assert held(line) == amounts(free=55000, committed=25000, payable=20000)
    accept("25000.00", "milestone:2")
    assert held(line) == amounts(free=55000, payable=45000)
    assert ledger.balance(pots(line)["granted"]) == Decimal(100000)
    assert audit.verify(line.reference) is None


def test_saying_it_twice_moves_money_once(line, agency):
    for _ in range(2):
        reserve(line)
    for _ in range(2):
        commit(agency)
    for _ in range(2):
        accept()
    assert held(line) == amounts(free=55000, payable=45000)


def test_a_line_is_never_overdrawn(line):
    reserve(line)
    refused("budget.short", reserve, line, "40000.01", "need:2")
    assert not Reservation.objects.filter(reference="need:2").exists()
    reserve(line, "40000.00", "need:3")
    assert held(line)["free"] == 0


def test_another_department_s_line_is_not_touched(line):
    other = people.organisation("department", 9, name="廊坊市水利局")
    refused("access.not_yours", reserve, line, by=By(None, other.pk))


@pytest.mark.parametrize("committed", [False, True])
def test_what_comes_to_nothing_is_free_again(line, agency, committed):
    reserve(line)
    if committed:
        commit(agency)
    budgets.release(reference="need:1", reason="流标", by=SYSTEM)
    assert held(line) == amounts(free=100000)
    assert budgets.release(reference="need:1", reason="再说一次", by=SYSTEM) == Money.of(0)
    assert budgets.release(reference="need:404", reason="从未预留", by=SYSTEM) == Money.of(0)


def test_what_is_owed_is_not_released(line, agency):
    reserve(line)
    commit(agency)
    accept("20000.00")
    assert budgets.release(reference="need:1", reason="合同解除", by=SYSTEM) == Money.of("25000.00")
    assert held(line) == amounts(free=80000, payable=20000)


def test_no_need_takes_more_than_its_own_share(line, agency):
    reserve(line)
    reserve(line, "30000.00", "need:2")
    with pytest.raises(ValueError, match="does not fit"):
        commit(agency, "60000.01")
    commit(agency)
    commit(agency, "30000.00", "need:2")
    with pytest.raises(IntegrityError, match="reservation_not_overdrawn"), transaction.atomic():
        accept("45000.01")
    assert held(line) == amounts(free=25000, committed=75000)


class TestAdjustments:
    def test_name_their_document_and_stay(self, line):
        by = By(None, line.department_id)
        lines.adjust(line_id=line.pk, amount=Money.of(5000), adds=True, document="廊财预〔2026〕9号", reason="", by=by)
        lines.adjust(line_id=line.pk, amount=Money.of(1000), adds=False, document="廊财预〔2026〕8号", reason="", by=by)
        assert held(line)["free"] == Decimal(104000)
        assert [row.kind for row in line.adjustments.all()] == ["granted", "increased", "decreased"]
        refused("budget.document", lines.adjust, line_id=line.pk, amount=Money.of(1), adds=True, document=" ",
                reason="", by=by)  # fmt: skip
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Adjustment.objects.update(amount=Money.of(1))

    def test_a_cut_takes_free_money_only(self, line):
        reserve(line, "95000.00")
        by = By(None, line.department_id)
        refused("budget.short", lines.adjust, line_id=line.pk, amount=Money.of(5001), adds=False, document="号",
                reason="", by=by)  # fmt: skip

    def test_are_the_department_s_own(self, line):
        refused("access.not_yours", lines.adjust, line_id=line.pk, amount=Money.of(1), adds=True, document="号",
                reason="", by=By(None, 404))  # fmt: skip

    def test_one_code_once_a_year(self, department, line):
        refused("budget.code", purse.line_of, department, code=line.code)
        refused("budget.year", purse.line_of, department, year=2023)


class TestYearEnd:
    def test_only_this_year_s_money_is_promised(self, department, line):
        coming = purse.line_of(department, year=2027)
        refused("budget.year_over", reserve, coming)
        with clock.at(NEXT_YEAR):
            refused("budget.year_over", reserve, line)
            reserve(coming)

    def test_what_is_left_is_carried_over_or_lapses_by_decision(self, department, line):
        by, kept = By(None, department.pk), purse.line_of(department, "8000.00")
        reserve(line)
        refused("budget.not_over", lines.lapse, line_id=line.pk, document="号", reason="", by=by)
        with clock.at(NEXT_YEAR):
            refused("budget.undecided", lines.close_year, department_id=department.pk, year=2026, by=by)
            lines.lapse(line_id=line.pk, document="廊财预〔2027〕2号", reason="", by=by)
            lines.carry_over(line_id=kept.pk, document="廊财预〔2027〕3号", reason="", by=by)
            assert lines.close_year(department_id=department.pk, year=2026, by=by).closed_at
            refused("budget.nothing_left", lines.lapse, line_id=line.pk, document="号", reason="", by=by)
        new = BudgetLine.objects.get(fiscal_year__year=2027, code=kept.code)
        assert held(line) == amounts(reserved=60000), "what was promised stays promised"
        assert (held(kept), held(new)) == (amounts(), amounts(free=8000))
        assert ledger.balance(pots(line)["granted"]) == Decimal(60000)

    def test_a_closed_year_takes_no_more(self, department, line):
        by = By(None, department.pk)
        with clock.at(NEXT_YEAR):
            lines.lapse(line_id=line.pk, document="号", reason="", by=by)
            lines.close_year(department_id=department.pk, year=2026, by=by)
            refused("budget.closed", lines.adjust, line_id=line.pk, amount=Money.of(1), adds=True, document="号",
                    reason="", by=by)  # fmt: skip


class TestTheDatabaseRefuses:
    """A department's fee on an applicant's side, tried in every way there is."""

    def test_a_budget_of_somebody_else_than_a_department(self):
        enterprise = people.organisation("enterprise", 5)
        refused("access.not_yours", purse.line_of, enterprise)
        with pytest.raises(DatabaseError, match="not of kind department"), transaction.atomic():
            FiscalYear.objects.create(department=enterprise, year=2026, opened_at=clock.now())
        with pytest.raises(DatabaseError, match="not of kind department"), transaction.atomic():
            ledger.account("budget_free", enterprise.pk, "line:9")

    def test_budget_money_in_an_applicant_s_account_and_the_other_way_round(self, line):
        applicant = people.organisation("enterprise", 5)
        theirs = ledger.account("provider_cash", applicant.pk)
        for change in (Decimal(-5000), Decimal(5000)):
            with pytest.raises(DatabaseError, match="stays with its department"), transaction.atomic():
                books.move(theirs, pots(line)["free"], change)
        assert held(line) == amounts(free=100000)

    def test_one_department_s_money_in_another_s_budget(self, line):
        other = purse.line_of(people.organisation("department", 9, name="廊坊市水利局"))
        with pytest.raises(DatabaseError, match="stays with its department"), transaction.atomic():
            books.move(pots(other)["free"], pots(line)["free"], "1.00")

    def test_an_applicant_as_the_payee(self, line):
        applicant = people.organisation("enterprise", 5)
        reserve(line)
        with pytest.raises(DatabaseError, match="not of kind agency"), transaction.atomic():
            budgets.commit(reference="need:1", amount=Money.of(1), payee_id=applicant.pk, by=SYSTEM)
        assert not Commitment.objects.exists()
