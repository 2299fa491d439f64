"""Clauses somebody finds unclear or impossible: their publisher mends or removes them, or says why they stay."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from core.audit import By
from core.errors import Refusal
from supervision.models import ClauseAnswer, ClauseReport, Complaint, Notice
from supervision.selectors import clauses as seen
from supervision.selectors import complaints as matters
from supervision.services import clauses, complaints
from tests.bidding import world
from tests.supervision.hearing import NOW, officer

pytestmark = pytest.mark.django_db
CLAUSE = "投标机构须提供其他有关材料。联系人电话 13800001111。"
NEW = "投标机构须提供营业执照和资质证书扫描件。"
WHY = "“其他有关材料”没有写明是什么，已改为具体名称。"
SAID = "条款里的“其他有关材料”没有写明是什么，无法准备，请核查。"


@pytest.fixture(autouse=True)
def _nobody_counted_yet():
    cache.clear()


@pytest.fixture
def place():
    return world.competition(now=NOW)


@pytest.fixture
def sol():
    return officer("regulator", 9801, "sol@example.com")


def reported(place, clause=CLAUSE):
    with clock.at(NOW):
        matter = matters.matter(f"clause:{place.need.pk}")
        contact = {"name": "赵举报", "phone": "", "email": ""}
        filed = complaints.file(matter=matter, statement=SAID, hidden=True, contact=contact, by=By(), clause=clause)
    return ClauseReport.objects.select_related("complaint").get(complaint=filed.complaint)


def publisher(place):
    user = place.need.buyer.memberships.get().user
    return user, By(user.pk, place.need.buyer_id)


def answered(row, by, outcome="fixed", new_text=NEW, at=NOW + timedelta(days=1)):
    with clock.at(at):
        return clauses.answer(number=row.number, outcome=outcome, new_text=new_text, reasons=WHY, by=by)


def code_of(work, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        work(*args, **kwargs)
    return caught.value.code


def step(at=NOW):
    with clock.at(at):
        return next(seen.open_steps(NOW - timedelta(days=1)))


def test_its_publisher_has_ten_working_days_from_the_report_and_is_told_only_the_clause(place):
    row = reported(place)
    found = step()
    assert (found.kind, found.owner_org, found.right) == ("clause.fix", place.need.buyer_id, False)
    assert (found.limit, found.due_at) == ({"n": 10, "unit": "working_days"}, seen.due(row))
    notice = Notice.objects.get(organisation=place.need.buyer_id)
    assert SAID not in str(notice)
    answered(row, publisher(place)[1])
    assert step(NOW + timedelta(days=2)).closed_at == NOW + timedelta(days=1)


def test_a_complaint_without_the_words_is_refused_and_nothing_is_kept(place):
    assert code_of(reported, place, "。") == "clause.quote"
    assert not Complaint.objects.exists()


def test_only_its_publisher_answers_and_only_once(place, sol):
    row, (_user, by) = reported(place), publisher(place)
    assert code_of(answered, row, sol) == "access.not_yours"
    assert code_of(answered, row, by, new_text=" ") == "clause.new_text"
    assert code_of(answered, row, by, new_text=CLAUSE) == "clause.new_text"
    answered(row, by)
    assert code_of(answered, row, by, outcome="kept") == "clause.answered"


def test_a_clause_that_stays_is_for_the_regulator_to_decide(place, sol):
    row, (_user, by) = reported(place), publisher(place)
    made = answered(row, by, "kept")
    assert made.new_text == ""
    row.complaint.refresh_from_db()
    assert row.complaint.state == "filed"
    with clock.at(NOW + timedelta(days=2)):
        complaints.turn_down(complaint_id=row.complaint.pk, how="rejected", reasons="条款已写明材料名称。", by=sol)
        row.complaint.refresh_from_db()
        assert seen.decision(row).kind == "rejected"


def test_nothing_is_owed_any_more_when_the_complaint_is_over(place):
    row = reported(place)
    with clock.at(NOW + timedelta(days=1)):
        complaints.withdraw(complaint_id=row.complaint.pk)
    assert step(NOW + timedelta(days=2)).closed_at == NOW + timedelta(days=1)
    assert code_of(answered, row, publisher(place)[1], at=NOW + timedelta(days=2)) == "clause.over"


def taken_up(row, sol, hours):
    with clock.at(NOW + timedelta(hours=hours)):
        complaints.accept(complaint_id=row.complaint_id, by=sol)


def test_what_somebody_typed_in_is_public_once_it_was_taken_up_or_answered_and_never_when_it_was_not(place, sol):
    typed = [f"{place.need.title}的{words}，请核查。" for words in ("甲条款", "乙条款", "丙条款")]
    first, second, third = (reported(place, one) for one in typed)
    with clock.at(NOW + timedelta(hours=1)):
        page = Client().get("/clauses/").content.decode()
        assert not [one for one in typed if one in page]
        complaints.turn_down(complaint_id=first.complaint_id, how="rejected", reasons="不是公布的条款原文。", by=sol)
    taken_up(second, sol, 2)
    answered(third, publisher(place)[1], "kept")
    with clock.at(NOW + timedelta(days=2)):
        page = Client().get("/clauses/").content.decode()
        assert [one in page for one in typed] == [False, True, True]


def test_a_review_makes_nothing_due_anew(place, sol):
    row, (_user, by) = reported(place), publisher(place)
    taken_up(row, sol, 1)
    with clock.at(NOW + timedelta(hours=2)):
        complaints.notify(complaint_id=row.complaint_id, summary="有人认为条款没有写明材料名称。", by=sol)
        complaints.reply(complaint_id=row.complaint_id, text="条款列明了材料名称，见附件第二页。", by=by)
        complaints.decide(complaint_id=row.complaint_id, outcome="dismissed", reasons="条款已写明材料名称。", by=sol)
    with clock.at(NOW + timedelta(days=3)):
        complaints.ask_review(complaint_id=row.complaint_id, reasons="附件第二页没有这一项，请再看。")
    assert step(NOW + timedelta(days=30)).closed_at == NOW + timedelta(hours=2)
    assert code_of(answered, row, by, at=NOW + timedelta(days=4)) == "clause.over"


def test_the_page_asks_as_often_for_many_clauses_as_for_one(place, sol):
    def asked():
        with CaptureQueriesContext(connection) as queries, clock.at(NOW + timedelta(days=1)):
            Client().get("/clauses/")
        return len(queries)

    taken_up(reported(place), sol, 1)
    asked()
    before = asked()
    for hours in range(2, 6):
        taken_up(reported(place), sol, hours)
    assert asked() == before


def test_the_database_takes_an_answer_from_its_publisher_only_and_keeps_it(place, sol):
    row, (_user, by) = reported(place), publisher(place)
    facts = {"report": row, "reasons": WHY, "at": NOW + timedelta(days=1)}
    with pytest.raises(DatabaseError, match="its publisher answers"), transaction.atomic():
        ClauseAnswer.objects.create(outcome="removed", by_user_id=sol.user_id, by_org_id=sol.org_id, **facts)
    with pytest.raises(DatabaseError, match="clause_new_text_when_fixed"), transaction.atomic():
        ClauseAnswer.objects.create(outcome="fixed", by_user_id=by.user_id, by_org_id=by.org_id, **facts)
    answered(row, by)
    for change in (
        lambda: ClauseAnswer.objects.update(outcome="kept"),
        lambda: ClauseReport.objects.update(clause="x"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_anyone_reports_by_form_and_everybody_reads_what_became_of_it(place, client):
    stranger = Client()
    with clock.at(NOW):
        form = f"/complaints/new/?about=clause:{place.need.pk}"
        assert stranger.post(form, {"statement": SAID}).status_code == 422
        assert stranger.post(form, {"statement": SAID, "clause": CLAUSE, "hidden": "on"}).status_code == 302
    row, (user, _by) = ClauseReport.objects.get(), publisher(place)
    client.force_login(user)
    with clock.at(NOW + timedelta(days=1)):
        page = client.get(row.answer_path).content.decode()
        assert CLAUSE in page
        assert SAID not in page
        sent = {"outcome": "fixed", "reasons": WHY}
        assert client.post(row.answer_path, sent).status_code == 422
        assert client.post(row.answer_path, sent | {"new_text": NEW}).status_code == 302
        public = stranger.get("/clauses/?stage=fixed").content.decode()
        assert NEW in public
        assert SAID not in public
        assert "13800001111" not in public
        assert row.complaint.number not in public
        assert stranger.get("/clauses/?stage=open").content.decode().count('class="opinion"') == 0


def test_the_conditions_of_a_catalogue_item_are_the_operator_s(place):
    operator = officer("operator", 9802, "olga@example.com")
    matter = matters.matter(f"item:{world.ITEM}")
    assert (matter.about, matter.subject_id, matter.path) == ("clause", operator.org_id, f"/catalogue/{world.ITEM}/")
