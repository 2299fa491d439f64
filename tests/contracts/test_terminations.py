"""A signed contract ends early when the other side was heard and agreed, or said nothing; a dispute lets it go on."""

from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from contracts import services, tasks
from contracts.models import Contract, Filing, Termination, TerminationAnswer
from contracts.services import dues, money
from core import clock, jobs
from core.models import AuditEntry
from core.workdays import LOCAL, Limit, load
from marketplace.models import Notice
from payments.models import Payable
from payments.services.escrow import disputes, moving
from ratings.models import RatingWindow
from supervision.models import Card, DueChange, Step
from supervision.services import clocks, recounts
from tests.contracts.changing import proposal as amendment
from tests.contracts.changing import two_stages
from tests.contracts.test_amendments import held
from tests.contracts.test_award import refused
from tests.contracts.world import result
from tests.payments.conftest import fresh_stripe  # noqa: F401 - a fixture
from tests.payments.deals import Deal, tell

pytestmark = pytest.mark.django_db
REASON = "项目取消，不再需要这项服务。"


@pytest.fixture(params=["enterprise", "department"])
def deal(request):
    """A signed contract of two stages whose first is accepted."""
    w, contract = two_stages(kind=request.param)
    with clock.at(contract.signed_at + timedelta(hours=1)):
        handed = services.deliver(milestone_id=contract.milestones.first().pk, upload=result(), note="", by=w.as_agency)
        services.accept(deliverable_id=handed.pk, by=w.as_buyer)
        yield w, contract


def proposed(w, contract, side="buyer", liable="neither"):
    by = w.as_buyer if side == "buyer" else w.as_agency
    return services.propose_termination(contract_id=contract.pk, side=side, reason=REASON, liable=liable, by=by)


def agreed(w, contract):
    return services.agree_termination(termination_id=proposed(w, contract).pk, by=w.as_agency)


def test_agreed_it_ends_and_keeps_who_was_said_to_be_liable(deal):
    w, contract = deal
    services.agree_termination(termination_id=proposed(w, contract, liable="buyer").pk, by=w.as_agency)
    contract.refresh_from_db()
    w.need.refresh_from_db()
    assert contract.terminated_at
    assert (w.need.end_reason, w.need.failed_at is not None) == ("terminated", True)
    answer = TerminationAnswer.objects.get()
    assert (answer.outcome, answer.liable, answer.side) == ("agreed", "buyer", "supplier")
    assert Notice.objects.filter(need=w.need, title__startswith="合同解除公告").count() == 1


def test_nobody_ends_it_alone(deal):
    w, contract = deal
    row = proposed(w, contract)
    refused("access.not_yours", services.agree_termination, termination_id=row.pk, by=w.as_buyer)
    refused("access.not_yours", services.withdraw_termination, termination_id=row.pk, by=w.as_agency)
    refused("termination.waiting", proposed, w=w, contract=contract, side="supplier")
    tasks.watch_deadlines.run()
    contract.refresh_from_db()
    assert contract.terminated_at is None


def test_silence_ends_it_after_the_limit_and_not_before(deal):
    w, contract = deal
    row = proposed(w, contract)
    with clock.at(row.answer_by - timedelta(seconds=1)):
        tasks.watch_deadlines.run()
        assert not TerminationAnswer.objects.exists()
    with clock.at(row.answer_by):
        tasks.watch_deadlines.run()
        tasks.watch_deadlines.run()
    assert TerminationAnswer.objects.get().outcome == "silent"
    contract.refresh_from_db()
    assert contract.terminated_at


def test_disputed_it_goes_on_with_both_views_and_the_way_to_a_complaint(client_of, deal):
    w, contract = deal
    row = proposed(w, contract, liable="supplier")
    call = {"termination_id": row.pk, "liable": "buyer", "by": w.as_agency}
    refused("contract.reason", services.dispute_termination, reason=" ", **call)
    services.dispute_termination(reason="资料一直没有提供", **call)
    refused("termination.answered", services.agree_termination, termination_id=row.pk, by=w.as_agency)
    with clock.at(row.answer_by + timedelta(days=1)):
        tasks.watch_deadlines.run()
    contract.refresh_from_db()
    assert contract.terminated_at is None
    for user in (w.ana, w.bea):
        page = client_of(user).get(f"/contracts/{contract.pk}/").content.decode()
        assert "资料一直没有提供" in page
        assert f"/complaints/new/?about=contract:{contract.pk}" in page
    assert proposed(w, contract, side="supplier")


