"""Every verb of an officer, and who must not use it: the tied, members of a side, who complained or reported."""

import inspect
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Membership
from core import clock
from core.audit import By
from core.errors import Refusal
from supervision.models import Case, CaseEvent, ComplaintEvent, FlagHit, Relation, Step
from supervision.selectors import complaints as matters
from supervision.services import (
    appeals,
    approvals,
    cases,
    clocks,
    complaint_offices,
    complaint_pauses,
    complaints,
    inspections,
    listings,
    repairs,
    stops,
)
from tests.ratings import test_appeals as appealing
from tests.ratings import test_approvals as approving
from tests.supervision import inspecting
from tests.supervision.clockwork import MONDAY, Room, department, order, row, watched
from tests.supervision.clockwork import look as watch
from tests.supervision.hearing import officer
from tests.supervision.listing import NOW, WORDS, published_case, world

pytestmark = pytest.mark.django_db
SANCTION = {"measure": "warning", "days": 180, "reasons": WORDS}
# Every verb an officer has, by its module, with what it is called with beside who acts and what it is about.
OFFICERS = {
    cases: {
        "give_notice": SANCTION,
        "drop": {"reasons": WORDS},
        "propose": SANCTION,
        "send_back": {"reasons": WORDS},
        "decide": SANCTION,
        "publish": {},
        "decide_review": {"outcome": "upheld", "reasons": WORDS},
        "correct": {"text": WORDS},
    },
    listings: {
        "give_notice": {"text": WORDS},
        "drop": {"reason": WORDS},
        "approve": {"reason": WORDS},
        "decide_review": {"outcome": "upheld", "reason": WORDS},
        "correct": {"note": WORDS},
    },
    repairs: {
        "say_missing": {"text": WORDS},
        "accept": {},
        "grant": {"reason": WORDS},
        "refuse": {"reason": WORDS},
        "find_broken": {"reason": WORDS},
    },
    complaints: {
        "ask_missing": {"text": WORDS},
        "accept": {},
        "turn_down": {"how": "rejected", "reasons": WORDS},
        "notify": {"summary": WORDS},
        "suspend_need": {"reasons": WORDS},
        "resume_need": {"reasons": WORDS},
        "decide": {"outcome": "upheld", "reasons": WORDS},
        "decide_review": {"outcome": "kept", "reasons": WORDS},
        "mark_malicious": {"reasons": WORDS},
        "open_case_from": {"ground": "service_complaint", "facts": WORDS},
        "open_case_on_complainant": {"facts": WORDS},
    },
    complaint_offices: {"take": {}, "pass_on": {"office_id": 0, "reasons": WORDS}},
    complaint_pauses: {
        "ask_pause": {"reasons": WORDS},
        "answer_pause": {"agreed": True, "reasons": WORDS},
        "go_on": {"reasons": WORDS},
    },
    inspections: {
        "notify": {"visit_at": NOW, "words": WORDS},
        "mark": {"point": 0, "verdict": "pass"},
        "add_photo": {"point": 0, "upload": None, "public": True},
        "conclude": {"outcome": "ok", "summary": WORDS},
        "publish": {},
        "follow": {},
        "correct": {"text": WORDS},
    },
}
# What is done by whoever it is about, by whoever holds the receipt, within another verb, or by the clock.
OTHERS = {
    cases: {"defend", "waive", "ask_review", "lift", "restore", "end_if_due", "open_case"},
    listings: {"propose_listing", "defend", "waive", "ask_review", "repaired", "restored", "fall_with", "credit_row"},
    repairs: {"apply", "supplement", "withdraw"},
    complaints: {
        "file",
        "complete",
        "withdraw",
        "ask_review",
        "reply",
        "mend",
        "lapse_if_due",
        "note_resumed",
        "follow_up",
    },
    complaint_offices: set(),
    complaint_pauses: {"end_if_due"},
    inspections: {"reply", "report_fixed", "recuse"},
}
ABOUT = {cases: "case_id", listings: "listing_id", repairs: "repair_id", inspections: "number"}


def name_of(module):
    return ABOUT.get(module, "complaint_id")


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        yield


def code_of(verb, **given):
    with pytest.raises(Refusal) as refused, transaction.atomic():
        verb(**given)
    return refused.value.code


def filed(agency, by):
    about = matters.matter(f"agency:{agency.pk}")
    given = {"statement": "需求里的工期要求只有一家机构能做到，请核查。", "hidden": True, "contact": {}}
    return complaints.file(matter=about, by=by, **given).complaint


def member_of(organisation_id, by):
    Membership.objects.create(user_id=by.user_id, organisation_id=organisation_id)
    return by


def tied_to(organisation_id, by):
    Relation.objects.create(user_id=by.user_id, organisation_id=organisation_id, ground="亲属任职", declared_at=NOW)
    return by


