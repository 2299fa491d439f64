"""The state of a need comes from its dates, the same in Python and in the database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import audit
from core.errors import Refusal
from marketplace import selectors, services
from marketplace.models import Need, Notice
from marketplace.rules import lifecycle
from marketplace.rules.lifecycle import NeedDates, may_set, need_state, stages
from tests.marketplace import world

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WAY = ("published_at", "selected_at", "awarded_at", "contracted_at", "completed_at", "closed_at")


def dates(*names, closes=NOW + HOUR, **more):
    return NeedDates(**dict.fromkeys(names, NOW - HOUR), entry_closes_at=closes, **more)


@pytest.mark.parametrize(
    ("given_dates", "state"),
    [
        (NeedDates(), "draft"),
        (dates("published_at"), "published"),
        (dates("published_at", closes=NOW), "competing"),
        (dates("published_at", closes=NOW - HOUR, direct=True), "published"),
        (dates(*WAY[:2]), "selected"),
        (dates(*WAY[:3]), "awarded"),
        (dates(*WAY[:4]), "in_service"),
        (dates(*WAY[:5]), "completed"),
        (dates(*WAY), "closed"),
        (dates(*WAY[:2], "failed_at"), "failed"),
        (dates("published_at", "cancelled_at"), "cancelled"),
    ],
)
def test_dates_make_the_state(given_dates, state):
    assert need_state(given_dates, NOW) == state


def test_the_track_shows_what_is_done_now_and_to_come():
    track = {stage.name: stage.state for stage in stages(dates(*WAY[:3]), NOW)}
    assert list(track.values()) == ["done", "done", "done", "now", "todo", "todo"]
    failed = stages(dates("published_at", "failed_at", closes=NOW - HOUR), NOW)
    assert [stage.state for stage in failed] == ["done", "failed", "todo", "todo", "todo", "todo"]
    assert {stage.state for stage in stages(NeedDates(), NOW)} == {"todo"}
    assert stages(dates("published_at"), NOW)[0].at == NOW + HOUR


def test_no_step_is_skipped_and_an_ended_need_takes_nothing_more():
    for i, name in enumerate(WAY[1:], 1):
        assert may_set(dates(*WAY[:i]), name)
        assert not may_set(dates(*WAY[: i - 1]), name) or i == 0
        assert not may_set(dates(*WAY[:i], "cancelled_at"), name)
    assert not may_set(dates(*WAY[:2]), "cancelled_at")
    assert may_set(dates(*WAY[:3]), "failed_at")
    assert not may_set(dates(*WAY[:5]), "failed_at")


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    reached=st.integers(0, 6),
    ended=st.sampled_from(["", "failed_at", "cancelled_at"]),
    closes=st.sampled_from([-1, 0, 1]),
    method=st.sampled_from(["live_auction", "direct"]),
)
def test_the_database_sees_the_same_state(reached, ended, closes, method):
    need = _stored()
    changes = dict.fromkeys(("published_at", *WAY[1:], "failed_at", "cancelled_at"))
    changes |= dict.fromkeys([*WAY[:reached], *([ended] if ended and reached else [])], NOW - HOUR)
    Need.objects.filter(pk=need.pk).delete()
    need.pk, need.number = None, "XQ-1"
    for name, value in changes.items():
        setattr(need, name, value)
    need.method, need.entry_closes_at = method, NOW + closes * HOUR
    need.save(force_insert=True)
    state = selectors.state_of(need, NOW)
    seen = [name for name in lifecycle.STATES if Need.objects.filter(selectors.in_state(name, NOW), pk=need.pk)]
    assert seen == [state]


def _stored():
    return Need.objects.filter(buyer__kind="enterprise").first() or world.draft(world.member("enterprise"))


@pytest.mark.django_db
def test_what_the_rooms_above_report_is_set_once_and_in_order():
    need = world.published(world.member("enterprise"))
    with pytest.raises(Refusal) as refused:
        services.mark_awarded(need_id=need.pk)
    assert refused.value.code == "need.order"
    for mark in (services.mark_selected, services.mark_awarded, services.mark_contracted, services.mark_completed):
        assert mark(need_id=need.pk) is True
        before = Need.objects.get(pk=need.pk)
        assert mark(need_id=need.pk) is False
        assert Need.objects.values().get(pk=need.pk) == Need.objects.values().get(pk=before.pk)
    assert services.mark_closed(need_id=need.pk)
    assert audit.verify(f"need:{need.pk}") is None


@pytest.mark.django_db
def test_failing_publishes_the_reason_once():
    need = world.published(world.member("enterprise"))
    assert services.mark_failed(need_id=need.pk, reason="too_few_entrants")
    assert not services.mark_failed(need_id=need.pk, reason="no_bid")
    notice = Notice.objects.get(need=need, kind="failed")
    assert notice.paper.data["reason"] == "报名的机构数量不足。"
    assert notice.paper.number.startswith("GG-")
    with pytest.raises(Refusal):
        services.mark_selected(need_id=need.pk)