def test_taken_back_it_goes_on(deal):
    w, contract = deal
    services.withdraw_termination(termination_id=proposed(w, contract).pk, by=w.as_buyer)
    assert proposed(w, contract)


def test_a_result_that_waits_is_answered_first(deal):
    w, contract = deal
    row = proposed(w, contract)
    handed = services.deliver(milestone_id=contract.milestones.last().pk, upload=result(), note="", by=w.as_agency)
    refused("termination.result_waits", services.agree_termination, termination_id=row.pk, by=w.as_agency)
    with clock.at(row.answer_by):
        tasks.watch_deadlines.run()
        assert not TerminationAnswer.objects.exists()
        services.return_(deliverable_id=handed.pk, defects=["缺附图"], by=w.as_buyer)
        tasks.watch_deadlines.run()
    assert TerminationAnswer.objects.get().outcome == "silent"


def test_an_ended_contract_takes_nothing_more_and_nobody_is_asked_to_rate(deal):
    w, contract = deal
    change = amendment(w, contract)
    contract = agreed(w, contract)
    last = contract.milestones.last().pk
    deliver = {"milestone_id": last, "upload": result(), "note": "", "by": w.as_agency}
    refused("contract.not_in_service", services.deliver, **deliver)
    refused("contract.not_changeable", services.agree_amendment, amendment_id=change.pk, by=w.as_buyer)
    refused("contract.not_running", proposed, w=w, contract=contract)
    with clock.at(contract.terminated_at + timedelta(days=60)):
        tasks.watch_deadlines.run()
        jobs.drain()
    assert not RatingWindow.objects.exists()
    contract.refresh_from_db()
    assert contract.completed_at is None


def test_a_department_still_owes_what_it_accepted_and_gets_the_rest_back():
    w, contract = two_stages(kind="department")
    with clock.at(contract.signed_at + timedelta(hours=1)):
        handed = services.deliver(milestone_id=contract.milestones.first().pk, upload=result(), note="", by=w.as_agency)
        services.accept(deliverable_id=handed.pk, by=w.as_buyer)
        agreed(w, contract)
    assert held(w.need) == {"free": Decimal("9991500.00"), "payable": Decimal("8500.00")}
    assert Payable.objects.get().paid_at is None


def test_the_database_ends_nothing_that_nobody_answered(deal):
    w, contract = deal
    row = proposed(w, contract)
    with pytest.raises(DatabaseError, match="does not end like that"), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(terminated_at=clock.now())
    for outcome, side in (("agreed", "buyer"), ("silent", ""), ("withdrawn", "supplier")):
        with pytest.raises(DatabaseError, match="not answered like that"), transaction.atomic():
            TerminationAnswer.objects.create(termination=row, outcome=outcome, side=side, at=clock.now())
    agreed_ = services.agree_termination(termination_id=row.pk, by=w.as_agency)
    with pytest.raises(DatabaseError, match="does not end like that"), transaction.atomic():
        Contract.objects.filter(pk=agreed_.pk).update(terminated_at=None)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Termination.objects.update(reason="改写")


def test_who_has_to_answer_has_a_step_that_its_silence_ends_without_a_card(deal):
    w, contract = deal
    row = proposed(w, contract)
    clocks.watch()
    step = Step.objects.get(kind="contract.terminate")
    assert (step.owner_id, step.due_at) == (w.agency.pk, row.answer_by)
    with clock.at(row.answer_by + timedelta(hours=1)):
        clocks.watch()
    assert step.right
    assert not step.cards.exists()