def made_for(module):
    """What a module's verbs are about, the agency it is about, and officers who must not touch it, by why."""
    if module is inspections:
        office = inspecting.bureau()
        inspecting.agencies("D")
        record = inspecting.drawn(office).inspections.get()
        first, second = inspecting.officers(office, record)
        return SimpleNamespace(
            about=record.number,
            refused={"member": member_of(record.subject_id, first), "tied": tied_to(record.subject_id, second)},
        )
    made = world()
    nora = officer("enterprise", 9700, "nora@example.com")
    complaint = filed(made.agency, nora)
    moonlighting = member_of(made.officers[0].org_id, By(nora.user_id, made.officers[0].org_id))
    refused = {
        "member": member_of(made.agency.pk, made.officers[3]),
        "tied": tied_to(made.agency.pk, made.officers[4]),
        "complainant": moonlighting,
    }
    if name_of(module) == "complaint_id":
        return SimpleNamespace(about=complaint.pk, refused=refused)
    origin = cases.Origin("complaint", f"complaint:{complaint.pk}", complaint.number, "/x/")
    case = published_case(made, origin=origin)
    return SimpleNamespace(about=_grown(made, case, module), refused=refused)


def _grown(made, case, module):
    if module is cases:
        return case.pk
    if module is listings:
        given = {"case_number": case.number, "ground": "串通投标", "months": 12}
        return listings.propose_listing(**given, by=made.officers[0]).pk
    with clock.at(NOW + timedelta(days=95)):
        measure = case.measures.get().pk
        return repairs.apply(kind="measure", target_id=measure, commitment=True, text=WORDS, by=made.ana).pk


@pytest.mark.parametrize("module", OFFICERS, ids=lambda one: one.__name__.rpartition(".")[2])
def test_no_verb_is_missing_from_the_table(module):
    public = {
        name
        for name, verb in vars(module).items()
        if inspect.isfunction(verb) and verb.__module__ == module.__name__ and not name.startswith("_")
        if "by" in inspect.signature(verb).parameters or name_of(module) in inspect.signature(verb).parameters
    }
    assert public - OTHERS[module] == set(OFFICERS[module])


@pytest.mark.parametrize("module", OFFICERS, ids=lambda one: one.__name__.rpartition(".")[2])
def test_nobody_tied_to_a_side_uses_any_verb_on_it(module):
    made = made_for(module)
    for verb, given in OFFICERS[module].items():
        for why, by in made.refused.items():
            call = {name_of(module): made.about, **given, "by": by}
            assert code_of(getattr(module, verb), **call) == "process.related", (verb, why)


@pytest.mark.parametrize("origin", ["card", "flag"])
def test_nobody_tied_to_another_side_of_a_card_or_flag_uses_any_verb_on_its_case(origin):
    made = world()
    other = department(9711)[0]
    case = published_case(made, origin=cases.Origin(origin, f"{origin}:{_origin(origin, made, other)}", "事项", "/x/"))
    by = tied_to(other.pk, made.officers[4])
    for verb, given in OFFICERS[cases].items():
        assert code_of(getattr(cases, verb), case_id=case.pk, **given, by=by) == "process.related", verb
    given = {"case_number": case.number, "ground": "串通投标", "months": 12, "by": by}
    assert code_of(listings.propose_listing, **given) == "process.related"
    listing = _grown(made, case, listings)
    for verb, given in OFFICERS[listings].items():
        assert code_of(getattr(listings, verb), listing_id=listing, **given, by=by) == "process.related", verb


def _origin(kind, made, other):
    if kind == "flag":
        given = {"rule": "single_bid", "key": "k", "about_id": made.agency.pk, "evidence": {}, "rules_ref": "flags@1"}
        return FlagHit.objects.create(organisations=[made.agency.pk, other.pk], found_at=NOW, **given).pk
    with watched(Room()) as room:
        room.add(made.agency.pk, respondent=other.pk)
        watch(MONDAY)
    return row().pk


def test_the_database_takes_no_decision_on_a_complaint_from_whoever_is_tied_to_whom_it_is_about():
    made = world()
    complaint = filed(made.agency, By())
    by = tied_to(made.agency.pk, made.officers[4])
    facts = {"complaint": complaint, "seq": 2, "at": NOW, "by_user_id": by.user_id, "by_org_id": by.org_id}
    for kind in ("accepted", "rejected", "notified", "decided"):
        with pytest.raises(DatabaseError, match="nobody tied"), transaction.atomic():
            ComplaintEvent.objects.create(kind=kind, **facts)
    ComplaintEvent.objects.create(kind="accepted", **{**facts, "by_user_id": made.officers[3].user_id})


# Whoever reported it brings it forward, but decides nothing in it.


