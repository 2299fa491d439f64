"""What must not be: a ground gone and its effects left, a way around who may decide, a secret read by who is meant."""

import io
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from PIL import Image

from accounts.models import Membership, User
from agencies import selectors as agencies
from agencies import services as standing
from agencies.models import Agency
from core import clock
from core.audit import By
from core.errors import Refusal
from ratings import services as ratings
from supervision import words
from supervision.models import ClockStop, Complaint, FlagHit, Relation
from supervision.selectors import complaints as complaints_seen
from supervision.selectors import exposure
from supervision.services import (
    cases,
    complaints,
    entrance,
    exits,
    flags,
    honours,
    inspections,
    listings,
    repairs,
    stops,
)
from supervision.services.process import declare_relation
from tests.accounts import people
from tests.contracts.world import completed
from tests.ratings.test_approvals import officer, used
from tests.site.city import PDF
from tests.supervision import inspecting
from tests.supervision.clockwork import MONDAY, Room, look, row, watched
from tests.supervision.listing import NOW, WORDS, candidate, later, listed, published_case, world

pytestmark = pytest.mark.django_db
STATEMENT = "需求里的工期要求只有一家机构能做到，请核查是否量身定做。"


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        yield


def code_of(verb, **given):
    with pytest.raises(Refusal) as refused, transaction.atomic():
        verb(**given)
    return refused.value.code


def revoked(made, case):
    cases.ask_review(case_id=case.pk, reasons="证据不足，请求复核本决定。", by=made.ana)
    cases.decide_review(case_id=case.pk, outcome="revoked", reasons=WORDS, by=made.officers[4])


# A ground that is gone takes everything with it.


def test_a_revoked_decision_takes_its_listing_with_it():
    made = world()
    entry = listed(made)
    revoked(made, entry.case)
    entry.refresh_from_db()
    assert (made.kinds, entry.state) == ((), "delisted")
    assert entry.shares.filter(news="delisted").exists()


@pytest.mark.parametrize("noticed", [False, True])
def test_a_revoked_decision_ends_a_listing_that_is_still_on_its_way(noticed):
    made = world()
    entry = candidate(made)
    if noticed:
        listings.give_notice(listing_id=entry.pk, text=WORDS, by=made.officers[0])
    revoked(made, entry.case)
    entry.refresh_from_db()
    assert (made.kinds, entry.state) == ((), "dropped")


def test_a_stayed_decision_is_no_ground_for_a_listing():
    made = world()
    entry = candidate(made)
    listings.give_notice(listing_id=entry.pk, text=WORDS, by=made.officers[0])
    listings.waive(listing_id=entry.pk, by=made.ana)
    cases.ask_review(case_id=entry.case_id, reasons="证据不足，请求复核本决定。", by=made.ana)
    assert code_of(listings.approve, listing_id=entry.pk, reason=WORDS, by=made.officers[3]) == "listing.case"


def test_a_second_measure_on_the_same_agency_survives_the_end_of_the_first():
    made = world()
    first, second = published_case(made), published_case(made, days=200)
    revoked(made, first)
    assert made.kinds == ("suspended",)
    assert agencies.restrictions(made.agency.pk).get().source == second.public_path


def test_a_repaired_measure_does_not_come_back_because_a_review_upheld_the_decision():
    made = world()
    case = published_case(made, measure="warning", days=200, ground="service_complaint")
    repair = repairs.apply(kind="measure", target_id=case.measures.get().pk, commitment=True, text=WORDS, by=made.ana)
    repairs.accept(repair_id=repair.pk, by=made.officers[4])
    repairs.grant(repair_id=repair.pk, reason=WORDS, by=made.officers[4])
    cases.ask_review(case_id=case.pk, reasons="我们认为决定本身也有误，请复核。", by=made.ana)
    case = cases.decide_review(case_id=case.pk, outcome="upheld", reasons=WORDS, by=made.officers[3])
    assert (made.kinds, case.state) == ((), "lifted")