def test_more_time_to_answer_is_felt_where_silence_counts_and_never_less(deal):
    w, contract = deal
    row = proposed(w, contract)
    clocks.watch()
    step = Step.objects.get(kind="contract.terminate")
    later = row.answer_by + timedelta(days=3)
    assert recounts.give_end(step, later, DueChange.Cause.STOP, load())
    row.refresh_from_db()
    assert row.answer_by == later == step.due_at
    assert not dues.move_ending(step.reference, later - timedelta(days=1))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Termination.objects.update(answer_by=later - timedelta(days=1))


def test_the_walk_by_forms(client_of, deal):
    w, contract = deal
    page, form = f"/contracts/{contract.pk}/", f"/contracts/{contract.pk}/terminate/"
    assert form in client_of(w.bea).get(page).content.decode()
    assert client_of(w.bea).get(form).status_code == 200
    assert client_of(w.bea).post(form, {"reason": " ", "liable": "buyer"}).status_code == 422
    assert client_of(w.bea).post(form, {"reason": REASON}).status_code == 422
    assert client_of(w.bea).post(form, {"reason": REASON, "liable": "buyer"}).status_code == 302
    row = Termination.objects.get()
    assert f"/contracts/{contract.pk}/#ending" in client_of(w.ana).get("/desk/").content.decode()
    dispute = f"/terminations/{row.pk}/dispute/"
    assert client_of(w.ana).post(dispute, {"reason": "", "liable": "buyer"}).status_code == 422
    assert client_of(w.ana).post(f"/terminations/{row.pk}/agree/").status_code == 302
    assert "期满未答复" not in client_of(w.ana).get(page).content.decode()
    assert client_of(w.bea).get(form).status_code == 409


def test_a_department_files_what_it_signed_once_and_in_time(client_of):
    w, contract = two_stages(kind="department")
    page = f"/contracts/{contract.pk}/"
    with clock.at(contract.signed_at + timedelta(hours=1)):
        clocks.watch()
        step = Step.objects.get(kind="contract.file")
        assert (step.owner_id, step.closed_at) == (w.buyer.pk, None)
        assert "/file/" in client_of(w.bea).get(page).content.decode()
        assert "/file/" not in client_of(w.ana).get(page).content.decode()
        assert client_of(w.bea).post(f"{page}file/", {"number": " "}).status_code == 422
        assert client_of(w.bea).post(f"{page}file/", {"number": "廊采备〔2026〕17号"}).status_code == 302
        assert client_of(w.bea).post(f"{page}file/", {"number": "2"}).status_code == 409
        assert "廊采备〔2026〕17号" in client_of(w.ana).get(page).content.decode()
        clocks.watch()
    step.refresh_from_db()
    assert step.closed_at
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Filing.objects.update(number="3")


def test_a_filing_that_is_late_earns_its_card():
    _w, contract = two_stages(kind="department")
    with clock.at(contract.signed_at + timedelta(days=30)):
        clocks.watch()
    assert Card.objects.filter(step__kind="contract.file", colour="red").exists()


def test_a_stop_and_a_calendar_move_the_end_of_a_filing_where_it_is_kept(client_of):
    w, contract = two_stages(kind="department")
    assert contract.file_by == Limit(7, "working_days").end(contract.signed_at, load())
    with clock.at(contract.signed_at + timedelta(hours=1)):
        clocks.watch()
    step = Step.objects.get(kind="contract.file")
    later = step.due_at + timedelta(days=4)
    assert recounts.give_end(step, later, DueChange.Cause.STOP, load())
    contract.refresh_from_db()
    assert contract.file_by == later
    with clock.at(contract.signed_at + timedelta(hours=2)):
        clocks.watch()
        page = client_of(w.bea).get(f"/contracts/{contract.pk}/").content.decode()
    assert f'data-clock="{later.astimezone(LOCAL).isoformat()}"' in page
    assert Step.objects.get(kind="contract.file").due_at == later
    services.file_contract(contract_id=contract.pk, number="17", by=w.as_buyer)
    assert not dues.move_filing(step.reference, later + timedelta(days=1))


