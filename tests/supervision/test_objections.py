"""Objections to what a newcomer published: marked at once, heard in public, decided in five days, nothing barred."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies import selectors as agencies
from agencies.models import Agency
from core import clock, rulesets
from core.audit import By
from core.errors import Refusal
from core.workdays import Limit, load
from supervision.models import Card, Complaint, Notice, Step
from supervision.selectors import complaints as seen
from supervision.selectors import objections
from supervision.services import clocks, complaints, entrance
from supervision.services.process import declare_relation
from tests.accounts import people
from tests.supervision.hearing import NOW, officer

pytestmark = pytest.mark.django_db
SAID = "公示的环评工程师证书编号属于另一个人，附全国查询平台截图。"
POINTS = "异议认为公示的执业人员证书编号与本人不符。"
WHY = "经向发证机关核实，证书编号登记有误，请更正为本人编号。"
NOBODY = {"name": "", "phone": "", "email": ""}
FACTS = ("practitioner",)


class Story:
    """An agency that came in on Monday morning; `at` plays something some hours later."""

    def __init__(self):
        with clock.at(NOW):
            self.owner = people.user("ana1@example.com")
            self.agency = people.agency(1, self.owner)
            entrance.check_new()
            self.sol = officer("regulator", 9511, "sol@example.com")
            self.sue = officer("regulator", 9513, "sue@example.com")
        self.ana = By(self.owner.pk, self.agency.pk)

    @property
    def row(self):
        return agencies.get(self.agency.pk)

    def at(self, **later):
        return clock.at(NOW + timedelta(**later))

    def objected(self, facts=FACTS, by=By(), **later):  # noqa: B008 - a frozen value
        with self.at(**(later or {"hours": 1})):
            matter = seen.matter(f"newcomer:{self.agency.pk}", facts=facts)
            return complaints.file(matter=matter, statement=SAID, hidden=True, contact=NOBODY, by=by).complaint

    def told(self):
        complaint = self.objected()
        with self.at(hours=2):
            complaints.accept(complaint_id=complaint.pk, by=self.sol)
            complaints.notify(complaint_id=complaint.pk, summary=POINTS, by=self.sol)
        return complaint

    def decided(self, outcome="upheld"):
        complaint = self.told()
        with self.at(hours=3):
            complaints.reply(complaint_id=complaint.pk, text="编号录入有误，正在更正，证书本身真实。", by=self.ana)
        with self.at(hours=4):
            complaints.decide(complaint_id=complaint.pk, outcome=outcome, reasons=WHY, by=self.sol)
        return complaint

    def page(self, path="objections/"):
        return Client().get(f"/agencies/{self.agency.pk}/{path}").content.decode()


@pytest.fixture
def story():
    return Story()


def code_of(work, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        work(*args, **kwargs)
    return caught.value.code


def test_a_stranger_objects_and_the_mark_stands_at_once_without_barring_anything(story):
    with story.at(hours=1):
        browser = Client()
        sent = {"facts": ["practitioner", "identity"], "statement": SAID, "hidden": "on", "name": "赵举报"}
        answer = browser.post(f"/complaints/new/?about=newcomer:{story.agency.pk}", sent)
        row = Complaint.objects.get()
        assert answer.url == f"/complaints/{row.number}/"
        assert "TSW" in browser.get(answer.url).content.decode(), "a receipt"
        assert row.rules_ref == "objections@1"
        assert story.row.objected_at == row.filed_at
        facts = agencies.facts(story.agency.pk)
        assert (facts.door, facts.restrictions) == ("", ())
        assert story.row.verified_at is not None
        for page in (story.page(), story.page(""), Client().get("/agencies/").content.decode()):
            assert "有异议，核查中" in page
            assert SAID not in page
            assert "赵举报" not in page
        told = Notice.objects.get(organisation_id=story.agency.pk)
        assert told.path == f"/agencies/{story.agency.pk}/objections/"


def test_the_form_asks_which_fact_and_keeps_what_was_typed(story):
    with story.at(hours=1):
        answer = Client().post(f"/complaints/new/?about=newcomer:{story.agency.pk}", {"statement": SAID})
        assert (answer.status_code, SAID in answer.content.decode()) == (422, True)
        assert code_of(story.objected, facts=("hair",)) == "objection.facts"
        assert not Complaint.objects.exists()


def test_objections_are_taken_during_the_publicity_that_the_rules_give(story):
    publicity = agencies.publicity(story.row)
    assert publicity.rules_ref == "agencies@2"
    assert publicity.until == Limit(5, "working_days").end(NOW, load())
    late = publicity.until - NOW
    with story.at(seconds=late.total_seconds()):
        assert code_of(story.objected, seconds=late.total_seconds()) == "objection.over"
        assert Client().get(f"/complaints/new/?about=newcomer:{story.agency.pk}").status_code == 409
        assert "about=newcomer" not in story.page()
    assert story.objected(seconds=late.total_seconds() - 1).state == "filed"


def test_who_entered_before_the_rules_knew_publicity_has_none(story):
    Agency.objects.filter(pk=story.agency.pk).update(committed_at=NOW - timedelta(days=410))
    assert agencies.publicity(story.row) is None
    assert code_of(story.objected) == "objection.over"
    with story.at(hours=1):
        assert "没有公示期" in story.page()


def test_it_is_decided_five_working_days_after_it_was_filed(story):
    complaint, calendar = story.objected(), load()
    with story.at(days=1):
        complaints.accept(complaint_id=complaint.pk, by=story.sol)
        complaints.notify(complaint_id=complaint.pk, summary=POINTS, by=story.sol)
        clocks.watch()
    due = dict(Step.objects.values_list("kind", "due_at"))
    assert due["complaint.decide"] == Limit(5, "working_days").end(complaint.filed_at, calendar)
    assert due["complaint.reply"] == Limit(2, "working_days").end(NOW + timedelta(days=1), calendar)
    assert due["complaint.accept"] == Limit(1, "working_days").end(NOW, calendar)
    with clock.at(due["complaint.decide"] + timedelta(hours=1)):
        clocks.watch()
    red = Card.objects.get(colour="red")
    assert (red.step.kind, red.step.owner_id) == ("complaint.decide", complaint.office_id or story.sol.org_id)


def test_an_agency_told_late_still_answers_before_it_is_decided(story):
    complaint = story.objected()
    with story.at(days=7):
        complaints.accept(complaint_id=complaint.pk, by=story.sol)
        complaints.notify(complaint_id=complaint.pk, summary=POINTS, by=story.sol)
        matter = seen.fold(complaint)
        assert matter.until == Limit(3, "working_days").end(clock.now(), load())
        assert matter.reply_until < matter.until


def test_a_rejected_objection_takes_the_mark_away_and_stays_in_the_history(story):
    story.decided("dismissed")
    with story.at(hours=5):
        assert story.row.objected_at is None
        assert story.row.verified_at is not None
        page = story.page()
        assert all(words in page for words in ("不属实", WHY, "编号录入有误", POINTS, "执业人员"))
        assert "有异议，核查中" not in page


def test_one_turned_down_at_the_door_says_why_in_public(story):
    complaint = story.objected()
    with story.at(hours=2):
        complaints.turn_down(
            complaint_id=complaint.pk, how="rejected", reasons="所称信息不在公示内容之列。", by=story.sol
        )
        assert story.row.objected_at is None
        assert "所称信息不在公示内容之列" in story.page()


def test_the_mark_stands_until_the_last_open_objection_is_over(story):
    first, second = story.objected(hours=1), story.objected(hours=2)
    assert story.row.objected_at == first.filed_at
    with story.at(hours=3):
        complaints.withdraw(complaint_id=first.pk)
        assert story.row.objected_at == second.filed_at
        complaints.withdraw(complaint_id=second.pk)
        assert story.row.objected_at is None


def test_many_objections_take_several_pages_with_as_many_queries_as_one(story):
    def asked(page):
        with CaptureQueriesContext(connection) as queries:
            return page(), len(queries)

    for n in range(3):
        story.objected(hours=1 + n)
    with story.at(hours=9):
        _few, before = asked(story.page)
    for n in range(18):
        story.objected(hours=9, minutes=n)
    with story.at(hours=10):
        many, after = asked(story.page)
        rest = story.page("objections/?page=2")
    assert (many.count("<article"), rest.count("<article")) == (20, 1)
    assert after <= before + 1, "counting them"


def test_an_upheld_one_asks_to_correct_once_and_the_agency_says_in_public_what_it_mended(story):
    story.decided()
    row = story.row
    assert row.correction == ["fact_practitioner"]
    limit = rulesets.current("entrance", NOW)["correct"]
    assert row.correction_due_at == Limit.of(limit).end(NOW + timedelta(hours=4), load())
    with story.at(days=1):
        browser = Client()
        browser.force_login(story.owner)
        asked = browser.get("/agency/check/").content.decode()
        assert "公示的执业人员与事实不符" in asked
        same = {"name": row.organisation.name, "contact_name": "王安娜", "contact_phone": people.PHONE}
        assert browser.post("/agency/check/", same).status_code == 422
        said = "已将证书编号更正为本人编号，并上传证书。"
        assert browser.post("/agency/check/", {**same, "mended": said}).status_code == 302
        assert entrance.check_new() == 1
        assert story.row.verified_at is not None
        assert said in story.page()
        assert agencies.publicity(story.row).since == clock.now(), "what is new is open to objections anew"
        assert objections.to_mend(story.agency.pk) == []


def test_silence_after_an_upheld_one_freezes_new_business(story):
    story.decided()
    with story.at(days=21):
        assert entrance.freeze_silent() == 1
        assert agencies.facts(story.agency.pk).door == "frozen"


def test_a_case_instead_of_a_correction_where_deceit_is_suspected(story):
    complaint = story.told()
    with story.at(hours=3):
        complaints.reply(complaint_id=complaint.pk, text="我们不清楚这份证书的来历。", by=story.ana)
        complaints.open_case_from(complaint_id=complaint.pk, ground="false_entry", facts=POINTS, by=story.sue)
        complaints.decide(complaint_id=complaint.pk, outcome="upheld", reasons=WHY, by=story.sol)
    assert story.row.correction == []
    assert story.row.objected_at is None


def test_what_a_data_check_asked_about_is_asked_with_it(story):
    Agency.objects.filter(pk=story.agency.pk).update(
        verified_at=None, correction=["phone"], correction_asked_at=NOW, correction_due_at=NOW + timedelta(days=14)
    )
    story.decided()
    assert story.row.correction == ["phone", "fact_practitioner"]


def test_a_review_that_finds_otherwise_takes_the_request_back(story):
    complaint = story.decided()
    due = story.row.correction_due_at
    with story.at(hours=5):
        complaints.ask_review(complaint_id=complaint.pk, reasons="编号系发证机关更换过，附变更通知。", by=story.ana)
        assert story.row.correction_due_at > due, "nobody's time to correct runs out meanwhile"
    with story.at(hours=6):
        complaints.decide_review(complaint_id=complaint.pk, outcome="dismissed", reasons=WHY, by=story.sue)
    row = story.row
    assert (row.correction, row.verified_at is not None) == ([], True)


def test_what_another_objection_that_held_asks_is_not_taken_back_with_it(story):
    story.decided()
    other = story.objected(facts=("practitioner", "service"), hours=5)
    with story.at(hours=6):
        complaints.accept(complaint_id=other.pk, by=story.sol)
        complaints.notify(complaint_id=other.pk, summary=POINTS, by=story.sol)
        complaints.reply(complaint_id=other.pk, text="编号录入有误，正在更正，证书本身真实。", by=story.ana)
        complaints.decide(complaint_id=other.pk, outcome="upheld", reasons=WHY, by=story.sol)
        complaints.ask_review(complaint_id=other.pk, reasons="编号系发证机关更换过，附变更通知。", by=story.ana)
    with story.at(hours=7):
        complaints.decide_review(complaint_id=other.pk, outcome="dismissed", reasons=WHY, by=story.sue)
    row = story.row
    assert (row.correction, row.verified_at) == (["fact_practitioner"], None)


def test_a_review_that_upholds_asks_to_correct(story):
    complaint = story.decided("dismissed")
    with story.at(hours=5):
        complaints.ask_review(complaint_id=complaint.pk, reasons="发证机关的书面答复与决定不符。")
    with story.at(hours=6):
        complaints.decide_review(complaint_id=complaint.pk, outcome="upheld", reasons=WHY, by=story.sue)
    assert story.row.correction == ["fact_practitioner"]


def test_neither_the_objector_nor_who_is_tied_to_the_agency_decides(story):
    nora = story.objected(by=By(story.sol.user_id, story.sol.org_id))
    with story.at(hours=2):
        assert code_of(complaints.accept, complaint_id=nora.pk, by=story.sol) == "process.related"
        declare_relation(organisation_id=story.agency.pk, ground="近亲属在该机构任职", by=story.sue)
        assert code_of(complaints.accept, complaint_id=nora.pk, by=story.sue) == "process.related"


def test_nothing_is_upheld_unheard_not_even_by_the_database(story):
    complaint = story.told()
    with story.at(hours=3):
        refused = code_of(complaints.decide, complaint_id=complaint.pk, outcome="upheld", reasons=WHY, by=story.sol)
        assert refused == "process.unheard"
    with pytest.raises(DatabaseError, match="heard"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO supervision_complaintevent (complaint_id, seq, kind, at, text, data, by_user_id, by_org_id) "
            "VALUES (%s, 4, 'decided', %s, '', '{\"outcome\": \"upheld\"}', %s, %s)",
            [complaint.pk, NOW + timedelta(hours=3), story.sol.user_id, story.sol.org_id],
        )


def test_only_the_agency_says_what_it_has_mended_and_only_of_what_held(story):
    complaint = story.decided("dismissed")
    with story.at(hours=5):
        assert code_of(complaints.mend, complaint_id=complaint.pk, text=SAID, by=story.ana) == "process.outcome"
        assert code_of(complaints.mend, complaint_id=complaint.pk, text=SAID, by=story.sol) == "access.not_yours"


def test_an_objection_never_counts_as_a_complaint_about_service(story):
    complaint = story.decided()
    assert complaint.about not in ("agency", "contract")
    assert seen.complaints(state="", about="newcomer").count() == 1
