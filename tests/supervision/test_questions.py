"""Questions to the platform: whoever was asked first answers for them, the asker says whether it is answered."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.models import Membership, User
from core import clock
from core.audit import SYSTEM, By
from core.errors import Refusal
from supervision.models import Notice, Post, Question, QuestionEvent
from supervision.rules.consultations import HIDDEN, PERSONAL, without_personal
from supervision.selectors import questions as seen
from supervision.services import questions
from supervision.services.stops import fill_post
from supervision.sources import mover
from tests.accounts import people
from tests.supervision.hearing import NOW, officer

pytestmark = pytest.mark.django_db
ASKED = "环评报告过期以后，能用原来的报告继续办理审批吗？电话 13800001111。"
SAID = "报告超过五年未开工的须重新报批；未超过的可以继续使用。"
WHY = "没有回答从哪一天起算五年，请说明。"


@pytest.fixture(autouse=True)
def _nobody_counted_yet():
    cache.clear()


@pytest.fixture
def owner():
    """Of the platform's operator."""
    return officer("operator", 9701, "olga@example.com")


def member(by, email, level=""):
    user = people.user(email)
    Membership.objects.create(user=user, organisation_id=by.org_id)
    if level:
        fill_post(organisation_id=by.org_id, level=level, user_id=user.pk, by=by)
    return By(user.pk, by.org_id)


@pytest.fixture
def handler(owner):
    return member(owner, "handler@example.com", Post.Level.HANDLER)


@pytest.fixture
def head(owner):
    return member(owner, "head@example.com", Post.Level.HEAD)


def asked(office, *, public=True, at=NOW):
    with clock.at(at):
        return questions.ask(
            office_id=office.org_id, title="过期的环评报告还能用吗", text=ASKED, public=public
        ).question


def answered(row, by, text=SAID, at=NOW + timedelta(hours=2)):
    with clock.at(at):
        return questions.answer(question_id=row.pk, text=text, by=by)


def raised(row, at=NOW + timedelta(hours=3)):
    with clock.at(at):
        return questions.unsatisfied(question_id=row.pk, reasons=WHY)


def again(row, by, at=NOW + timedelta(hours=4)):
    with clock.at(at):
        return questions.answer_again(question_id=row.pk, text=SAID, by=by)


def passed(row, by, at=NOW + timedelta(hours=1), **to):
    with clock.at(at):
        return questions.pass_on(question_id=row.pk, reasons="属于审批窗口的业务，由其答复更准确。", by=by, **to)