def test_an_enterprise_files_nothing():
    w, contract = two_stages()
    assert contract.file_by is None
    call = {"contract_id": contract.pk, "number": "1"}
    refused("filing.department", services.file_contract, by=w.as_buyer, **call)
    refused("access.not_yours", services.file_contract, by=w.as_agency, **call)


def escrowed(w, contract, milestone=None):
    """The buyer pays the contract, or a milestone of it, into escrow by card."""
    escrow = money.fund(contract_id=contract.pk, milestone_id=milestone, by=w.as_buyer)
    return Deal(w.buyer, w.agency, w.bea, w.ana, escrow)


def test_of_an_escrow_what_is_accepted_is_the_agency_s_and_the_rest_goes_back():
    w, contract = two_stages()
    with clock.at(contract.signed_at + timedelta(hours=1)):
        deal = escrowed(w, contract)
        deal.onboarded()
        deal.paid()
        assert deal.books()["held"] == "48500.00"
        first = contract.milestones.first().pk
        handed = services.deliver(milestone_id=first, upload=result(), note="", by=w.as_agency)
        services.accept(deliverable_id=handed.pk, by=w.as_buyer)
        tell()
        agreed(w, contract)
        assert deal.books() == {"refund_due": "40000.00"}
        tell()
        assert deal.books() == {}
    assert str(deal.call("refund").amount) == "40,000.00"
    assert str(deal.call("transfer").amount) == "8,500.00"


def accepted_first(w, contract):
    first = contract.milestones.first().pk
    handed = services.deliver(milestone_id=first, upload=result(), note="", by=w.as_agency)
    services.accept(deliverable_id=handed.pk, by=w.as_buyer)
    return first


def test_what_was_accepted_a_moment_before_the_end_is_the_agency_s_before_its_news_arrives():
    w, contract = two_stages()
    with clock.at(contract.signed_at + timedelta(hours=1)):
        deal = escrowed(w, contract)
        deal.onboarded()
        deal.paid()
        accepted_first(w, contract)
        agreed(w, contract)
        assert deal.books() == {
            "agency_due": str(deal.call("transfer").amount.amount), "refund_due": "40000.00",
        }  # fmt: skip
        tell()
        assert deal.books() == {}
    assert str(deal.call("transfer").amount) == "8,500.00"


def test_after_the_end_what_was_accepted_can_still_be_paid_and_nothing_else(client_of):
    w, contract = two_stages()
    with clock.at(contract.signed_at + timedelta(hours=1)):
        first = accepted_first(w, contract)
        agreed(w, contract)
        last = contract.milestones.last().pk
        page = client_of(w.bea).get(f"/contracts/{contract.pk}/").content.decode()
        assert "托管全部未付 8,500.00" in page or "托管全部未付 ¥8,500.00" in page
        assert (f"/milestones/{first}/bank-transfer/" in page, f"/milestones/{last}/bank-transfer/" in page) == (
            True,
            False,
        )
        refused("contract.not_payable", money.fund, contract_id=contract.pk, milestone_id=last, by=w.as_buyer)
        slip = {"slip": result(), "note": "", "by": w.as_buyer}
        refused("contract.not_payable", money.report_transfer, milestone_id=last, **slip)
        deal = escrowed(w, contract)
        assert str(deal.escrow.amount) == "8,500.00"
        deal.onboarded()
        deal.paid()
        assert deal.books() == {}
    assert str(deal.call("transfer").amount) == "8,500.00"


def test_after_the_end_what_was_accepted_can_be_paid_from_bank_to_bank():
    w, contract = two_stages()
    with clock.at(contract.signed_at + timedelta(hours=1)):
        first = accepted_first(w, contract)
        agreed(w, contract)
        paid = money.report_transfer(milestone_id=first, slip=result(), note="", by=w.as_buyer)
    assert str(paid.amount) == "8,500.00"


def test_after_the_end_with_nothing_accepted_nothing_is_paid(client_of):
    w, contract = two_stages()
    with clock.at(contract.signed_at + timedelta(hours=1)):
        agreed(w, contract)
        refused("contract.not_payable", money.fund, contract_id=contract.pk, milestone_id=None, by=w.as_buyer)
        assert "托管全部未付" not in client_of(w.bea).get(f"/contracts/{contract.pk}/").content.decode()