def test_who_stays_at_work_through_a_removal_is_free_at_its_end(monkeypatch):
    agency, now = people.agency(1), clock.now()
    standing.restrict(
        agency_id=agency.pk, kind="removed", starts_at=now, ends_at=now + timedelta(days=365), ground="弄虚作假",
        source="/x/",
    )  # fmt: skip
    monkeypatch.setattr(exits, "running", lambda _pk: [exits.Running("contract", "环评", "/contracts/1/")])
    exits.finish()
    with later(364):
        exits.finish()
        assert agencies.facts(agency.pk).door == "leaving"
    with later(366):
        exits.finish()
        assert agencies.facts(agency.pk).door == ""


def test_a_wish_to_leave_survives_a_removal_that_was_lifted(monkeypatch):
    agency, now = people.agency(1), clock.now()
    monkeypatch.setattr(exits, "running", lambda _pk: [exits.Running("contract", "环评", "/contracts/1/")])
    exits.ask(agency=agency, by=By())
    with later(1):
        end = now + timedelta(days=365)
        removal = standing.restrict(
            agency_id=agency.pk, kind="removed", starts_at=clock.now(), ends_at=end, ground="弄虚作假", source="/x/"
        )
    with later(2):
        standing.lift(restriction_id=removal.pk, reason="复核撤销", source="/x/")
        assert agencies.facts(agency.pk).door == "leaving"


def test_a_revoked_measure_keeps_nobody_off_the_red_list(monkeypatch):
    made = world()
    entrance.check_new()
    monkeypatch.setattr(honours.contracts, "kept_since", lambda _since: {made.agency.pk: (4, 4)})
    revoked(made, published_case(made))
    standing.set_score(agency_id=made.agency.pk, score=95, grade="A", rules_ref="credit@1")
    assert honours.refresh() == (1, 0)


def test_exposure_does_not_hold_up_a_decision_that_was_revoked():
    made = world()
    case = published_case(made)
    assert exposure.counts(exposure.Filters())["decision"] == 1
    revoked(made, case)
    assert exposure.counts(exposure.Filters())["decision"] == 0


# Ways around who may decide.


def test_the_restriction_of_a_measure_is_repaired_through_its_measure_alone():
    made = world()
    case = published_case(made, measure="warning", days=200, ground="service_complaint")
    entry = listed(made)
    for felt_by in (case.measures.get().restriction, entry.restriction):
        ask = {"kind": "restriction", "target_id": felt_by, "commitment": True, "text": WORDS, "by": made.ana}
        assert code_of(repairs.apply, **ask) == "repair.gone"


def test_who_reported_the_case_does_not_approve_the_listing():
    made = world()
    case = published_case(made)
    entry = listings.propose_listing(case_number=case.number, ground="串通投标", months=12, by=made.officers[3])
    listings.give_notice(listing_id=entry.pk, text=WORDS, by=made.officers[3])
    listings.waive(listing_id=entry.pk, by=made.ana)
    assert code_of(listings.approve, listing_id=entry.pk, reason=WORDS, by=made.officers[0]) == "process.reporter"


def test_only_a_regulator_gives_notice_of_a_listing():
    made = world()
    entry = candidate(made)
    given = {"listing_id": entry.pk, "text": WORDS, "by": made.department}
    assert code_of(listings.give_notice, **given) == "listing.authority"


def test_a_complaint_becomes_one_case_and_no_second_measure():
    made = world()
    complaint = accepted(made)
    given = {"complaint_id": complaint.pk, "ground": "service_complaint", "facts": WORDS, "by": made.officers[0]}
    complaints.open_case_from(**given)
    assert code_of(complaints.open_case_from, **given) == "complaint.case_open"


