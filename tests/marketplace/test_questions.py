"""Questions before entry closes; who asked is nobody's business until the award."""

import pytest
from django.urls import reverse

from core import clock
from core.errors import Refusal
from core.models import AuditEntry
from marketplace import selectors, services
from marketplace.models import Question
from tests.marketplace import world

pytestmark = pytest.mark.django_db
TEXT = "现状监测资料由哪一方提供？"


@pytest.fixture
def bea():
    return world.member("enterprise")


@pytest.fixture
def need(bea):
    return world.published(bea)


@pytest.fixture
def ana():
    return world.member("agency", name="廊坊市清源环境咨询有限公司")


def ask(need, actor, text=TEXT):
    return services.ask(need_id=need.pk, organisation_id=actor.org_id, text=text, by=actor.by)


def test_the_answer_is_for_everybody(need, ana, bea):
    question = ask(need, ana)
    services.answer(question_id=question.pk, text="由委托方提供。", by=bea.by)
    (shown,) = selectors.questions(need.pk)
    assert (shown.text, shown.answer, shown.asker, shown.mine, shown.due_at) == (
        TEXT,
        "由委托方提供。",
        "",
        False,
        None,
    )


def test_an_open_question_has_a_clock_and_stands_on_the_buyers_board(need, ana, bea):
    question = ask(need, ana)
    (shown,) = selectors.questions(need.pk)
    assert shown.due_at > question.asked_at
    (row,) = selectors.board(bea.org_id)
    assert (row.action, row.mine, row.unanswered, row.due_at) == ("answer", True, 1, shown.due_at)
    services.answer(question_id=question.pk, text="好", by=bea.by)
    assert selectors.board(bea.org_id)[0].action == "wait_entries"


def test_the_asker_is_hidden_until_the_award(need, ana, bea, django_assert_num_queries):
    ask(need, ana)
    services.mark_selected(need_id=need.pk)
    for reader in (None, bea.org_id):
        assert [(one.asker, one.mine) for one in selectors.questions(need.pk, reader)] == [("", False)]
    assert selectors.questions(need.pk, ana.org_id)[0].mine
    services.mark_awarded(need_id=need.pk)
    assert selectors.questions(need.pk, None)[0].asker == "廊坊市清源环境咨询有限公司"


@pytest.mark.parametrize("ends", ["cancel", "fail"])
def test_an_ended_need_keeps_the_asker_to_itself(need, ana, bea, ends):
    ask(need, ana)
    if ends == "cancel":
        services.cancel(need_id=need.pk, reason="x", by=bea.by)
    else:
        services.mark_failed(need_id=need.pk, reason="no_bid")
    assert selectors.questions(need.pk, bea.org_id)[0].asker == ""


def test_no_page_and_no_public_record_names_the_asker(need, ana, bea):
    question = ask(need, ana)
    buyer = world.client_of(bea)
    pages = [
        buyer.get(reverse("marketplace:answer", args=[question.pk])),
        buyer.get("/needs/"),
        buyer.get("/needs/export.csv"),
        buyer.get(f"/catalogue/{world.ITEM}/"),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "清源" not in page.content.decode("utf-8-sig")
    entries = AuditEntry.objects.filter(stream=f"need:{need.pk}")
    assert not entries.filter(actor_org_id=ana.org_id).exists()


def test_only_agencies_ask(need, bea):
    with pytest.raises(Refusal) as refused:
        ask(need, bea)
    assert refused.value.code == "question.agency"


def test_only_the_buyer_answers_and_once(need, ana, bea):
    question = ask(need, ana)
    with pytest.raises(Refusal) as refused:
        services.answer(question_id=question.pk, text="x", by=world.member("enterprise").by)
    assert refused.value.code == "access.not_yours"
    services.answer(question_id=question.pk, text="是", by=bea.by)
    with pytest.raises(Refusal) as refused:
        services.answer(question_id=question.pk, text="不是", by=bea.by)
    assert refused.value.code == "answer.already"
    assert Question.objects.get().answer == "是"


def test_after_the_close_no_more_questions(need, ana):
    with clock.at(need.entry_closes_at), pytest.raises(Refusal) as refused:
        ask(need, ana)
    assert refused.value.code == "question.closed"


def test_nobody_floods_the_board(need, ana):
    for n in range(3):
        ask(need, ana, f"第{n}个问题是什么？")
    with pytest.raises(Refusal) as refused:
        ask(need, ana)
    assert refused.value.code == "question.waiting"
    assert ask(need, world.member("agency"))


@pytest.mark.parametrize("text", ["", "  ", "短", "长" * 1001])
def test_a_question_has_a_size(need, ana, text):
    browser = world.client_of(ana)
    answer = browser.post(reverse("marketplace:ask", args=[need.pk]), {"text": text})
    assert answer.status_code == 422
    assert not Question.objects.exists()


def test_asking_and_answering_by_form(need, ana, bea):
    answer = world.client_of(ana).post(reverse("marketplace:ask", args=[need.pk]), {"text": TEXT + "<b>"})
    assert answer.url == f"/needs/{need.pk}/#questions"
    question = Question.objects.get()
    browser = world.client_of(bea)
    assert "<b>" not in browser.get(reverse("marketplace:answer", args=[question.pk])).content.decode()
    answer = browser.post(reverse("marketplace:answer", args=[question.pk]), {"text": "由委托方提供。"})
    assert answer.url == f"/needs/{need.pk}/#questions"
    again = browser.post(reverse("marketplace:answer", args=[question.pk]), {"text": "改一下"})
    assert again.status_code == 422
    assert "改一下" in again.content.decode()
