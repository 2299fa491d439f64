"""A result sent back for its quality costs nothing before the agency was heard and a regulator confirmed it, once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Membership, Organisation
from agencies import selectors as agencies
from core import clock, jobs
from core.audit import By
from ratings import selectors, services
from ratings.models import ApprovalUse, CreditEvent, QualityAnswer, QualityVerdict, RegulatorRating
from ratings.steps import open_steps
from supervision.models import Notice, Relation
from supervision.services import approvals
from tests.contracts.test_award import refused
from tests.contracts.world import completed, signed
from tests.ratings.test_appeals import GROUNDS, decide, officer
from tests.ratings.test_approvals import used

pytestmark = pytest.mark.django_db
WHY = {"reasons": "监测数据与现场不符，结论不能成立。", "legal_basis": "环境影响评价法第三十二条"}
SAID, FOUND = "监测数据由委托方提供，我方已书面提示差异。", "核对原始记录，数据与现场不符，登记属实。"
UNTOUCHED, LESS = Decimal("100.50"), Decimal("90.50")


def reported(contract, by=None, **more):
    return used(contract, by or officer("department", 8600), outcome="rejected", **WHY, **more)


def answered(use, w):
    return services.answer_report(use_id=use.pk, text=SAID, by=w.as_agency)


def judged(use, by, *, confirmed=True, reasons=FOUND, **more):
    return services.decide_report(use_id=use.pk, confirmed=confirmed, reasons=reasons, by=by, **more)


def score(w):
    return agencies.get(w.agency.pk).score


def test_nothing_is_booked_before_the_agency_was_heard_and_a_regulator_confirmed():
    w, contract = completed()
    use, regulator = reported(contract), officer("regulator", 8601)
    jobs.drain()
    assert score(w) == UNTOUCHED
    assert not CreditEvent.objects.filter(kind="quality_rejected").exists()
    told = set(Notice.objects.filter(path=use.get_absolute_url()).values_list("organisation_id", flat=True))
    assert told == {w.agency.pk, regulator.org_id}
    refused("quality.not_heard", judged, use=use, by=regulator)
    answered(use, w)
    judged(use, regulator)
    event = CreditEvent.objects.get(kind="quality_rejected")
    assert (event.points, event.legal_basis, event.source) == (
        Decimal("-10.00"), WHY["legal_basis"], use.get_absolute_url(),
    )  # fmt: skip
    assert score(w) == LESS


def test_who_says_nothing_in_time_was_heard():
    w, contract = completed()
    use, regulator = reported(contract), officer("regulator", 8602)
    with clock.at(use.heard_by):
        refused("quality.over", answered, use=use, w=w)
        judged(use, regulator)
    assert score(w) == LESS


def test_a_report_that_is_dropped_leaves_nothing_and_another_may_follow():
    w, contract = completed()
    use, regulator = reported(contract), officer("regulator", 8603)
    answered(use, w)
    refused("appeal.reasons_short", judged, use=use, by=regulator, confirmed=False, reasons="不实")
    judged(use, regulator, confirmed=False)
    refused("quality.decided", judged, use=use, by=regulator)
    assert score(w) == UNTOUCHED
    assert not selectors.credit_file(w.agency.pk, clock.now()).uses
    assert reported(contract, officer("department", 8604), number="廊环审〔2026〕13号").reported


def test_invented_numbers_do_not_repeat_the_deduction():
    w, contract = completed()
    by = officer("department", 8605)
    use = reported(contract, by)
    refused("approval.reported", reported, contract=contract, by=by, number="廊环审〔2026〕14号")
    answered(use, w)
    judged(use, officer("regulator", 8606))
    for number, who in (("15", by), ("16", officer("department", 8607))):
        refused("approval.reported", reported, contract=contract, by=who, number=f"廊环审〔2026〕{number}号")
    assert score(w) == LESS


def test_only_the_approving_department_of_the_place_which_is_no_side_reports():
    w, contract = completed()
    refused("approval.not_approving", reported, contract=contract, by=officer("regulator", 8608))
    insider = officer("department", 8609)
    Membership.objects.create(user_id=insider.user_id, organisation=w.buyer)
    refused("approval.own_contract", reported, contract=contract, by=insider)
    elsewhere = officer("department", 8610)
    Organisation.objects.filter(pk=elsewhere.org_id).update(region_id="130100")
    refused("approval.elsewhere", reported, contract=contract, by=elsewhere)
    own, contract = completed(kind="department")
    refused("approval.own_contract", reported, contract=contract, by=own.as_buyer)


def test_a_report_needs_grounds_a_basis_and_a_result():
    _w, contract = completed()
    by = officer("department", 8611)
    refused("approval.grounds", used, contract=contract, by=by, outcome="rejected", reasons="不行")
    _w, unfinished = signed()
    refused("approval.not_done", reported, contract=unfinished, by=by)


def test_who_reported_or_belongs_to_a_side_does_not_decide():
    w, contract = completed()
    by = officer("department", 8612)
    use = reported(contract, by)
    answered(use, w)
    both, insider = officer("regulator", 8613), officer("regulator", 8614)
    Membership.objects.create(user_id=by.user_id, organisation_id=both.org_id)
    Membership.objects.create(user_id=insider.user_id, organisation=w.agency.organisation)
    refused("quality.involved", judged, use=use, by=By(by.user_id, both.org_id))
    refused("quality.involved", judged, use=use, by=insider)
    for other in (by, w.as_agency, w.as_buyer, officer("operator", 8615)):
        refused("access.not_yours", judged, use=use, by=other)


def test_who_declared_a_tie_neither_reports_nor_rates_nor_decides():
    w, contract = completed()
    tied, regulator = officer("department", 8616), officer("regulator", 8617)
    for one in (tied, regulator):
        Relation.objects.create(
            user_id=one.user_id, organisation=w.agency.organisation, ground="亲属任职", declared_at=clock.now()
        )
    facts = {"contract_number": contract.number, "approval_number": "廊环审〔2026〕18号", "outcome": "rejected", **WHY}
    refused("approval.own_contract", approvals.use_in_approval, **facts, by=tied)
    use = used(contract, officer("department", 8618))
    marks = {"use_id": use.pk, "quality": 5, "compliance": 5, "text": "数据可靠，结论清楚。"}
    refused("approval.involved", approvals.rate, **marks, by=regulator)
    report = reported(contract, officer("department", 8619), number="廊环审〔2026〕19号")
    answered(report, w)
    refused("quality.involved", approvals.decide, use_id=report.pk, confirmed=True, reasons=FOUND, by=regulator)


def test_the_agency_answers_once():
    w, contract = completed()
    use = reported(contract)
    refused("access.not_yours", services.answer_report, use_id=use.pk, text=SAID, by=w.as_buyer)
    refused("appeal.grounds_short", services.answer_report, use_id=use.pk, text="不", by=w.as_agency)
    answered(use, w)
    refused("quality.answered", answered, use=use, w=w)


def test_a_reported_result_is_decided_and_not_rated_besides():
    _w, contract = completed()
    use = reported(contract)
    marks = {"use_id": use.pk, "quality": 1, "compliance": 1, "text": "结论不能成立。"}
    refused("approval.judged", services.rate_result, **marks, by=officer("regulator", 8620))


def test_a_confirmed_row_may_still_be_objected_to_and_not_before_who_confirmed_it():
    w, contract = completed()
    use, regulator = reported(contract), officer("regulator", 8621)
    answered(use, w)
    judged(use, regulator)
    event = CreditEvent.objects.get(kind="quality_rejected")
    row = services.object_to(event_id=event.pk, grounds=GROUNDS, by=w.as_agency)
    with clock.at(row.heard_by):
        refused("appeal.involved", decide, row=row, by=regulator)
        decide(row, officer())
    assert score(w) == UNTOUCHED


def test_the_defence_and_the_decision_have_clocks():
    w, contract = completed()
    officer("regulator", 8622)
    use = reported(contract)

    def clocks():
        found = [one for one in open_steps(clock.now() - timedelta(days=1)) if one.reference == f"use:{use.pk}"]
        return {one.kind: (one.due_at, one.closed_at is None) for one in found}

    assert clocks() == {"quality.answer": (use.heard_by, True), "quality.decide": (use.decide_by, True)}
    answered(use, w)
    assert clocks()["quality.answer"] == (use.heard_by, False)


# The database, without any service in front of it.


def row(contract, by, **more):
    now = clock.now()
    facts = {
        "contract": contract, "approval_number": "廊环审〔2026〕20号", "outcome": "rejected", **WHY,
        "by_user_id": by.user_id, "by_org_id": by.org_id, "used_at": now, "rate_by": now + timedelta(days=20),
        "heard_by": now + timedelta(days=7), "decide_by": now + timedelta(days=20), "rules_ref": "appeals@2",
    }  # fmt: skip
    return ApprovalUse.objects.create(**facts | more)


def kept_out(match, call, *args, **kwargs):
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        call(*args, **kwargs)


def test_the_database_refuses_a_report_that_is_unheard_twice_or_by_a_side():
    w, contract = completed()
    by, tied = officer("department", 8630), officer("department", 8631)
    Relation.objects.create(user_id=tied.user_id, organisation=w.buyer, ground="亲属任职", declared_at=clock.now())
    kept_out("uninvolved department", row, contract, w.as_buyer)
    kept_out("uninvolved department", row, contract, officer("regulator", 8632))
    kept_out("related", row, contract, tied)
    kept_out("heard first", row, contract, by, heard_by=None)
    kept_out("heard first", row, contract, by, heard_by=clock.now())
    row(contract, by)
    kept_out("reported already", row, contract, by, approval_number="廊环审〔2026〕21号")


def test_the_database_refuses_a_verdict_that_is_early_involved_or_second():
    w, contract = completed()
    by, regulator, tied = officer("department", 8633), officer("regulator", 8634), officer("regulator", 8635)
    Relation.objects.create(
        user_id=tied.user_id, organisation=w.agency.organisation, ground="亲", declared_at=clock.now()
    )
    use = reported(contract, by)

    def verdict(one, at=None, **more):
        facts = {"use": use, "contract": contract, "confirmed": True, "reasons": FOUND, "decided_at": at or clock.now()}
        return QualityVerdict.objects.create(**facts | more, by_user_id=one.user_id, by_org_id=one.org_id)

    kept_out("heard", verdict, regulator)
    late = use.heard_by
    for one in (by, w.as_agency, w.as_buyer, officer("operator", 8636)):
        kept_out("involved", verdict, one, late)
    kept_out("related", verdict, tied, late)
    kept_out("heard", verdict, regulator, late, reasons="")
    verdict(regulator, late)
    kept_out("already exists", verdict, regulator, late)


def test_the_database_keeps_late_answers_and_unconfirmed_rows_out():
    w, contract = completed()
    use = reported(contract)
    facts = {"use": use, "text": SAID, "by_user_id": w.ana.pk, "by_org_id": w.agency.pk}
    kept_out("in time", QualityAnswer.objects.create, **facts, at=use.heard_by)
    row_ = {"agency_id": w.agency.pk, "kind": "quality_rejected", "source": "/", "summary": {}}
    key = f"quality_rejected:contract:{contract.pk}"
    kept_out("once confirmed", services.record_credit, **row_, source_key=key)
    marks = {"quality": 1, "compliance": 1, "text": "差", "rated_at": clock.now()}
    one = officer("regulator", 8637)
    kept_out("decided, not rated", RegulatorRating.objects.create, use=use, **marks, by_user_id=one.user_id,
             by_org_id=one.org_id)  # fmt: skip


@pytest.mark.parametrize("table", ["qualityanswer", "qualityverdict"])
def test_what_was_said_and_decided_stays(table):
    w, contract = completed()
    use = reported(contract)
    answered(use, w)
    judged(use, officer("regulator", 8638))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE ratings_{table} SET id = id")
