"""Steps followed in the database: cards, urging, the line above, restarts, stops, and calendars that change."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import services as contracts
from contracts.models import Deliverable, Milestone
from core import clock, jobs, upkeep
from core.audit import SYSTEM, By
from core.errors import Refusal
from core.models import CalendarDay
from core.workdays import LOCAL, Limit, load
from supervision.models import Card, ClockRun, ClockStop, Delivery, DueChange, Escalation, Notice, Step
from supervision.services import clocks, stops
from supervision.sources import SOURCES
from tests.accounts import people
from tests.contracts import world
from tests.supervision.clockwork import MONDAY, WEEK, Room, colours, days, department, look, order, row, watched

pytestmark = pytest.mark.django_db
DUE = MONDAY.replace(hour=0) + days(8)  # five working days after a Monday: the end of the next Monday
YELLOW = DUE - days(3)  # one working day left, a weekend before it


@pytest.fixture
def room():
    with watched(Room()) as room:
        yield room


@pytest.fixture
def owner(db):
    return department()[0].pk


def code_of(work, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        work(*args, **kwargs)
    return caught.value.code


def test_a_step_turns_yellow_then_red_and_is_dated_when_it_did(room, owner):
    room.add(owner)
    assert look(MONDAY + days(1)) == 0
    assert look(YELLOW + days(0, 5)) == 1
    assert colours() == {"yellow": YELLOW}
    assert look(DUE + days(0, 9)) == 1
    assert colours() == {"yellow": YELLOW, "red": DUE}
    assert look(DUE + days(1)) == 0


def test_what_is_done_in_time_has_no_card_and_red_stays_when_it_is_done_late(room, owner):
    room.add(owner)
    room.add(owner, reference="thing:2")
    look(MONDAY)
    room.close(MONDAY + days(1))
    room.close(DUE + days(1), "thing:2")
    look(DUE + days(2))
    assert colours() == {}
    assert set(colours("thing:2")) == {"yellow", "red"}


def test_the_database_knows_the_order_of_cards_and_keeps_them(room, owner):
    room.add(owner)
    look(DUE + days(1))
    red = Card.objects.get(colour="red")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Card.objects.filter(pk=red.pk).update(colour="yellow")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        red.delete()
    room.add(owner, reference="thing:2")
    look(MONDAY)
    facts = {"step": row("thing:2"), "raised_at": DUE, "due_at": DUE, "written_at": DUE, "rules_ref": "clocks@1"}
    with pytest.raises(DatabaseError, match="after a yellow one"), transaction.atomic():
        Card.objects.create(colour="red", **facts)


def test_a_clock_that_was_away_for_a_month_raises_the_same_cards(room, owner):
    room.add(owner)
    room.add(owner, reference="thing:2", closed_at=DUE + days(1))
    room.add(owner, reference="thing:3", closed_at=MONDAY + days(1))
    look(DUE + days(30))
    assert colours() == colours("thing:2") == {"yellow": YELLOW, "red": DUE}
    assert colours("thing:3") == {}


@settings(max_examples=25)
@given(looks=st.lists(st.integers(0, 24 * 16), max_size=6), closed=st.none() | st.integers(0, 24 * 14))
def test_however_often_the_clock_looks_the_cards_are_the_same(looks, closed):
    with transaction.atomic():
        owner = department()[0].pk
        with watched(Room()) as room:
            room.add(owner)
            for hours in sorted(looks):
                if closed is not None and hours >= closed:
                    room.close(MONDAY + timedelta(hours=closed))
                look(MONDAY + timedelta(hours=hours))
            if closed is not None:
                room.close(MONDAY + timedelta(hours=closed))
            look(MONDAY + days(20))
            often = colours()
            room.add(owner, reference="once", closed_at=room.steps["thing:1"].closed_at)
            look(MONDAY + days(20))
            assert often == colours("once")
        transaction.set_rollback(True)


def test_two_clocks_at_once_do_the_work_once(room, owner):
    room.add(owner)
    look(DUE + days(1))
    assert Card.objects.count() == 2
    assert look(DUE + days(1)) == 0
    assert ClockRun.objects.count() == 1


def test_a_step_its_room_no_longer_tells_of_ends_in_doubt_in_time(room, owner):
    room.add(owner)
    look(DUE - timedelta(minutes=1))
    room.steps.clear()
    look(DUE + timedelta(minutes=1))
    assert row().closed_at == DUE
    assert set(colours()) == {"yellow"}


def test_a_room_in_trouble_loses_none_of_its_steps(room, owner, monkeypatch):
    room.add(owner)
    look(MONDAY)
    monkeypatch.setattr(room, "read", lambda: 1 / 0)
    SOURCES[:] = [type(SOURCES[0])("room", lambda _since: room.read())]
    look(DUE + days(1))
    assert row().closed_at is None
    assert set(colours()) == {"yellow", "red"}


def test_a_step_that_opens_again_goes_on_under_its_old_end(room, owner):
    room.add(owner)
    room.close(MONDAY + days(1))
    look(MONDAY + days(1, 1))
    room.close(None)
    look(DUE + days(1))
    assert set(colours()) == {"yellow", "red"}


def test_an_open_clock_keeps_the_rules_it_began_under(room, owner):
    room.add(owner)
    with clock.at(MONDAY + days(1)):
        look(clock.now())
        rules = {"yellow_share": "0.2", "yellow_days_left": 4, "ladder": [], "stops": {},
                 "stop_answer": {"n": 1, "unit": "working_days"}}  # fmt: skip
        upkeep.add_version(
            name="clocks", effective_from=MONDAY + days(1, 1), parameters=rules, draft=True, note="早些提醒", by=SYSTEM
        )
    room.add(owner, reference="thing:2", start=MONDAY + days(2))
    look(YELLOW + days(0, 1))
    assert row().rules_ref == "clocks@1"
    assert colours() == {"yellow": YELLOW}
    assert row("thing:2").rules_ref == "clocks@2"
    assert colours("thing:2")["yellow"] < YELLOW


# --- urging and the line above ---------------------------------------------------------------------------------------


def told(organisation=None):
    rows = Notice.objects.filter(organisation=organisation) if organisation else Notice.objects.all()
    return [notice.sentence for notice in rows.order_by("pk")]


def test_who_has_to_act_is_told_of_yellow_and_of_red_once(room, owner):
    room.add(owner)
    look(YELLOW + days(0, 1))
    look(YELLOW + days(0, 2))
    assert len(told(owner)) == 1
    look(DUE + timedelta(minutes=1))
    look(DUE + timedelta(minutes=2))
    assert [text[:4] for text in told(owner)] == ["黄牌提醒", "红牌警告", "超时通报"]
    assert Notice.objects.filter(organisation=owner).first().urgent


def test_what_is_over_already_is_not_urged(room, owner):
    room.add(owner, closed_at=DUE + days(1))
    look(DUE + days(3))
    assert set(colours()) == {"yellow", "red"}
    assert not told()
    assert not Escalation.objects.exists()


def test_an_overdue_step_climbs_the_line_a_level_at_a_time(room):
    body, head = department()
    leader = people.user("leader@example.com")
    body.memberships.create(user=leader)
    office = people.organisation("operator", 9800, people.user("olga@example.com"), name="平台运营机构")
    with clock.at(MONDAY):
        stops.fill_post(organisation_id=body.pk, level="leader", user_id=leader.pk, by=By(head.pk, body.pk))
    room.add(body.pk)
    look(DUE + timedelta(minutes=1))
    assert [row.level for row in Escalation.objects.all()] == ["head"]
    look(DUE + days(2))
    assert [row.level for row in Escalation.objects.all()] == ["head"]
    look(DUE + days(3))
    assert [row.level for row in Escalation.objects.all()] == ["head", "leader"]
    assert Notice.objects.get(user=leader).path == row().get_absolute_url()
    look(DUE + days(20))
    look(DUE + days(21))
    assert [row.level for row in Escalation.objects.all()] == ["head", "leader", "office"]
    assert told(office.pk)[0].startswith("超时通报")


def test_heads_and_leaders_are_told_by_text_message_too(room):
    body, head = department()
    leader = people.user("leader@example.com")
    body.memberships.create(user=leader)
    with clock.at(MONDAY):
        named = {"organisation_id": body.pk, "level": "leader", "user_id": leader.pk, "by": By(head.pk, body.pk)}
        assert code_of(stops.fill_post, **named, phone="12") == "phone.invalid"
        stops.fill_post(**named)
        stops.fill_post(**named, phone="139 0000 1234")  # again: the phone is put right
    room.add(body.pk)
    look(DUE + timedelta(minutes=1))
    look(DUE + days(3))
    texts = Delivery.objects.filter(channel="sms", notice__sentence__startswith="超时通报")
    to = {delivery.notice.user_id: delivery.address for delivery in texts}
    assert to == {head.pk: body.contact_phone, leader.pk: "13900001234"}


def test_a_company_has_no_line_above_it(room):
    user = people.user("bea@example.com")
    room.add(people.organisation("enterprise", 9701, user, name="廊坊精工机械制造有限公司").pk)
    look(DUE + days(30))
    assert not Escalation.objects.exists()


def test_an_excuse_stands_beside_the_card_and_changes_no_colour(room):
    body, head = department()
    room.add(body.pk)
    look(DUE - days(7))
    by = By(head.pk, body.pk)
    assert code_of(stops.excuse, step_id=row().pk, reason="系统升级，无法办理。", by=by) == "excuse.no_card"
    look(DUE + days(1))
    before = colours()
    stops.excuse(step_id=row().pk, reason="系统升级，无法办理。", by=by)
    assert colours() == before
    stranger = By(people.user("nora@example.com").pk, None)
    assert code_of(stops.excuse, step_id=row().pk, reason="与我无关的理由", by=stranger) == "access.not_yours"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row().excuses.update(reason="别的理由")


# --- stops ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def work():
    """A contract whose work has begun, its steps followed."""
    with clock.at(MONDAY - days(10)):
        w, contract = world.signed(kind="department", days=10)
    with clock.at(contract.signed_at + timedelta(minutes=1)):
        clocks.watch()
    return w, contract, Step.objects.get(kind="contract.deliver")


def at(step, hours):
    return clock.at(step.started_at + timedelta(hours=hours))


def test_waiting_for_the_other_side_stops_the_clock_once_it_says_so(work):
    w, _contract, step = work
    with at(step, 2):
        stop = stops.ask_stop(
            step_id=step.pk, ground="waiting_for_other", reason="等待委托方提供监测数据", by=w.as_agency
        )
    with at(step, 24 * 2):
        assert code_of(stops.answer_stop, stop_id=stop.pk, confirmed=True, by=w.as_agency) == "access.not_yours"
        stops.answer_stop(stop_id=stop.pk, confirmed=True, by=w.as_buyer)
    with clock.at(step.due_at + days(20)):
        clocks.watch()
        assert not step.cards.exists()
        stops.end_stop(stop_id=stop.pk, by=w.as_agency)
    milestone, before = Milestone.objects.get(), step.due_at
    step.refresh_from_db()
    assert step.due_at == milestone.due_at > before
    assert step.due_at > step.stops.get().ends_at
    change = DueChange.objects.get()
    assert (change.before, change.after, change.cause) == (before, step.due_at, "stop")
    with clock.at(step.due_at + days(1)):
        clocks.watch()
    assert {card.colour: card.raised_at for card in step.cards.all()}["red"] == step.due_at


def test_a_claim_the_other_side_refuses_changes_nothing(work):
    w, _contract, step = work
    with at(step, 2):
        stop = stops.ask_stop(
            step_id=step.pk, ground="waiting_for_other", reason="等待委托方提供监测数据", by=w.as_agency
        )
        ask = {"step_id": step.pk, "ground": "waiting_for_other", "reason": "还在等待数据", "by": w.as_agency}
        assert code_of(stops.ask_stop, **ask) == "stop.running"
        assert code_of(stops.answer_stop, stop_id=stop.pk, confirmed=False, by=w.as_buyer) == "stop.reason"
        stops.answer_stop(stop_id=stop.pk, confirmed=False, reason="数据上周已经交齐", by=w.as_buyer)
        assert code_of(stops.end_stop, stop_id=stop.pk, by=w.as_agency) == "stop.answered"
    with clock.at(step.due_at + timedelta(minutes=1)):
        clocks.watch()
    assert step.cards.filter(colour="red", raised_at=step.due_at).exists()


def test_a_claim_nobody_answers_holds_the_card_for_two_working_days_only(work):
    w, _contract, step = work
    asked_at = step.due_at - timedelta(hours=3)
    with clock.at(asked_at):
        clocks.watch()
        stops.ask_stop(step_id=step.pk, ground="waiting_for_other", reason="等待对方提供数据", by=w.as_agency)
    with clock.at(step.due_at + timedelta(hours=1)):
        clocks.watch()
        assert not step.cards.filter(colour="red").exists()
    with clock.at(asked_at + days(9)):
        clocks.watch()
    assert step.cards.get(colour="red").raised_at == step.due_at


def test_only_who_the_rules_name_may_stop_a_clock(work):
    w, _contract, step = work
    with at(step, 1):
        wait = {"step_id": step.pk, "ground": "waiting_for_other", "reason": "等待委托方提供监测数据"}
        assert code_of(stops.ask_stop, by=w.as_buyer, **wait) == "access.not_yours"
        assert code_of(stops.ask_stop, by=w.as_agency, **{**wait, "ground": "expert_opinion"}) == "stop.ground"
        assert code_of(stops.ask_stop, by=w.as_agency, **{**wait, "ground": "suspended"}) == "access.not_yours"
        assert code_of(stops.ask_stop, by=w.as_agency, **{**wait, "reason": "等"}) == "stop.reason"
        sol = people.user("sol@example.com")
        regulator = people.organisation("regulator", 9500, sol, name="廊坊市市场监督管理局")
        row = stops.ask_stop(by=By(sol.pk, regulator.pk), **{**wait, "ground": "suspended"}, evidence=order())
        assert row.confirmed_at == clock.now()
    assert ClockStop.objects.count() == 1


def test_a_stop_of_a_step_whose_room_keeps_no_ends_moves_the_clock_itself(room):
    """Such a room goes on saying the old end; the clock adds what did not count."""
    body, user = department()
    room.add(body.pk)
    look(MONDAY)
    step, since = row(), MONDAY + days(1)
    ClockStop.objects.create(step=step, ground="x", reason="等待", starts_at=since, confirmed_at=since, asked_for=body)
    with clock.at(MONDAY + days(2)):
        stops.end_stop(stop_id=step.stops.get().pk, by=By(user.pk, body.pk))
    assert row().due_at == DUE + days(1)
    look(DUE + days(0, 12))
    assert row().due_at == DUE + days(1)
    assert "red" not in colours()


def test_a_clock_its_room_has_stopped_earns_nothing_until_it_goes_on(room, owner):
    room.add(owner)
    room.add(owner, reference="thing:2")
    look(MONDAY)
    room.change(paused=True)
    look(MONDAY + days(1))
    look(DUE + days(1))
    assert colours() == {}
    assert set(colours("thing:2")) == {"yellow", "red"}
    room.change(paused=False, due_at=DUE + days(7))
    look(DUE + days(2))
    assert row().stops.get().ends_at == DUE + days(2)
    look(DUE + days(8))
    assert colours()["red"] == DUE + days(7)


# --- a calendar that comes later -----------------------------------------------------------------------------------


YEAR = 2031  # nobody has announced it
SPRING = [date(YEAR, 1, 22) + timedelta(days=n) for n in range(8)]


def announce(at):
    with clock.at(at):
        holidays = [upkeep.Day(day, is_working=False, name="春节") for day in SPRING]
        upkeep.enter_official_year(year=YEAR, days=holidays, by=SYSTEM)
        jobs.drain()


def test_an_end_in_a_year_without_calendar_is_marked_and_recomputed_when_it_comes(room, owner):
    CalendarDay.objects.filter(date__year__in=(YEAR - 1, YEAR)).delete()
    with clock.at(MONDAY.replace(year=YEAR - 1, month=12)):
        upkeep.mark_day(day=upkeep.Day(date(YEAR - 1, 12, 31), is_working=True, name=""), official=True, by=SYSTEM)
    start = MONDAY.replace(year=YEAR - 1, month=12, day=20)
    room.keeps = True
    SOURCES[:] = [type(SOURCES[0])("room", lambda _since: room.read(), {"room.act": room.move})]
    early = room.add(owner, start=start, limit=WEEK)
    late = room.add(owner, reference="thing:2", start=start, limit={"n": 30, "unit": "working_days"})
    agreed = room.add(owner, reference="thing:3", start=start, limit={"n": 40, "unit": "days"})
    look(start)
    assert [row(r).provisional for r in ("thing:1", "thing:2", "thing:3")] == [False, True, False]
    announce(start + days(1))
    assert row("thing:2").due_at == Limit(30, "working_days").end(start, load()) > late.due_at
    assert not row("thing:2").provisional
    assert [row(r).due_at for r in ("thing:1", "thing:3")] == [early.due_at, agreed.due_at]
    assert room.moves == [("thing:2", row("thing:2").due_at)]
    assert [change.cause for change in DueChange.objects.all()] == ["calendar"]
    announce(start + days(2))
    assert DueChange.objects.count() == 1


@settings(max_examples=20)
@given(ends=st.lists(st.integers(1, 60), min_size=1, max_size=5))
def test_a_calendar_moves_provisional_ends_only(ends):
    with transaction.atomic():
        CalendarDay.objects.filter(date__year__in=(YEAR - 1, YEAR)).delete()
        CalendarDay.objects.create(date=date(YEAR - 1, 12, 31), is_working=True, name="", official=True)
        owner, start = department()[0].pk, MONDAY.replace(year=YEAR - 1, month=12, day=2)
        with watched(Room(keeps=True)) as room:
            for number in ends:
                room.add(owner, reference=f"of:{number}", start=start, limit={"n": number, "unit": "working_days"})
            look(start)
            before = {one.reference: (one.provisional, one.due_at) for one in Step.objects.all()}
            announce(start + days(1))
            for one in Step.objects.all():
                provisional, due = before[one.reference]
                assert provisional == (due.astimezone(LOCAL) - timedelta(seconds=1) >= _new_year())
                assert one.due_at == (Limit.of(one.limit).end(start, load()) if provisional else due)
        transaction.set_rollback(True)


def _new_year():
    return MONDAY.replace(year=YEAR, month=1, day=1, hour=0)


# --- what the rooms say ---------------------------------------------------------------------------------------------


def kinds(**facts):
    return sorted(Step.objects.filter(**facts).values_list("kind", flat=True))


def test_a_contracts_steps_open_and_close_as_its_work_goes_on():
    w, contract = world.drafted(kind="department")
    clocks.watch()
    assert kinds(closed_at=None) == ["contract.sign", "contract.sign"]
    assert Step.objects.get(kind="award.confirm").closed_at is not None
    with world.after_publicity(w.award):
        contracts.confirm(contract_id=contract.pk, side="supplier", by=w.as_agency)
        contracts.confirm(contract_id=contract.pk, side="buyer", by=w.as_buyer)
        clocks.watch()
        assert kinds(closed_at=None) == ["contract.deliver", "contract.file"]
        contracts.file_contract(contract_id=contract.pk, number="廊采备〔2026〕17号", by=w.as_buyer)
    contract.refresh_from_db()
    deliverable = world.delivered(w, contract)
    with clock.at(contract.signed_at + timedelta(hours=2)):
        clocks.watch()
        assert kinds(closed_at=None) == ["contract.accept"]
        contracts.return_(deliverable_id=deliverable.pk, defects=["缺少附图"], by=w.as_buyer)
        clocks.watch()
        assert kinds(closed_at=None) == ["contract.rework"]
        contracts.deliver(milestone_id=deliverable.milestone_id, upload=world.result(), note="", by=w.as_agency)
        again = Deliverable.objects.get(returned_at=None)
        contracts.accept(deliverable_id=again.pk, by=w.as_buyer)
        jobs.drain()
        clocks.watch()
        assert kinds(closed_at=None) == ["payment.pay", "rating.rate", "rating.rate"]
    assert not Card.objects.exists()


def test_a_department_that_pays_late_has_one_card_in_one_place():
    w, contract = world.signed(kind="department")
    deliverable = world.delivered(w, contract)
    with clock.at(contract.signed_at + timedelta(hours=2)):
        contracts.accept(deliverable_id=deliverable.pk, by=w.as_buyer)
        clocks.watch()
    step = Step.objects.get(kind="payment.pay")
    payable = w.buyer.payables.get()
    assert (step.yellow_at, step.due_at) == (payable.warn_at, payable.due_at)
    with clock.at(step.due_at + timedelta(hours=1)):
        from payments.services import cards

        cards.turn_due_cards()
        jobs.drain()
    payable.refresh_from_db()
    assert step.cards.get(colour="red").raised_at == payable.card.red_at


def test_silence_that_counts_as_an_answer_is_no_fault_and_silence_of_a_department_is():
    _w, contract = world.signed(kind="enterprise")
    deliverable = world.delivered(_w, contract)
    with clock.at(deliverable.answer_by + timedelta(minutes=1)):
        clocks.watch()
    step = Step.objects.get(kind="contract.accept")
    assert step.closed_at == step.due_at
    assert [card.colour for card in step.cards.all()] == ["yellow"]
    w, contract = world.signed(kind="department")
    deliverable = world.delivered(w, contract)
    with clock.at(deliverable.answer_by + timedelta(minutes=1)):
        clocks.watch()
    step = Step.objects.get(kind="contract.accept", owner=w.buyer)
    assert sorted(card.colour for card in step.cards.all()) == ["red", "yellow"]