def test_an_unpaid_escrow_of_accepted_work_alone_still_waits_for_its_payment():
    w, contract = two_stages()
    with clock.at(contract.signed_at + timedelta(hours=1)):
        deal = escrowed(w, contract, accepted_first(w, contract))
        agreed(w, contract)
        assert deal.fresh().cancelled_at is None
        deal.onboarded()
        deal.paid()
    assert str(deal.call("transfer").amount) == "8,500.00"


def test_an_escrow_that_was_stopped_returns_its_rest_when_it_goes_on():
    w, contract = two_stages()
    with clock.at(contract.signed_at + timedelta(hours=1)):
        deal = escrowed(w, contract)
        deal.onboarded()
        deal.paid()
        disputes.stop(escrow_id=deal.escrow.pk, reason="成果有争议", by=w.as_agency)
        accepted_first(w, contract)
        agreed(w, contract)
        tell()
        assert deal.books() == {"frozen": "48500.00"}
        disputes.resume(escrow_id=deal.escrow.pk, by=w.as_agency)
        tell()
        assert deal.books() == {}
    assert (str(deal.call("transfer").amount), str(deal.call("refund").amount)) == ("8,500.00", "40,000.00")


@pytest.mark.parametrize("resumed_before", [False, True])
def test_a_stopped_escrow_whose_contract_ended_before_it_was_told_returns_its_rest_all_the_same(
    monkeypatch, resumed_before
):
    w, contract = two_stages()
    with clock.at(contract.signed_at + timedelta(hours=1)):
        deal = escrowed(w, contract)
        deal.onboarded()
        deal.paid()
        disputes.stop(escrow_id=deal.escrow.pk, reason="成果有争议", by=w.as_agency)
        accepted_first(w, contract)
        with monkeypatch.context() as as_it_was:
            as_it_was.setattr(moving, "work_over", lambda **_told: None)
            agreed(w, contract)
        go_on = {"escrow_id": deal.escrow.pk, "by": w.as_agency}
        if resumed_before:
            disputes.resume(**go_on)
        import_module("contracts.migrations.0007_tell_stopped_escrows").enqueue(apps, None)
        tell()
        if not resumed_before:
            assert deal.books() == {"frozen": "48500.00"}
            disputes.resume(**go_on)
        import_module("contracts.migrations.0007_tell_stopped_escrows").enqueue(apps, None)
        tell()
        assert deal.books() == {}
    assert (str(deal.call("transfer").amount), str(deal.call("refund").amount)) == ("8,500.00", "40,000.00")
    assert AuditEntry.objects.filter(action="work_over").count() == 1


def test_an_escrow_that_was_at_the_bank_returns_its_rest_when_the_bank_gives_it_back():
    w, contract = two_stages()
    with clock.at(contract.signed_at + timedelta(hours=1)):
        deal = escrowed(w, contract)
        deal.onboarded()
        deal.paid()
        opened = deal.desk.dispute(deal.fresh().charge_id)
        tell()
        agreed(w, contract)
        assert "refund_due" not in deal.books()
        deal.desk.close_dispute(opened["id"], won=True)
        tell()
        assert deal.books() == {}
    assert str(deal.call("refund").amount) == "48,500.00"


def test_an_escrow_nobody_has_paid_is_given_up_and_one_in_dispute_stays_with_it():
    w, contract = two_stages()
    first, second = (one.pk for one in contract.milestones.all())
    with clock.at(contract.signed_at + timedelta(hours=1)):
        unpaid, stopped = escrowed(w, contract, first), escrowed(w, contract, second)
        stopped.paid()
        disputes.stop(escrow_id=stopped.escrow.pk, reason="成果有争议", by=w.as_agency)
        agreed(w, contract)
    assert unpaid.fresh().cancelled_at
    assert stopped.books() == {"frozen": "40000.00"}
