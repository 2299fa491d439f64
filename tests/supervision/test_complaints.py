"""Complaints on the real database: anyone files one, nobody learns who, both sides are heard, somebody else reviews."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client

from core import clock, jobs
from core.audit import By
from core.errors import Refusal
from core.models import HeldFile
from core.workdays import load
from marketplace import selectors as needs
from marketplace import tasks as needs_tasks
from supervision import identity, tasks
from supervision.models import Complaint, SealedIdentity
from supervision.selectors import complaints as seen
from supervision.services import cases, complaints
from supervision.services import complaint_pauses as pauses
from supervision.services.process import declare_relation
from tests.accounts import people
from tests.bidding import world
from tests.site.city import PDF
from tests.supervision.hearing import NOW, officer

pytestmark = pytest.mark.django_db
SAID = "需求里的工期要求只有一家机构能做到，请核查是否有倾向性。"
WHY = "经核查，工期由设计单位测算，没有倾向性。"
CONTACT = {"name": "赵举报", "phone": "13900001111", "email": "whistle@example.com"}


def a_file():
    return SimpleUploadedFile("图.pdf", PDF, "application/pdf")


def code_of(work, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        work(*args, **kwargs)
    return caught.value.code


@pytest.fixture
def place():
    return world.competition(now=NOW)


@pytest.fixture
def sol():
    return officer("regulator", 9511, "sol@example.com")


@pytest.fixture
def tom():
    return officer("operator", 9512, "tom@example.com")


@pytest.fixture
def sue():
    return officer("regulator", 9513, "sue@example.com")


def filed(place, by=By(), **more):  # noqa: B008 - a frozen value
    with clock.at(NOW):
        return complaints.file(
            matter=seen.matter(f"need:{place.need.pk}"), statement=SAID, hidden=True, contact=CONTACT, by=by, **more
        )


def told(place, sol):
    """A complaint the other side was told of."""
    row = filed(place).complaint
    with clock.at(NOW + timedelta(hours=1)):
        complaints.accept(complaint_id=row.pk, by=sol)
        complaints.notify(complaint_id=row.pk, summary="有人认为工期要求过短，请说明理由。", by=sol)
    return row


def owner_of(place):
    return By(place.owner.pk, place.buyer.pk)


def test_a_stranger_files_and_follows_up_with_the_receipt_alone(place):
    browser = Client()
    answer = browser.post(
        f"/complaints/new/?about=need:{place.need.pk}",
        {
            "statement": SAID,
            "hidden": "on",
            "evidence": SimpleUploadedFile("图.pdf", PDF, "application/pdf"),
            **CONTACT,
        },
    )
    row = Complaint.objects.get()
    assert answer.url == f"/complaints/{row.number}/"
    page = browser.get(answer.url).content.decode()
    secret = page.split('class="secret number">')[1].split("<")[0]
    assert secret not in browser.get(answer.url).content.decode(), "shown once"
    other = Client()
    assert other.get(answer.url).url == "/complaints/"
    assert other.post("/complaints/", {"number": row.number, "secret": "AAAA-BBBB-CCCC-DDDD"}).status_code == 422
    assert other.post("/complaints/", {"number": row.number, "secret": secret.lower()}).url == answer.url
    assert other.get(answer.url).status_code == 200
    file = row.events.get(kind="filed").files.get().file_id
    assert other.get(f"/complaints/{row.number}/files/{file}/").status_code == 200
    assert Client().get(f"/complaints/{row.number}/files/{file}/").status_code == 404
    other.post(answer.url, {"act": "withdraw", "withdraw-text": "已经和对方谈妥，不投诉了。"})
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_nobody_reads_who_complained_neither_on_pages_nor_in_the_database(place, sol):
    nora = people.user("nora@example.com")
    row = filed(place, by=By(nora.pk, None)).complaint
    with connection.cursor() as cursor:
        for table in ("supervision_complaint", "supervision_complaintevent", "supervision_sealedidentity",
                      "core_auditentry", "supervision_notice", "core_job"):  # fmt: skip
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            text = cursor.fetchone()[0] or ""
            assert not any(word in text for word in CONTACT.values()), table
    assert not row.events.filter(by_user=nora).exists()
    browser = Client()
    browser.force_login(place.owner)
    assert browser.get(f"/cases/complaints/{row.number}/").status_code == 404
    assert identity.opened(row.identity, row.number)["phone"] == CONTACT["phone"], "only the key opens it"


def test_a_seal_opens_with_its_own_key_and_at_its_own_place(place, settings):
    settings.IDENTITY_KEY = "the first key of identities " * 2
    row = filed(place).complaint
    with pytest.raises(identity.IdentityKeyError):
        identity.opened(row.identity, "TS-2026-999999")
    settings.IDENTITY_KEY, settings.PAST_IDENTITY_KEYS = "the second key of identities " * 2, []
    with pytest.raises(identity.IdentityKeyError):
        identity.opened(row.identity, row.number)
    settings.PAST_IDENTITY_KEYS = ["the first key of identities " * 2]
    assert identity.opened(row.identity, row.number)["name"] == CONTACT["name"]


def test_whoever_complained_or_is_complained_about_does_not_handle_it(place, sol, tom):
    row = filed(place, by=By(sol.user_id, sol.org_id)).complaint
    assert code_of(complaints.accept, complaint_id=row.pk, by=sol) == "process.related"
    assert code_of(complaints.accept, complaint_id=row.pk, by=owner_of(place)) == "access.not_yours"
    with clock.at(NOW + timedelta(hours=1)):
        complaints.accept(complaint_id=row.pk, by=tom)


def test_what_is_missing_is_asked_for_once_and_silence_withdraws(place, sol):
    row = filed(place).complaint
    with clock.at(NOW + timedelta(hours=1)):
        complaints.ask_missing(complaint_id=row.pk, text="请说明是哪一条工期要求。", by=sol)
        complaints.complete(complaint_id=row.pk, text="第三条。")
        again = code_of(complaints.ask_missing, complaint_id=row.pk, text="再请补充一份证据材料，以便核实。", by=sol)
    assert again == "complaint.once"
    silent = filed(place).complaint
    with clock.at(NOW + timedelta(hours=1)):
        complaints.ask_missing(complaint_id=silent.pk, text="请说明是哪一条工期要求。", by=sol)
    with clock.at(NOW + timedelta(days=40)):
        tasks.tend_cases.run()
    silent.refresh_from_db()
    assert silent.state == "withdrawn"


def test_nothing_is_upheld_before_the_other_side_was_heard(place, sol, tom):
    row = told(place, sol)
    with clock.at(NOW + timedelta(hours=2)):
        early = code_of(complaints.decide, complaint_id=row.pk, outcome="upheld", reasons=WHY, by=sol)
        assert early == "process.unheard"
        foreign = code_of(complaints.reply, complaint_id=row.pk, text="这是别人的事情，我来说几句。", by=tom)
        assert foreign == "access.not_yours"
        complaints.reply(complaint_id=row.pk, text="工期由设计单位测算，附测算表。", by=owner_of(place))
        complaints.decide(complaint_id=row.pk, outcome="partly", reasons=WHY, by=sol)
    with clock.at(NOW + timedelta(days=1)):
        complaints.ask_review(complaint_id=row.pk, reasons="答复没有回应第三条，请复核。")
        same = code_of(complaints.decide_review, complaint_id=row.pk, outcome="kept", reasons=WHY, by=sol)
        assert same == "process.same_officer"
        complaints.decide_review(complaint_id=row.pk, outcome="upheld", reasons=WHY, by=tom)
    row.refresh_from_db()
    assert (row.state, seen.fold(row).outcome) == ("closed", "upheld")


def test_the_other_side_reads_the_summary_not_the_complainants_words(place, sol):
    row = told(place, sol)
    browser = Client()
    browser.force_login(place.owner)
    page = browser.get(f"/cases/complaints/{row.number}/").content.decode()
    assert "有人认为工期要求过短" in page
    assert SAID not in page


def test_a_need_is_held_while_the_result_may_be_affected_and_goes_on_with_the_decision(place, sol):
    row = told(place, sol)
    with clock.at(NOW + timedelta(hours=2)):
        complaints.suspend_need(complaint_id=row.pk, reasons="核查期间可能影响中选结果", by=sol)
        assert needs.suspension(place.need.pk) is not None
        twice = code_of(complaints.suspend_need, complaint_id=row.pk, reasons="核查期间可能影响结果。", by=sol)
        assert twice == "complaint.suspended"
        complaints.decide(complaint_id=row.pk, outcome="dismissed", reasons=WHY, by=sol)
        assert needs.suspension(place.need.pk) is None


def test_deciding_one_complaint_leaves_the_suspension_of_another(place, sol):
    first, second = told(place, sol), told(place, sol)
    with clock.at(NOW + timedelta(hours=2)):
        complaints.suspend_need(complaint_id=first.pk, reasons="核查期间可能影响中选结果", by=sol)
    with clock.at(NOW + timedelta(days=31)):
        needs_tasks.advance_needs.run()
        jobs.drain()
        assert not seen.fold(first).suspended  # its own history says that the term is over
        complaints.suspend_need(complaint_id=second.pk, reasons="另一件投诉可能影响结果。", by=sol)
        complaints.decide(complaint_id=first.pk, outcome="dismissed", reasons=WHY, by=sol)
        assert needs.suspension(place.need.pk) is not None
        assert seen.fold(second).suspended
        complaints.decide(complaint_id=second.pk, outcome="dismissed", reasons=WHY, by=sol)
        assert not needs.held(place.need.pk)


def test_a_complaint_whose_suspension_is_used_up_suspends_no_more(place, sol):
    row = told(place, sol)
    with clock.at(NOW + timedelta(hours=2)):
        complaints.suspend_need(complaint_id=row.pk, reasons="核查期间可能影响中选结果", by=sol)
    with clock.at(NOW + timedelta(days=31)):
        needs_tasks.advance_needs.run()
        again = code_of(complaints.suspend_need, complaint_id=row.pk, reasons="还要再暂停一段时间。", by=sol)
        assert again == "need.suspended_enough"
        assert not needs.held(place.need.pk)


def test_an_experts_time_does_not_count(place, sol, sue):
    row = told(place, sol)
    row.refresh_from_db()
    due = row.due_at
    with clock.at(NOW + timedelta(days=1)):
        paused(row, sol, sue)
    with clock.at(NOW + timedelta(days=11)):
        pauses.go_on(complaint_id=row.pk, reasons="检测报告已收到，继续办理。", by=sol)
    row.refresh_from_db()
    assert row.due_at - due == timedelta(days=10)


TEST = "送检测机构检测，约需十天。"


def paused(row, asker, other):
    pauses.ask_pause(complaint_id=row.pk, reasons=TEST, by=asker)
    pauses.answer_pause(complaint_id=row.pk, agreed=True, reasons="确有必要检测，同意。", by=other)


def test_whoever_handles_a_complaint_does_not_stop_its_clock_alone(place, sol, sue, tom):
    row = told(place, sol)
    agree = {"complaint_id": row.pk, "agreed": True, "reasons": "确有必要检测，同意。"}
    with clock.at(NOW + timedelta(days=1)):
        assert code_of(pauses.answer_pause, **agree, by=sue) == "process.order"
        pauses.ask_pause(complaint_id=row.pk, reasons=TEST, by=sol)
        assert code_of(pauses.ask_pause, complaint_id=row.pk, reasons=TEST, by=sue) == "complaint.pause_asked"
        row.refresh_from_db()
        assert row.state == "investigating"  # nothing stands yet
        assert code_of(pauses.answer_pause, **agree, by=sol) == "complaint.pause_second"
        assert code_of(pauses.answer_pause, **agree, by=tom) == "complaint.pause_second"  # of no regulator
        declare_relation(organisation_id=row.subject_id, ground="近亲属任职", by=sue)
        assert code_of(pauses.answer_pause, **agree, by=sue) == "process.related"
        pauses.answer_pause(complaint_id=row.pk, agreed=False, reasons="现有材料已经够用，不暂停。", by=sol)
        assert code_of(pauses.answer_pause, **agree, by=officer("regulator", 9514, "p@example.com")) == "process.order"


@pytest.mark.parametrize(
    ("kind", "data"), [("paused", {}), ("pause_agreed", {"pause_until": (NOW + timedelta(days=9)).isoformat()})]
)
def test_the_database_lets_nobody_pause_their_own_clock(place, sol, kind, data):
    row = told(place, sol)
    with clock.at(NOW + timedelta(days=1)):
        pauses.ask_pause(complaint_id=row.pk, reasons=TEST, by=sol)
    last = row.events.order_by("seq").last()
    with pytest.raises(DatabaseError), transaction.atomic():
        row.events.create(seq=last.seq + 1, kind=kind, at=last.at, data=data, by_user_id=sol.user_id,
                          by_org_id=sol.org_id)  # fmt: skip


def test_a_pause_ends_by_itself_and_all_of_them_are_bounded(place, sol, sue):
    row = told(place, sol)
    row.refresh_from_db()
    due, now, lost, calendar = row.due_at, NOW + timedelta(days=1), 0, load()
    for _ in range(2):
        lost += calendar.between(now - timedelta(days=1), now + timedelta(days=29))  # the days that end in the pause
        with clock.at(now):
            paused(row, sol, sue)
        with clock.at(now + timedelta(days=29)):
            tasks.tend_cases.run()
            assert seen.fold(row).state == "paused"
        with clock.at(now + timedelta(days=35)):  # looked late: only thirty days do not count
            tasks.tend_cases.run()
            assert seen.fold(row).state == "investigating"
        now += timedelta(days=36)
    row.refresh_from_db()
    a_moment = timedelta(seconds=1)
    assert calendar.between(due - a_moment, row.due_at - a_moment) == lost > 30, "working days are given back"
    with clock.at(now):
        assert code_of(pauses.ask_pause, complaint_id=row.pk, reasons=TEST, by=sol) == "complaint.pause_used_up"


def test_an_upheld_complaint_grows_into_a_case_whose_reporter_decides_nothing(place, sol):
    row = told(place, sol)
    with clock.at(NOW + timedelta(hours=2)):
        case = complaints.open_case_from(complaint_id=row.pk, ground="wrong_procedure", facts=WHY, by=sol)
    assert (case.origin_reference, case.opened_user_id) == (f"complaint:{row.pk}", sol.user_id)


def malicious(place, sol, *, by, hidden):
    with clock.at(NOW):
        matter = seen.matter(f"need:{place.need.pk}")
        row = complaints.file(matter=matter, statement=SAID, hidden=hidden, contact={}, by=by).complaint
        complaints.accept(complaint_id=row.pk, by=sol)
        complaints.notify(complaint_id=row.pk, summary="有人认为工期要求过短，请说明理由。", by=sol)
        complaints.decide(complaint_id=row.pk, outcome="dismissed", reasons=WHY, by=sol)
    return row


FORGED = "所附聊天记录经核实系伪造。"


def test_a_known_complainant_who_lied_gets_a_case_of_its_own_and_is_heard(place, sol, sue):
    agency = place.agencies[0]
    by = By(agency.organisation.memberships.get().user_id, agency.pk)
    row = malicious(place, sol, by=by, hidden=False)
    case = {"complaint_id": row.pk, "facts": FORGED, "by": sol}
    with clock.at(NOW + timedelta(days=1)):
        assert code_of(complaints.open_case_on_complainant, **case) == "complaint.malicious"
        complaints.mark_malicious(complaint_id=row.pk, reasons=FORGED, by=sol)
        assert code_of(complaints.open_case_on_complainant, **case) == "process.early"  # a review may still be asked
    with clock.at(NOW + timedelta(days=30)):
        made = complaints.open_case_on_complainant(**case)
        assert code_of(complaints.open_case_on_complainant, **case) == "complaint.case_open"
        cases.give_notice(case_id=made.pk, measure="warning", days=180, reasons=WHY, by=sol)
        decision = {"case_id": made.pk, "measure": "warning", "days": 180, "reasons": WHY}
        assert code_of(cases.decide, **decision, by=sue) == "process.unheard"
    with clock.at(NOW + timedelta(days=60)):
        assert code_of(cases.decide, **decision, by=sol) == "process.reporter"
        declare_relation(organisation_id=row.subject_id, ground="配偶在该单位任职", by=sue)
        assert code_of(cases.decide, **decision, by=sue) == "process.related", "tied to who was complained about"
    assert (made.subject_id, made.ground) == (agency.pk, "malicious_complaint")
    assert (made.origin_kind, made.origin_reference) == ("complaint", f"complaint:{row.pk}")


def test_a_hidden_or_unnamed_complainant_gets_no_case(place, sol):
    agency = place.agencies[0]
    by = By(agency.organisation.memberships.get().user_id, agency.pk)
    hidden, nobody = malicious(place, sol, by=by, hidden=True), malicious(place, sol, by=By(), hidden=False)
    with clock.at(NOW + timedelta(days=30)):
        for row in (hidden, nobody):
            complaints.mark_malicious(complaint_id=row.pk, reasons=FORGED, by=sol)
            refused = code_of(complaints.open_case_on_complainant, complaint_id=row.pk, facts=FORGED, by=sol)
            assert refused == "complaint.complainant_unknown"


def test_what_was_told_stays_as_it_was_told(place, sol):
    row = told(place, sol)
    for change in (f"UPDATE supervision_complaint SET statement = 'x' WHERE id = {row.pk}",
                   "DELETE FROM supervision_complaintevent",
                   "UPDATE supervision_sealedidentity SET mark = ''"):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert SealedIdentity.objects.count() == 1


def test_a_form_nobody_has_sent_yet_scolds_nobody(client, place):
    answer = client.get(f"/complaints/new/?about=need:{place.need.pk}")
    assert answer.status_code == 200
    assert "这个字段是必填项" not in answer.content.decode()


def test_a_complaint_that_is_refused_keeps_the_files_that_were_chosen(place):
    browser, where = Client(), f"/complaints/new/?about=need:{place.need.pk}"
    short = browser.post(where, {"statement": "太短", "evidence": [a_file(), a_file()], **CONTACT})
    page = short.content.decode()
    tokens = re.findall(r'name="evidence-held" value="([0-9a-f]+)" checked', page)
    assert (short.status_code, len(tokens)) == (422, 2)
    assert page.count("图.pdf") == 2
    assert Client().post(where, {"statement": SAID, "evidence-held": tokens}).status_code == 302
    assert not Complaint.objects.get().events.get().files.exists(), "another browser has none of them"
    assert browser.post(where, {"statement": SAID, "evidence-held": tokens[:1]}).status_code == 302
    row = Complaint.objects.first()
    assert [one.file.name for one in row.events.get().files.all()] == ["1.pdf"]
    assert HeldFile.objects.count() == 1, "the one that was unticked goes with the day"


def test_what_is_added_or_replied_keeps_its_files_too(place, sol):
    row = told(place, sol)
    browser = Client()
    browser.force_login(place.owner)
    with clock.at(NOW + timedelta(hours=2)):
        path = f"/cases/complaints/{row.number}/"
        page = browser.post(path, {"act": "reply", "reply-text": "不", "reply-files": a_file()}).content.decode()
        token = re.search(r'name="reply-files-held" value="([0-9a-f]+)" checked', page)[1]
        sent = {"act": "reply", "reply-text": "工期由设计单位测算，附测算表。", "reply-files-held": token}
        assert browser.post(path, sent).status_code == 302
    assert row.events.get(kind="replied").files.get().file.name == "图.pdf"
    assert not HeldFile.objects.exists()