def test_who_reported_a_case_decides_nothing_in_it():
    made = world()
    reporter, first, second = made.officers[:3]
    case = cases.open_case(
        origin=cases.Origin("report", "report:1", "日常监管发现"), subject_id=made.agency.pk, ground="collusion",
        facts=WORDS, by=reporter,
    )  # fmt: skip
    heavy = {"case_id": case.pk, "measure": "suspension", "days": 180, "reasons": WORDS}
    plain = {"case_id": case.pk, "reasons": WORDS, "by": reporter}
    cases.give_notice(**heavy, by=reporter)
    cases.waive(case_id=case.pk, by=made.ana)
    assert code_of(cases.drop, **plain) == "process.reporter"
    assert code_of(cases.propose, **heavy, by=reporter) == "process.reporter"
    cases.propose(**heavy, by=first)
    assert code_of(cases.send_back, **plain) == "process.reporter"
    assert code_of(cases.decide, **heavy, by=reporter) == "process.reporter"
    cases.decide(**heavy, by=second)
    cases.publish(case_id=case.pk, by=second)
    cases.ask_review(case_id=case.pk, reasons=WORDS, by=made.ana)
    for one in (reporter, first, second):
        assert code_of(cases.decide_review, case_id=case.pk, outcome="upheld", reasons=WORDS, by=one) in (
            "process.reporter",
            "process.same_officer",
        )


def test_no_inspector_decides_what_became_a_case_of_the_inspection():
    office = inspecting.bureau()
    inspecting.agencies("D")
    record = inspecting.drawn(office).inspections.get()
    opened = inspecting.concluded(office, record, "case", failing=[0], ground="inspection_failed")
    case = Case.objects.get(number=opened.case_number)
    colleague = inspecting.officers(office, record)[1]
    assert colleague.user_id != case.opened_user_id
    with clock.at(NOW + timedelta(days=5)):
        for verb in ("drop", "propose", "send_back", "decide", "decide_review"):
            call = {"case_id": case.pk, **OFFICERS[cases][verb], "by": colleague}
            assert code_of(getattr(cases, verb), **call) == "process.reporter", verb
        event = {"case": case, "seq": 2, "kind": "dropped", "at": clock.now(), "by_user_id": colleague.user_id}
        with pytest.raises(DatabaseError, match="inspectors decide nothing"), transaction.atomic():
            CaseEvent.objects.create(**event, by_org_id=colleague.org_id)
        cases.drop(case_id=case.pk, reasons=WORDS, by=officer("regulator", 9798, "fresh@example.com"))


def test_who_reported_or_proposed_decides_no_listing_and_no_repair_of_it():
    made = world()
    reporter, proposer = made.officers[0], made.officers[3]
    case = published_case(made)
    given = {"case_number": case.number, "ground": "串通投标", "months": 24}
    listing = listings.propose_listing(**given, by=proposer)
    listings.give_notice(listing_id=listing.pk, text=WORDS, by=proposer)
    listings.waive(listing_id=listing.pk, by=made.ana)
    approve = {"listing_id": listing.pk, "reason": WORDS}
    assert code_of(listings.approve, **approve, by=reporter) == "process.reporter"
    assert code_of(listings.approve, **approve, by=proposer) == "listing.second"
    listings.approve(**approve, by=made.officers[4])
    with clock.at(NOW + timedelta(days=366)):
        listing.refresh_from_db()
        ask = {"kind": "listing", "target_id": listing.pk, "commitment": True, "text": WORDS, "by": made.ana}
        repair = repairs.apply(**ask)
        for verb, given in OFFICERS[repairs].items():
            for by in (reporter, proposer):
                call = {"repair_id": repair.pk, **given, "by": by}
                assert code_of(getattr(repairs, verb), **call) == "repair.reporter", verb


def test_a_stop_is_asked_for_by_nobody_tied_to_a_side_of_a_case():
    made = world()
    other = department(9711)[0]
    case = published_case(made, origin=cases.Origin("card", f"card:{_origin('card', made, other)}", "事项", "/x/"))
    cases.ask_review(case_id=case.pk, reasons=WORDS, by=made.ana)
    clocks.watch()
    step = Step.objects.get(kind="case.review", closed_at=None)
    clerk = officer("operator", 9799, "clerk@example.com")
    given = {"step_id": step.pk, "ground": "expert_opinion", "reason": WORDS, "evidence": order()}
    assert code_of(stops.ask_stop, **given, by=tied_to(other.pk, clerk)) == "process.related"


# Appeals and results used in approvals are decided in the room of ratings, with the ties declared here.


def test_an_appeal_is_decided_by_nobody_of_a_side_nor_tied_to_one():
    w, _rating, appeal = appealing.appealed()
    for number, side in enumerate((w.buyer.pk, w.agency.pk)):
        for tie in (member_of, tied_to):
            by = tie(
                side, officer("operator", 9800 + 10 * number + len(tie.__name__), f"o{number}{tie.__name__}@x.com")
            )
            given = {"appeal_id": appeal.pk, "upheld": True, "reasons": WORDS, "by": by}
            assert code_of(appeals.decide, **given) == "appeal.involved"


def test_a_result_is_rated_by_nobody_of_its_sides_nor_tied_to_one():
    w, contract = approving.completed()
    use = approving.used(contract, approving.officer("department", 8500))
    for number, side in enumerate((w.buyer.pk, w.agency.pk)):
        by = tied_to(side, officer("regulator", 9800 + number, f"o{number}@example.com"))
        given = {"use_id": use.pk, "quality": 5, "compliance": 5, "text": WORDS, "by": by}
        assert code_of(approvals.rate, **given) == "approval.involved"