def test_who_complained_decides_nothing_that_grew_from_it():
    made = world()
    nora = made.officers[3]
    firm = people.organisation("enterprise", 9700, people.User.objects.get(pk=nora.user_id))
    complaint = accepted(made, By(nora.user_id, firm.pk))
    origin = cases.Origin("complaint", f"complaint:{complaint.pk}", complaint.number, "/x/")
    case = published_case(made, origin=origin)
    entry = listings.propose_listing(case_number=case.number, ground="串通投标", months=12, by=made.officers[0])
    listings.give_notice(listing_id=entry.pk, text=WORDS, by=made.officers[0])
    listings.waive(listing_id=entry.pk, by=made.ana)
    given = {"listing_id": entry.pk, "reason": WORDS}
    assert code_of(listings.approve, **given, by=nora) == "process.related"
    assert code_of(listings.drop, **given, by=nora) == "process.related"
    listings.approve(**given, by=made.officers[1])
    listings.ask_review(listing_id=entry.pk, text=WORDS, by=made.ana)
    assert code_of(listings.decide_review, **given, outcome="upheld", by=nora) == "process.related"
    assert code_of(listings.correct, listing_id=entry.pk, note=WORDS, by=nora) == "process.related"
    with later(95):
        ask = {"kind": "measure", "target_id": case.measures.get().pk, "commitment": True, "text": WORDS}
        repair = repairs.apply(**ask, by=made.ana)
        assert code_of(repairs.accept, repair_id=repair.pk, by=nora) == "process.related"
        repairs.accept(repair_id=repair.pk, by=made.officers[4])
        for verb in (repairs.grant, repairs.refuse, repairs.find_broken):
            assert code_of(verb, repair_id=repair.pk, reason=WORDS, by=nora) == "process.related"


def test_a_flag_is_judged_by_nobody_who_belongs_to_whom_it_concerns():
    made = world()
    hit = FlagHit.objects.create(
        rule="single_bid", key="k", about_id=made.agency.pk, organisations=[made.agency.pk], evidence={},
        rules_ref="flags@1", found_at=NOW,
    )  # fmt: skip
    Membership.objects.create(user_id=made.officers[0].user_id, organisation=made.agency.organisation)
    Relation.objects.create(
        user_id=made.officers[1].user_id, organisation=made.agency.organisation, ground="亲属任职", declared_at=NOW
    )
    for by in made.officers[:2]:
        given = {"hit_id": hit.pk, "verdict": "unfounded", "reasons": WORDS, "by": by}
        assert code_of(flags.judge, **given) == "process.related"
    given = {"hit_id": hit.pk, "verdict": "unfounded", "reasons": WORDS, "by": made.department}
    assert code_of(flags.judge, **given) == "access.not_yours"


def test_a_result_is_rated_by_nobody_who_also_belongs_to_its_maker():
    _w, contract = completed()
    use, by = used(contract, officer("department", 8500)), officer("regulator", 8501)
    Membership.objects.create(user_id=by.user_id, organisation_id=contract.supplier_id)
    given = {"use_id": use.pk, "quality": 5, "compliance": 5, "text": "数据可靠，结论清楚，程序完备。", "by": by}
    assert code_of(ratings.rate_result, **given) == "approval.involved"


def test_an_inspector_who_is_tied_to_the_agency_since_the_draw_can_only_step_back():
    office = inspecting.bureau()
    inspecting.agencies("D")
    drawing = inspecting.drawn(office)
    record = drawing.inspections.get()
    first, *_ = inspecting.officers(office, record)
    inspecting.noticed(office, record)
    with clock.at(NOW + timedelta(days=3)):
        declare_relation(organisation_id=record.subject_id, ground="配偶在该机构任职", by=first)
        mark = {"number": record.number, "point": 0, "verdict": "pass", "by": first}
        assert code_of(inspections.mark, **mark) == "process.related"
        joined = inspections.recuse(number=record.number, text="与被检查机构有亲属关系。", by=first)
    assert joined.inspector.user_id != first.user_id


