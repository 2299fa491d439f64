"""Drafts of rules: anyone speaks, everything is answered, somebody else adopts them after their end, or they go."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.models import Membership, User
from core import clock, rulesets, upkeep
from core.audit import SYSTEM, By
from core.errors import Refusal
from core.models import RuleSet
from supervision.models import Consultation, Notice, Opinion, Post
from supervision.rules import consultations as rules
from supervision.selectors import consultations as seen
from supervision.services import consultations
from supervision.services.consultations import Draft
from supervision.services.stops import fill_post
from tests.accounts import people
from tests.supervision.hearing import NOW, officer

pytestmark = pytest.mark.django_db
SAID = "异议期三个工作日太短，外地机构来不及准备材料，建议延长。"
WHY = "外地机构准备材料确需更多时间，采纳延长的建议。"
DRAFT = Draft("延长投诉受理期限", "受理期限内常常来不及核实，拟延长。", 15)
START = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nobody_counted_yet():
    cache.clear()


@pytest.fixture
def drafter():
    return officer("regulator", 9601, "drafter@example.com")


@pytest.fixture
def head(drafter):
    """The head of the same bureau, who is not its owner."""
    user = people.user("head@example.com")
    people_of(drafter.org_id, user)
    fill_post(organisation_id=drafter.org_id, level=Post.Level.HEAD, user_id=user.pk, by=drafter)
    return By(user.pk, drafter.org_id)


@pytest.fixture
def colleague(drafter):
    """Of the bureau, in no post."""
    user = people.user("colleague@example.com")
    people_of(drafter.org_id, user)
    return By(user.pk, drafter.org_id)


def people_of(organisation_id, user):
    Membership.objects.create(user=user, organisation_id=organisation_id)


def put_out(by, *, draft=DRAFT, n=5, at=NOW):
    parameters = rulesets.current("complaints").parameters | {"accept": {"n": n, "unit": "working_days"}}
    with clock.at(at):
        return consultations.open_on_parameters(rule_set="complaints", parameters=parameters, draft=draft, by=by)


def said(row, text=SAID, by=SYSTEM, *, named=False):
    with clock.at(NOW + timedelta(days=1)):
        return consultations.speak(consultation_id=row.pk, text=text, named=named, by=by)


def answered(opinion, by):
    with clock.at(NOW + timedelta(days=2)):
        return consultations.answer(opinion_id=opinion.pk, outcome="accepted", reasons=WHY, by=by)


def adopted(row, by, *, at=NOW + timedelta(days=16), starts=START):
    with clock.at(at):
        return consultations.adopt(consultation_id=row.pk, starts_at=starts, by=by)


def code_of(work, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        work(*args, **kwargs)
    return caught.value.code


def test_a_draft_that_was_consulted_on_comes_in_force_at_its_day(drafter, head):
    row = put_out(drafter)
    answered(said(row), drafter)
    found = adopted(row, head)
    assert found.adopted_version == 2
    assert rulesets.current("complaints", NOW + timedelta(days=17))["accept"]["n"] == 3
    used = rulesets.current("complaints", START + timedelta(days=1))
    assert (used["accept"]["n"], used.draft) == (5, False)
    assert seen.adopted_as("complaints") == {2: found}
    assert not seen.unasked().filter(name="complaints").exists()


def test_what_came_in_force_meanwhile_stays(drafter, head):
    row = put_out(drafter)
    with clock.at(NOW + timedelta(days=3)):
        other = rulesets.current("complaints").parameters | {"notify": {"n": 2, "unit": "working_days"}}
        consultations.change_at_once(
            rule_set="complaints", effective_from=NOW + timedelta(days=4), parameters=other, draft=False,
            reasons="节假日临时安排，须立即调整通知期限。", by=officer("operator", 9602, "olga@example.com"),
        )  # fmt: skip
    adopted(row, head)
    used = rulesets.current("complaints", START + timedelta(days=1))
    assert (used["accept"]["n"], used["notify"]["n"]) == (5, 2)
    assert [one.version for one in seen.unasked().filter(name="complaints")] == [2]


def at_once(by, rule_set="complaints", at=NOW + timedelta(days=1), **changes):
    with clock.at(at):
        parameters = rulesets.current(rule_set).parameters | changes
        return consultations.change_at_once(
            rule_set=rule_set, effective_from=at + timedelta(hours=1), parameters=parameters, draft=False, by=by,
            reasons="情况紧急，须立即调整，来不及征求意见。",
        )  # fmt: skip


def test_nobody_puts_their_own_draft_in_force_at_once():
    olga = officer("operator", 9602, "olga@example.com")
    user = people.user("otto@example.com")
    people_of(olga.org_id, user)
    put_out(olga)
    sooner = {"notify": {"n": 2, "unit": "working_days"}}
    assert code_of(at_once, olga, **sooner) == "consultation.own_at_once"
    assert at_once(By(user.pk, olga.org_id), **sooner).version == 2


def test_the_least_time_to_speak_is_never_shortened_unasked(drafter):
    olga = officer("operator", 9602, "olga@example.com")
    assert code_of(at_once, olga, "consultations", least_days=1) == "consultation.never_at_once"
    assert code_of(at_once, drafter, notify={"n": 2, "unit": "working_days"}) == "access.not_yours"


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("consultation.open", {"at": NOW + timedelta(days=14, hours=23)}),
        ("consultation.past", {"starts": NOW + timedelta(days=15)}),
    ],
)
def test_it_is_not_adopted_before_its_end_nor_for_the_past(drafter, head, code, more):
    row = put_out(drafter)
    assert code_of(adopted, row, head, **more) == code


def test_it_is_not_adopted_by_its_drafter_by_nobody_in_charge_or_by_another_office(drafter, head, colleague):
    row = put_out(drafter)
    assert code_of(adopted, row, drafter) == "consultation.drafter"
    assert code_of(adopted, row, colleague) == "consultation.head"
    assert code_of(adopted, row, officer("regulator", 9603, "else@example.com")) == "access.not_yours"
    adopted(row, head)


def test_every_opinion_is_answered_first(drafter, head):
    row = put_out(drafter)
    first, second = said(row), said(row, "建议同时公布受理窗口的电话，方便查询。")
    answered(first, drafter)
    assert code_of(adopted, row, head) == "consultation.unanswered"
    assert code_of(answered, first, drafter) == "consultation.answered"
    answered(second, head)
    adopted(row, head)


def test_fewer_days_than_the_rules_say_are_refused(drafter):
    assert code_of(put_out, drafter, draft=Draft("短", "来不及了，想快一点通过。", 14)) == "consultation.days"


def test_a_rule_set_has_one_draft_at_a_time_and_one_without_a_change_is_none(drafter):
    assert code_of(put_out, drafter, n=3) == "rules.same"
    row = put_out(drafter)
    assert code_of(put_out, drafter, n=6) == "consultation.running"
    with clock.at(NOW + timedelta(days=1)):
        consultations.withdraw(consultation_id=row.pk, reasons="上位规定即将出台，另行起草。", by=drafter)
    put_out(drafter, n=6, at=NOW + timedelta(days=2))


def test_only_supervisors_put_drafts_out():
    buyer = people.user("bea@example.com")
    by = By(buyer.pk, people.organisation("department", 9604, buyer).pk)
    assert code_of(put_out, by) == "access.not_yours"


def test_nothing_is_said_or_done_once_it_is_settled(drafter, head):
    row = put_out(drafter)
    opinion = said(row)
    with clock.at(NOW + timedelta(days=3)):
        consultations.withdraw(consultation_id=row.pk, reasons="上位规定即将出台，另行起草。", by=drafter)
        assert code_of(consultations.speak, consultation_id=row.pk, text=SAID, named=False, by=SYSTEM) == (
            "consultation.closed"
        )
        assert code_of(answered, opinion, drafter) == "consultation.settled"
    assert code_of(adopted, row, head) == "consultation.settled"


def refused(sql, match):
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


ADOPT = """UPDATE supervision_consultation
SET adopted_at = {at}, starts_at = {at}, adopted_by_id = {by}, adopted_version = 2"""


def test_the_database_refuses_every_way_around(drafter, head):
    row = put_out(drafter)
    after, before = "closes_at + interval '1 hour'", "closes_at - interval '1 hour'"
    for change in ("closes_at = closes_at - interval '1 day'", "parameters = '{}'", "title = '别的'"):
        refused(f"UPDATE supervision_consultation SET {change}", "stays as it was put out")
    refused("DELETE FROM supervision_consultation", "stays as it was put out")
    refused(ADOPT.format(at=before, by=head.user_id), "adopted after its end")
    refused(ADOPT.format(at=after, by=drafter.user_id), "adopted after its end")
    refused("UPDATE supervision_consultation SET withdrawn_at = now()", "with reasons")
    opinion = said(row)
    refused(ADOPT.format(at=after, by=head.user_id), "adopted after its end")
    refused("UPDATE supervision_opinion SET text = '很好'", "append-only")
    answered(opinion, drafter)
    refused("DELETE FROM supervision_opinionanswer", "append-only")
    with pytest.raises(DatabaseError, match="is closed"), transaction.atomic():
        Opinion.objects.create(number="YJ-1", consultation=row, text=SAID, at=row.closes_at)
    adopted(row, head)
    refused("UPDATE supervision_consultation SET adopted_at = NULL", "stays as it was put out")


def test_the_database_refuses_a_short_one(drafter):
    row = put_out(drafter)
    facts = {name: getattr(row, name) for name in ("reasons", "drafted_by_id", "office_id", "rules_ref", "opened_at")}
    with pytest.raises(DatabaseError, match="at least 15 days"), transaction.atomic():
        Consultation.objects.create(
            number="ZQ-1", kind="text", title="短", text=SAID, closes_at=NOW + timedelta(days=14), **facts
        )


def a_text(by, text, replaces=None, at=NOW):
    with clock.at(at):
        return consultations.open_on_text(text=text, replaces_id=replaces, draft=Draft("竞价须知", WHY, 15), by=by)


def test_a_text_is_replaced_once_and_shows_what_changes(drafter, head):
    first = a_text(drafter, "第一条 报价为含税价。\n第二条 报价后不得撤回，平台记录全部过程。")
    adopted(first, head)
    assert list(seen.texts()) == [first]
    later = NOW + timedelta(days=17)
    new = "第一条 报价为含税价。\n第二条 开标前可以撤回报价，平台记录全部过程。"
    assert code_of(a_text, drafter, first.text, first.pk, later) == "consultation.same"
    second, third = (a_text(drafter, new, first.pk, later) for _ in range(2))
    [change] = seen.text_changes(second)
    assert (change.before[:3], change.after[-7:]) == ("第二条", "记录全部过程。")
    adopted(second, head, at=later + timedelta(days=16), starts=later + timedelta(days=20))
    assert list(seen.texts()) == [second]
    late = {"at": later + timedelta(days=16), "starts": later + timedelta(days=20)}
    assert code_of(adopted, third, head, **late) == "consultation.replaced"
    assert code_of(a_text, drafter, new, first.pk, later) == "consultation.replaced"


def test_after_its_end_there_is_a_time_to_answer_and_a_time_to_decide(drafter, head):
    row = put_out(drafter)
    opinion = said(row)
    with clock.at(NOW + timedelta(days=10)):
        assert list(seen.open_steps(NOW)) == []
    with clock.at(NOW + timedelta(days=16)):
        steps = {step.kind: step for step in seen.open_steps(NOW)}
        assert set(steps) == {"consultation.answer", "consultation.decide"}
        assert all(step.owner_org == drafter.org_id and not step.right for step in steps.values())
        assert steps["consultation.answer"].started_at == row.closes_at
        assert steps["consultation.answer"].due_at < steps["consultation.decide"].due_at
        consultations.answer(opinion_id=opinion.pk, outcome="declined", reasons=WHY, by=drafter)
        steps = {step.kind: step.closed_at for step in seen.open_steps(NOW)}
        assert steps == {"consultation.answer": clock.now(), "consultation.decide": None}
    adopted(row, head, at=NOW + timedelta(days=17), starts=NOW + timedelta(days=18))
    with clock.at(NOW + timedelta(days=18)):
        assert {step.kind: step.closed_at for step in seen.open_steps(NOW)}["consultation.decide"] is not None


def test_what_tells_who_somebody_is_is_hidden():
    text = "请联系 13800001111 或 0316-2051234，li@example.com，证件 13100019900101123X。预算 48500 元，3 天。"
    assert rules.without_personal(text) == "请联系 *** 或 ***，***，证件 ***。预算 48500 元，3 天。"
    for number in (
        "+8613800001111",
        "8613800001111",
        "+86 138 0000 1111",
        "0086-13800001111",
        "１３８００００１１１１",
    ):
        assert rules.without_personal(f"请打{number}。") == "请打***。"
    assert rules.without_personal("编号 91860013800001111200 不是电话") == "编号 91860013800001111200 不是电话"


@pytest.fixture
def site(drafter):
    row = put_out(drafter)
    with clock.at(NOW + timedelta(days=1)):
        yield row


def test_anyone_speaks_without_an_account_and_reads_the_answer_by_its_number(site, drafter):
    stranger = Client()
    sent = stranger.post(site.get_absolute_url(), {"text": f"{SAID}电话 13800001111"}, follow=True)
    opinion = Opinion.objects.get()
    page = sent.content.decode()
    assert opinion.number in page
    assert SAID not in page  # published with its answer
    answered(opinion, drafter)
    page = stranger.get(site.get_absolute_url()).content.decode()
    assert SAID in page
    assert WHY in page
    assert "13800001111" not in page


def test_an_organisation_is_named_only_where_it_wants_to_be_and_told_of_the_answer(site, drafter, client):
    owner = people.user("bea@example.com")
    firm = people.organisation("enterprise", 9605, owner, name="廊坊远望实业有限公司")
    client.force_login(owner)
    client.post(site.get_absolute_url(), {"text": SAID})
    client.post(site.get_absolute_url(), {"text": f"{SAID}谢谢", "named": "on"})
    quiet, named = Opinion.objects.order_by("pk")
    assert (quiet.organisation, named.organisation) == (None, firm)
    answered(named, drafter)
    assert Notice.objects.filter(organisation=firm).count() == 1


def test_a_flood_of_opinions_is_refused_with_what_was_typed(site):
    answers = [Client().post(site.get_absolute_url(), {"text": SAID}, REMOTE_ADDR="203.0.113.7") for _ in range(11)]
    assert [one.status_code for one in answers] == [302] * 10 + [429]
    assert SAID in answers[-1].content.decode()


def test_an_officer_puts_a_draft_out_answers_and_the_head_adopts_it_at_the_desk(client, drafter, head):
    with clock.at(NOW):
        client.force_login(person(drafter))
        page = client.get("/supervision/consultations/new/complaints/")
        form = page.context["form"]
        typed = {name: form[name].value() for name in form.fields if name.startswith("row-")}
        place = next(i for i, row in enumerate(form.rows) if row.path == "accept.n")
        typed |= {f"row-{place}": "5", "title": DRAFT.title, "reasons": DRAFT.reasons, "days": "14"}
        short = client.post(page.request["PATH_INFO"], typed)
        assert short.status_code == 422
        assert DRAFT.reasons in short.content.decode()
        assert client.post(page.request["PATH_INFO"], typed | {"days": "15"}).status_code == 302
    row = Consultation.objects.get()
    opinion = said(row)
    with clock.at(NOW + timedelta(days=16)):
        sent = {"act": "answer", "opinion": opinion.pk, f"answer-{opinion.pk}-outcome": "partly"}
        assert client.post(row.desk_path, sent).status_code == 422
        assert client.post(row.desk_path, sent | {f"answer-{opinion.pk}-reasons": WHY}).status_code == 302
        client.force_login(person(head))
        assert client.post(row.desk_path, {"act": "adopt", "adopt-starts_on": "2026-03-17"}).status_code == 422
        assert client.post(row.desk_path, {"act": "adopt", "adopt-starts_on": "2026-04-01"}).status_code == 302
    row.refresh_from_db()
    assert row.adopted_version == 2
    assert f"{row.starts_at:%Y-%m-%d %H}" == "2026-03-31 16"  # midnight in Beijing


def person(by):
    return User.objects.get(pk=by.user_id)


def test_the_list_and_the_feed_show_drafts_by_stage_and_what_was_put_in_force_at_once(client, site):
    with clock.at(NOW + timedelta(days=2)):
        upkeep.add_version(
            name="budget", effective_from=NOW + timedelta(days=3), draft=False, note="财政年度切换，须立即调整。",
            parameters=rulesets.current("budget").parameters | {"note": "x"}, by=SYSTEM,
        )  # fmt: skip
        assert site.title in client.get("/consultations/?stage=open").content.decode()
        assert site.title not in client.get("/consultations/?stage=adopted").content.decode()
        assert "财政年度切换" in client.get("/consultations/?stage=unasked").content.decode()
        feed = client.get("/consultations/feed.atom")
        assert site.title in feed.content.decode()
        assert site.number in feed.content.decode()


def test_what_ships_is_no_change_nobody_was_asked_about():
    assert RuleSet.objects.exists()
    assert not seen.unasked().exists()