def code_of(work, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        work(*args, **kwargs)
    return caught.value.code


def steps(at):
    with clock.at(at):
        return {step.kind: step for step in seen.open_steps(NOW - timedelta(days=1))}


def test_a_named_handler_with_the_fewest_questions_is_asked_first_and_told(owner, handler):
    other = member(owner, "other@example.com", Post.Level.HANDLER)
    first, second = asked(owner), asked(owner)
    assert {first.first_asked_id, second.first_asked_id} == {handler.user_id, other.user_id}
    assert Notice.objects.filter(user=handler.user_id, organisation=owner.org_id).count() == 1


def test_without_handlers_an_owner_is_asked_and_only_public_bodies_are(owner):
    assert asked(owner).first_asked_id == owner.user_id
    buyer = officer("enterprise", 9702, "bea@example.com")
    assert code_of(asked, buyer) == "question.office"


def test_it_is_due_in_a_working_day_and_the_clock_stays_with_whom_was_asked(owner, handler):
    row = asked(owner)
    bureau = officer("regulator", 9703, "sol@example.com")
    step = steps(NOW)["question.answer"]
    assert (step.owner_org, step.limit, step.right) == (owner.org_id, {"n": 1, "unit": "working_days"}, False)
    passed(row, handler, office_id=bureau.org_id)
    row.refresh_from_db()
    assert (row.officer_id, row.first_asked_id) == (bureau.user_id, handler.user_id)
    moved = steps(NOW + timedelta(hours=1))["question.answer"]
    assert (moved.owner_org, moved.due_at) == (owner.org_id, step.due_at)
    answered(row, bureau)
    assert steps(NOW + timedelta(days=1))["question.answer"].closed_at == NOW + timedelta(hours=2)


def test_it_is_passed_on_with_reasons_to_people_there_are_and_twice_at_most(owner, handler):
    row = asked(owner)
    assert code_of(passed, row, handler, user_id=people.user("nora@example.com").pk) == "question.taker"
    assert code_of(passed, row, handler, user_id=handler.user_id) == "question.taker"
    passed(row, handler, user_id=owner.user_id)
    passed(row, owner, user_id=handler.user_id)
    assert code_of(passed, row, handler, user_id=owner.user_id) == "question.passed"
    with clock.at(NOW + timedelta(hours=2)), pytest.raises(Refusal):
        questions.pass_on(question_id=row.pk, reasons="短", by=handler, user_id=owner.user_id)


def test_nobody_else_answers_and_nobody_twice(owner, handler):
    row = asked(owner)
    assert code_of(answered, row, officer("regulator", 9704, "else@example.com")) == "access.not_yours"
    answered(row, handler)
    assert code_of(answered, row, owner) == "question.order"


def test_who_is_satisfied_closes_it_and_so_does_silence(owner, handler):
    row, other = asked(owner), asked(owner)
    for one in (row, other):
        answered(one, handler)
    with clock.at(NOW + timedelta(hours=3)):
        questions.satisfied(question_id=row.pk)
    row.refresh_from_db()
    assert row.state == "closed"
    assert code_of(raised, other, NOW + timedelta(days=11)) == "question.late"
    with clock.at(NOW + timedelta(days=11)):
        other.refresh_from_db()
        assert seen.is_over(other)


def test_who_is_not_satisfied_goes_up_the_line_once(owner, handler, head):
    row = asked(owner)
    answered(row, handler)
    raised(row)
    step = steps(NOW + timedelta(hours=3))["question.escalated"]
    assert (step.owner_org, step.limit["n"]) == (owner.org_id, 3)
    assert Notice.objects.filter(user=head.user_id, urgent=True).count() == 1
    colleague = member(owner, "colleague@example.com")
    assert code_of(again, row, handler) == "question.head"
    assert code_of(again, row, colleague) == "question.head"
    again(row, head)
    row.refresh_from_db()
    assert row.state == "closed"
    assert code_of(raised, row, NOW + timedelta(days=1)) == "question.order"
    assert steps(NOW + timedelta(days=1))["question.escalated"].closed_at == NOW + timedelta(hours=4)


def test_a_head_who_answered_does_not_answer_again_and_a_small_office_has_the_platform_above_it(owner):
    alone = officer("department", 9705, "dan@example.com")
    row = asked(alone)
    answered(row, alone)
    raised(row)
    assert steps(NOW + timedelta(hours=3))["question.escalated"].owner_org == owner.org_id
    assert code_of(again, row, alone) == "question.head"
    again(row, owner)


def test_an_end_that_was_moved_stays_moved_also_when_the_question_is_passed_on(owner, handler):
    row = asked(owner)
    reference, later = steps(NOW)["question.answer"].reference, NOW + timedelta(days=5)
    assert mover("question.answer")(reference, later)
    passed(row, handler, user_id=owner.user_id)
    row.refresh_from_db()
    assert row.due_at == later
    assert steps(NOW + timedelta(hours=2))["question.answer"].due_at == later


def refused(sql, match):
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_keeps_what_was_asked_and_who_was_asked_first(owner, handler):
    row = asked(owner)
    refused(f"UPDATE supervision_question SET first_asked_id = {owner.user_id}", "stays as it was asked")
    refused("UPDATE supervision_question SET text = '别的'", "stays as it was asked")
    refused("DELETE FROM supervision_question", "stays as it was asked")
    refused("UPDATE supervision_questionevent SET text = '别的'", "append-only")
    answered(row, handler)
    raised(row)

    def event(kind, by, seq=4, at=NOW + timedelta(days=1)):
        with pytest.raises(DatabaseError), transaction.atomic():
            QuestionEvent.objects.create(question=row, seq=seq, kind=kind, at=at, text=SAID, by_user_id=by.user_id)

    event("answered", owner)
    event("unsatisfied", SYSTEM)
    event("answered_again", handler)  # who answered first
    event("answered_again", owner, seq=7)
    event("answered_again", owner, at=NOW)


# The pages.


def test_anyone_asks_follows_it_with_the_receipt_and_says_whether_it_is_answered(owner, handler):
    stranger, elsewhere = Client(), Client()
    with clock.at(NOW):
        typed = {"office": owner.org_id, "title": "过期的环评报告还能用吗", "text": ASKED, "public": "on"}
        page = stranger.post("/questions/new/", typed, follow=True)
    row = Question.objects.get()
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert secret not in stranger.get(f"/questions/receipt/{row.number}/").content.decode()  # shown once
    assert elsewhere.get(f"/questions/receipt/{row.number}/").status_code == 302
    wrong = elsewhere.post("/questions/receipt/", {"number": row.number, "secret": "AAAA-BBBB"})
    assert "查询码不对" in wrong.content.decode()
    assert elsewhere.get(row.get_absolute_url()).status_code == 404  # not answered yet
    answered(row, handler)
    with clock.at(NOW + timedelta(hours=3)):
        public = elsewhere.get(row.get_absolute_url()).content.decode()
        assert SAID in public
        assert "13800001111" not in public
        elsewhere.post("/questions/receipt/", {"number": row.number, "secret": secret})
        own = f"/questions/receipt/{row.number}/"
        assert elsewhere.post(own, {"act": "unsatisfied", "text": ""}).status_code == 422
        assert elsewhere.post(own, {"act": "unsatisfied", "text": WHY}).status_code == 302
    row.refresh_from_db()
    assert row.state == "escalated"


def test_what_the_asker_keeps_private_is_nowhere_in_public(owner, handler, client):
    row = asked(owner, public=False)
    answered(row, handler)
    assert client.get(row.get_absolute_url()).status_code == 404
    assert row.title not in client.get("/questions/").content.decode()


def test_a_flood_of_questions_is_refused_with_what_was_typed(owner):
    typed = {"office": owner.org_id, "title": "过期的环评报告还能用吗", "text": ASKED}
    answers = [Client().post("/questions/new/", typed, REMOTE_ADDR="203.0.113.7") for _ in range(11)]
    assert [one.status_code for one in answers] == [302] * 10 + [429]
    assert ASKED in answers[-1].content.decode()


def test_the_office_answers_at_its_desk_and_passes_on(owner, handler, head, client):
    row = asked(owner)
    client.force_login(User.objects.get(pk=handler.user_id))
    with clock.at(NOW + timedelta(hours=1)):
        assert row.title in client.get("/supervision/questions/").content.decode()
        to_head = {"act": "pass", "pass-taker": f"user:{head.user_id}", "pass-text": "属于负责人的职责范围，请答复。"}
        assert client.post(row.desk_path, to_head | {"pass-text": ""}).status_code == 422
        assert client.post(row.desk_path, to_head).status_code == 302
        assert client.post(row.desk_path, {"act": "answer", "answer-text": "见"}).status_code == 422
        assert client.post(row.desk_path, {"act": "answer", "answer-text": SAID}).status_code == 302
    raised(row)
    with clock.at(NOW + timedelta(hours=4)):
        refused_page = client.post(row.desk_path, {"act": "again", "again-text": SAID})
        assert refused_page.status_code == 422
        assert "由负责人再次答复" in refused_page.content.decode()
        client.force_login(User.objects.get(pk=head.user_id))
        assert client.post(row.desk_path, {"act": "again", "again-text": SAID}).status_code == 302
    row.refresh_from_db()
    assert row.state == "closed"
    client.force_login(User.objects.get(pk=officer("department", 9706, "far@example.com").user_id))
    assert client.get(row.desk_path).status_code == 404


def test_a_search_does_not_find_what_is_hidden(owner, handler, client):
    row = asked(owner)
    answered(row, handler)
    with clock.at(NOW + timedelta(hours=3)):
        for there in ("过期", "报告继续", "电话", row.number):
            assert list(seen.published(q=there)) == [row], there
        for hidden in ("13800001111", "1380", "0000", "00", "13800001111。"):
            assert list(seen.published(q=hidden)) == [], hidden
        assert row.title not in client.get("/questions/?q=0000").content.decode()


def test_the_database_hides_what_python_hides(owner):
    texts = [
        "手机+8613800001111，座机 0316-2051234，另 １３８００００１１１１。",
        "邮箱 li.wei+a@mail.example.com，证件 13100019900101123X。",
        "预算 48500 元，3 天，项目 2026-0012，合同HT202600000000000001号。",
        "86 138 0000 1111、008613800001111、138-0000-1111",
        f"{'a.' * 2000}@ 请看",
    ]
    with connection.cursor() as cursor:
        for text in texts:
            cursor.execute("SELECT regexp_replace(%s, %s, %s, 'g')", [text, PERSONAL, HIDDEN])
            assert cursor.fetchone()[0] == without_personal(text)


def test_an_answer_does_not_repeat_in_public_what_the_question_hides(owner, handler, client):
    row = asked(owner)
    answered(row, handler, text="已致电 138-0000-1111 说明；仍有疑问请拨打本单位 0316-2051234。")
    with clock.at(NOW + timedelta(hours=3)):
        page = client.get(row.get_absolute_url()).content.decode()
    assert "已致电 *** 说明" in page
    assert "0316-2051234" in page


def test_the_clocks_that_every_supervisor_reads_say_nothing_of_a_private_question(owner, handler):
    private, public = asked(owner, public=False), asked(owner)
    with clock.at(NOW):
        titles = {step.title for step in seen.open_steps(NOW - timedelta(days=1))}
    assert titles == {private.number, f"{public.number} {public.title}"}