# Clocks that are stopped, and freezes that are ended, by those they bind.


def test_a_supervisor_does_not_stop_its_own_clock():
    with watched(Room()) as room:
        user = people.user("own@example.com")
        office = people.organisation("regulator", 9601, user, name="廊坊市财政局")
        helper = people.user("other@example.com")
        other = people.organisation("operator", 9602, helper, name="平台运营中心")
        room.add(office.pk)
        room.change(kind="complaint.decide")
        look(MONDAY)
        proof = SimpleUploadedFile("委托书.pdf", PDF, "application/pdf")
        ask = {"step_id": row().pk, "ground": "expert_opinion", "reason": "等待专家组出具书面意见。", "evidence": proof}
        with clock.at(MONDAY + timedelta(hours=1)):
            assert code_of(stops.ask_stop, **ask, by=By(user.pk, office.pk)) == "access.not_yours"
            assert stops.ask_stop(**ask, by=By(helper.pk, other.pk)).confirmed_at is not None


def test_a_room_may_stop_a_clock_for_which_a_stop_was_refused_and_another_has_ended():
    with watched(Room()) as room:
        office = people.organisation("department", 9601, name="廊坊市财政局")
        room.add(office.pk)
        look(MONDAY)
        facts = {"step": row(), "ground": "waiting_for_other", "reason": "等待资料", "starts_at": MONDAY}
        ClockStop.objects.create(**facts, refused_at=MONDAY)
        ClockStop.objects.create(**facts, confirmed_at=MONDAY, ends_at=MONDAY + timedelta(hours=1))
        room.add(office.pk, paused=True)
        look(MONDAY + timedelta(hours=2))
        assert ClockStop.objects.filter(ground="room", ends_at=None).exists()


def test_a_frozen_agency_is_not_freed_by_changing_what_was_not_asked_about():
    bad = people.agency(2, name="测试")
    entrance.check_new()
    with later(20):
        entrance.freeze_silent()
        given = {"agency": agencies.get(bad.pk), "name": "测试", "contact_name": "王安娜", "by": By()}
        assert code_of(entrance.correct, **given, contact_phone="0316-2059999") == "correction.left"
        assert agencies.facts(bad.pk).door == "frozen"


# Secrets.


def filed(about, by=None, uploads=()):
    return complaints.file(
        matter=complaints_seen.matter(about),
        statement=STATEMENT,
        hidden=True,
        contact={"name": "张三", "phone": "13800000000", "email": "zhang@example.com"},
        by=by or By(),
        uploads=uploads,
    ).complaint


def accepted(made, by=None):
    complaint = filed(f"agency:{made.agency.pk}", by)
    complaints.accept(complaint_id=complaint.pk, by=made.officers[0])
    return complaints.notify(complaint_id=complaint.pk, summary=STATEMENT, by=made.officers[0])


def test_nobody_finds_out_who_complained_by_declaring_ties():
    made = world()
    nora = people.user("nora@example.com")
    firm = people.organisation("enterprise", 9700, nora)
    complaint = filed(f"agency:{made.agency.pk}", By(nora.pk, firm.pk))
    with later(1):
        declare_relation(organisation_id=firm.pk, ground="试探是谁投诉的", by=made.officers[0])
        assert complaints.accept(complaint_id=complaint.pk, by=made.officers[0]).state == "accepted"


def test_who_is_complained_about_reads_no_word_of_the_complainant_even_where_it_supervises(client):
    made = world()
    office = made.officers[0].org_id
    complaint = filed(f"official:{office}", uploads=[SimpleUploadedFile("proof.pdf", PDF, "application/pdf")])
    client.force_login(User.objects.get(pk=made.officers[0].user_id))
    proof = complaint.events.get(kind="filed").files.get().file_id
    pages = (
        reverse("supervision:complaint_desk", args=[complaint.number]),
        reverse("supervision:complaint_desk_file", args=[complaint.number, proof]),
    )
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert complaint.number not in client.get(reverse("supervision:complaints")).content.decode()
    assert complaint.number not in client.get(reverse("supervision:inbox")).content.decode()


