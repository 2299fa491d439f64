"""Whose turn it is: each state asks the right side, with the right clock."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.rules.turns import MilestoneFacts, NeedFacts, by_due, turns

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def asked(state, **facts):
    return [(turn.who, turn.what, turn.due) for turn in turns(NeedFacts(7, state, **facts))]


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_an_ended_need_asks_for_nothing(state):
    assert asked(state, contract=3, open_questions=2) == []


def test_an_open_need_asks_agencies_to_enter_and_the_buyer_to_answer():
    found = asked("published", entry_closes_at=NOON, open_questions=1, question_due=NOON - timedelta(days=1))
    assert found == [("buyer", "answer", NOON - timedelta(days=1)), ("bidders", "enter", NOON)]


def test_a_direct_need_asks_the_buyer_to_choose():
    assert asked("published", direct=True, entry_closes_at=NOON) == [("buyer", "choose", NOON)]


def test_an_award_asks_the_winner_alone():
    assert asked("selected", award=4, confirm_by=NOON) == [("supplier", "confirm_award", NOON)]


def test_a_contract_asks_both_to_draft_then_whoever_has_not_confirmed():
    assert [who for who, *_ in asked("awarded", contract=3, sign_by=NOON)] == ["buyer", "supplier"]
    one_left = asked("awarded", contract=3, drafted=True, confirmed=frozenset({"buyer"}), sign_by=NOON)
    assert one_left == [("supplier", "confirm_contract", NOON)]
    assert asked("awarded", contract=3, drafted=True, confirmed=frozenset({"buyer", "supplier"})) == [
        ("platform", "publicity", None)
    ]


def test_a_delivered_milestone_asks_the_buyer_and_a_returned_one_the_supplier():
    milestones = [
        MilestoneFacts("踏勘", NOON, accepted=True),
        MilestoneFacts("初稿", NOON, accepted=False, answer_by=NOON + timedelta(days=1)),
        MilestoneFacts("终稿", NOON, accepted=False, rework_by=NOON + timedelta(days=3)),
        MilestoneFacts("备案", NOON, accepted=False),
    ]
    assert asked("in_service", contract=3, milestones=milestones) == [
        ("buyer", "accept", NOON + timedelta(days=1)),
        ("supplier", "rework", NOON + timedelta(days=3)),
        ("supplier", "deliver", NOON),
    ]


def test_who_has_rated_is_not_asked_again():
    assert asked("completed", contract=3, rated=frozenset({"buyer"}), rating_ends_at=NOON) == [
        ("supplier", "rate", NOON)
    ]


def test_the_earliest_deadline_comes_first_and_none_last():
    found = turns(NeedFacts(7, "draft")) + turns(NeedFacts(8, "selected", award=1, confirm_by=NOON))
    assert [turn.what for turn in by_due(found)] == ["confirm_award", "finish_draft"]
