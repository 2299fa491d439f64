"""Results are handed in, accepted in person or by silence, or returned once with everything that is wrong."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from contracts import services, tasks
from contracts.models import Deliverable
from contracts.services.delivery import days_late
from core import audit, clock
from core.models import Job
from core.money import Money
from tests.contracts.test_award import refused
from tests.contracts.world import after_publicity, delivered, drafted, result, signed

pytestmark = pytest.mark.django_db
DEFECTS = ["缺少噪声监测数据", "第 3 章引用标准已废止"]


def first(contract):
    return contract.milestones.first()


def returned(w, contract):
    return services.return_(deliverable_id=delivered(w, contract).pk, defects=DEFECTS, by=w.as_buyer)


def test_a_result_is_kept_with_its_fingerprint_and_a_clock():
    w, contract = signed()
    deliverable = delivered(w, contract)
    assert len(deliverable.file.sha256) == 64
    assert deliverable.answer_by > deliverable.submitted_at
    assert audit.verify(f"contract:{contract.pk}") is None


def test_nothing_is_handed_in_before_signing():
    w, contract = drafted()
    call = {"milestone_id": first(contract).pk, "upload": result(), "note": "", "by": w.as_agency}
    refused("contract.not_in_service", services.deliver, **call)


def test_only_the_agency_delivers_and_only_the_buyer_answers():
    w, contract = signed()
    call = {"milestone_id": first(contract).pk, "upload": result(), "note": ""}
    refused("access.not_yours", services.deliver, by=w.as_buyer, **call)
    deliverable = delivered(w, contract)
    refused("access.not_yours", services.accept, deliverable_id=deliverable.pk, by=w.as_agency)
    refused("access.not_yours", services.return_, deliverable_id=deliverable.pk, defects=DEFECTS, by=w.as_agency)


def test_one_result_waits_at_a_time():
    w, contract = signed()
    delivered(w, contract)
    call = {"milestone_id": first(contract).pk, "upload": result(), "note": "", "by": w.as_agency}
    refused("deliverable.waiting", services.deliver, **call)


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "file.empty"), (b"MZ\x90\x00" * 100, "file.type"), (b"just text", "file.type")]
)
def test_a_file_that_is_not_a_document_is_refused(content, code):
    w, contract = signed()
    call = {"milestone_id": first(contract).pk, "upload": result(content=content), "note": "", "by": w.as_agency}
    refused(code, services.deliver, **call)


def test_accepting_the_last_milestone_completes_the_contract():
    w, contract = signed()
    deliverable = delivered(w, contract)
    services.accept(deliverable_id=deliverable.pk, by=w.as_buyer)
    services.accept(deliverable_id=deliverable.pk, by=w.as_buyer)
    contract.refresh_from_db()
    w.need.refresh_from_db()
    assert contract.completed_at
    assert w.need.completed_at
    assert Job.objects.filter(task="ratings.contract_completed").count() == 1
    assert Job.objects.get(task="ratings.milestone_accepted").kwargs["days_late"] == 0


def test_a_contract_with_a_milestone_left_goes_on():
    w, contract = drafted()
    plan = [("踏勘", Money.of("8500.00"), 5), ("报批稿", Money.of("40000.00"), 20)]
    services.draft(contract_id=contract.pk, terms="约定", milestones=plan, side="supplier", by=w.as_agency)
    with after_publicity(w.award):
        services.confirm(contract_id=contract.pk, side="supplier", by=w.as_agency)
        services.confirm(contract_id=contract.pk, side="buyer", by=w.as_buyer)
    contract.refresh_from_db()
    services.accept(deliverable_id=delivered(w, contract).pk, by=w.as_buyer)
    contract.refresh_from_db()
    assert contract.completed_at is None
    call = {"milestone_id": first(contract).pk, "upload": result(), "note": "", "by": w.as_agency}
    refused("milestone.done", services.deliver, **call)


def test_a_return_lists_every_defect_and_gives_time_for_rework():
    w, contract = signed()
    back = returned(w, contract)
    assert back.defects == DEFECTS
    assert back.rework_by > back.returned_at
    assert Job.objects.filter(task="ratings.deliverable_returned").count() == 1


@pytest.mark.parametrize(
    ("defects", "code"),
    [
        ([], "deliverable.defects"),
        (["", "  "], "deliverable.defects"),
        (["x"] * 21, "deliverable.defects_too_many"),
        (["x" * 301], "deliverable.defects_too_many"),
    ],
)
def test_a_return_without_a_usable_list_is_refused(defects, code):
    w, contract = signed()
    refused(code, services.return_, deliverable_id=delivered(w, contract).pk, defects=defects, by=w.as_buyer)


def test_a_milestone_is_returned_once():
    w, contract = signed()
    back = returned(w, contract)
    refused("deliverable.decided", services.return_, deliverable_id=back.pk, defects=DEFECTS, by=w.as_buyer)
    refused("deliverable.decided", services.accept, deliverable_id=back.pk, by=w.as_buyer)
    again = services.deliver(milestone_id=back.milestone_id, upload=result(), note="整改稿", by=w.as_agency)
    refused("deliverable.returned_before", services.return_, deliverable_id=again.pk, defects=DEFECTS, by=w.as_buyer)
    services.accept(deliverable_id=again.pk, by=w.as_buyer)
    contract.refresh_from_db()
    assert contract.completed_at


def test_the_database_refuses_a_second_return():
    w, contract = signed()
    back = returned(w, contract)
    again = services.deliver(milestone_id=back.milestone_id, upload=result(), note="", by=w.as_agency)
    with pytest.raises(IntegrityError, match="returned_once"), transaction.atomic():
        Deliverable.objects.filter(pk=again.pk).update(returned_at=clock.now())


def test_silence_of_an_enterprise_accepts_after_the_limit():
    w, contract = signed()
    deliverable = delivered(w, contract)
    with clock.at(deliverable.answer_by - timedelta(seconds=1)):
        tasks.watch_deadlines.run()
    deliverable.refresh_from_db()
    assert deliverable.accepted_at is None
    with clock.at(deliverable.answer_by):
        tasks.watch_deadlines.run()
        tasks.watch_deadlines.run()
    deliverable.refresh_from_db()
    assert deliverable.accepted_silently
    assert Job.objects.filter(task="ratings.contract_completed").count() == 1


def test_a_department_has_to_answer_itself():
    w, contract = signed(kind="department")
    deliverable = delivered(w, contract)
    with clock.at(deliverable.answer_by + timedelta(days=30)):
        tasks.watch_deadlines.run()
    deliverable.refresh_from_db()
    assert deliverable.accepted_at is None


def test_lateness_counts_working_days_after_the_limit_and_rework_gives_new_time():
    w, contract = signed(days=1)
    milestone = first(contract)
    assert days_late(milestone, milestone.due_at - timedelta(seconds=1)) == 0
    assert days_late(milestone, milestone.due_at + timedelta(days=7)) > 0
    back = returned(w, contract)
    assert days_late(milestone, back.rework_by - timedelta(seconds=1)) == 0