def test_a_case_on_a_supervisor_is_none_of_its_own_officers_before_the_notice(client):
    made = world()
    other = people.user("other@example.com")
    by = By(other.pk, people.organisation("operator", 9602, other, name="平台运营中心").pk)
    case = cases.open_case(
        origin=cases.Origin("report", "report", "日常监管"), subject_id=made.officers[0].org_id,
        ground="service_complaint", facts=WORDS, by=by,
    )  # fmt: skip
    client.force_login(User.objects.get(pk=made.officers[0].user_id))
    assert client.get(case.get_absolute_url()).status_code == 404
    assert case.number not in client.get(reverse("supervision:cases")).content.decode()


def test_no_session_row_ties_an_account_to_its_complaint(client):
    made = world()
    nora = people.user("nora@example.com")
    client.force_login(nora)
    typed = {"statement": STATEMENT, "hidden": "on", "name": "", "phone": "", "email": "", "official": ""}
    answer = client.post(f"/complaints/new/?about=agency:{made.agency.pk}", typed)
    complaint = Complaint.objects.get()
    for session in Session.objects.all():
        assert complaint.number not in str(session.get_decoded())
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert complaint.number in page.content.decode()


def test_evidence_tells_neither_by_its_name_nor_by_its_camera_who_took_it():
    made = world()
    picture, buffer = Image.new("RGB", (20, 20), "red"), io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = "Zhang San"  # artist
    picture.save(buffer, "JPEG", exif=exif)
    uploads = [
        SimpleUploadedFile("张三拍的.jpg", buffer.getvalue(), "image/jpeg"),
        SimpleUploadedFile("张三的合同.pdf", PDF, "application/pdf"),
    ]
    complaint = filed(f"agency:{made.agency.pk}", uploads=uploads)
    files = [one.file for one in complaint.events.get(kind="filed").files.order_by("pk")]
    assert [one.name for one in files] == ["1.jpg", "2.pdf"]
    with files[0].content.open("rb") as stored:
        assert b"Zhang San" not in stored.read()


# What is not there yet breaks no page.

PUBLIC = (
    "/complaints/", "/complaints/new/", "/decisions/", "/discretion/", "/blacklist/", "/blacklist/imported/",
    "/redlist/", "/exposure/", "/promises/", "/inspections/",
)  # fmt: skip
DESKS = (
    "cases", "complaints", "listings", "repairs", "imports", "cards", "flags", "flag_rules", "appeals", "inspectors",
    "inbox", "relations",
)  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_pages_stand_while_nothing_has_happened(client, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("name", DESKS)
def test_desks_stand_while_nothing_has_happened(client, name):
    user = people.user("sol@example.com")
    people.organisation("regulator", 9500, user)
    client.force_login(user)
    assert client.get(reverse(f"supervision:{name}")).status_code == 200


def test_a_ground_nobody_has_words_for_yet_is_shown_by_its_code_and_can_be_decided(client, monkeypatch):
    made = world()
    case = published_case(made)
    with monkeypatch.context() as without:
        known = {code: said for code, said in words.GROUNDS.items() if code != case.ground}
        without.setattr(words, "GROUNDS", known)
        assert case.ground in client.get(case.public_path).content.decode()
        assert published_case(made, days=200).state == "in_force"


def test_a_review_that_names_no_lighter_measure_is_refused_in_words():
    made = world()
    case = published_case(made)
    cases.ask_review(case_id=case.pk, reasons="证据不足，请求复核本决定。", by=made.ana)
    given = {"case_id": case.pk, "outcome": "changed", "reasons": WORDS, "by": made.officers[4]}
    assert code_of(cases.decide_review, **given) == "process.off_scale"
    assert Agency.objects.get(pk=made.agency.pk).left_at is None
