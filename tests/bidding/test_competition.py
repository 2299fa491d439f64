"""A competition from opening to award, on the real database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from agencies import selectors as agencies_selectors
from agencies import services as agencies
from bidding import committer, log, selectors, services, tasks
from bidding.models import Award, Competition
from bidding.rules import draw
from bidding.rules.auction import Accepted, Offer, decide
from bidding.rules.proxy import Deposit
from bidding.services import closing
from core import chance, clock
from core.audit import By
from core.errors import Refusal
from core.money import Money
from marketplace.models import Method, Need, Notice, ServiceItem
from tests.bidding import world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def bid(place, entry, amount, at=NOW):
    """A bid straight into the log, as the committer would write it."""
    with transaction.atomic():
        log.lock(place.pk)
        board = log.board(place.pk)
        decision = decide(board, Offer(entry.pseudonym, Money.of(amount).amount, f"ref-{board.seq:08d}"), at)
        assert isinstance(decision, Accepted), decision
        log.write(board, log.append(board, decision.events))


def refusal(work, **kwargs):
    with pytest.raises(Refusal) as caught:
        work(**kwargs)
    return caught.value.code


def closed(place, after=timedelta(hours=3)):
    with clock.at(NOW + after):
        services.finalise(competition_id=place.pk)
    return place.reload()


def test_opening_twice_gives_one_competition():
    place = world.competition(bidders=1, now=NOW)
    assert services.open_competition(need_id=place.need.pk).pk == place.pk
    assert Competition.objects.count() == 1


def test_the_log_shows_pseudonyms_and_commitments_only():
    place = world.competition(now=NOW)
    text = "".join(record.body for record in log.read(place.pk))
    assert all(row.organisation.name not in text and row.organisation.credit_code not in text for row in place.agencies)
    assert len({entry.pseudonym for entry in place.entries}) == 3


def test_the_lowest_bid_wins_and_everything_follows():
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "48000.00")
    bid(place, place.entries[1], "45000.00")
    closed(place)
    award = selectors.standing_award(place.need.pk)
    assert (award.agency, award.amount, award.rank) == (place.agencies[1], Money.of("45000.00"), 1)
    assert award.paper.number.startswith("ZX-2026-")
    assert Notice.objects.filter(need=place.need, kind=Notice.Kind.AWARD).count() == 1
    assert Need.objects.get(pk=place.need.pk).selected_at


def test_after_the_close_the_commitments_open():
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "48000.00")
    closed(place)
    board = log.board(place.pk)
    for name, who in board.names.items():
        assert board.entrants[name] == draw.entry_commitment(int(who["agency"]), who["name"], who["salt"])


def test_finalising_twice_changes_nothing():
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "48000.00")
    before = closed(place).last_seq
    with clock.at(NOW + timedelta(hours=4)):
        assert services.finalise(competition_id=place.pk) is False
    assert (place.reload().last_seq, Award.objects.count()) == (before, 1)


def test_nothing_closes_before_the_end_and_its_grace():
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "48000.00")
    with clock.at(place.competition.ends_at + timedelta(seconds=1)):
        assert services.finalise(competition_id=place.pk) is False


def test_without_a_bid_the_need_fails():
    place = world.competition(now=NOW)
    closed(place)
    assert Need.objects.get(pk=place.need.pk).failed_at
    assert log.board(place.pk).failed == "no_bid"


def test_a_department_needs_three_and_fails_when_entry_closes_with_two():
    place = world.competition(bidders=2, kind="department", now=NOW)
    with clock.at(place.competition.starts_at):
        assert services.finalise(competition_id=place.pk) is True
    assert log.board(place.pk).failed == "too_few_entrants"


def test_a_draw_can_be_drawn_again_by_anyone():
    place = world.competition(bidders=4, method=Method.RANDOM_DRAW, now=NOW)
    closed(place)
    board = log.board(place.pk)
    assert draw.commitment(board.draw_secret) == board.fixed.draw_commitment
    assert board.awards[0].by == draw.drawn(board.draw_secret, board.closing_head, list(board.names))
    assert selectors.standing_award(place.need.pk).amount == place.need.ceiling


def test_when_the_winner_declines_the_next_is_awarded_and_after_the_last_the_need_fails():
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "48000.00")
    bid(place, place.entries[1], "45000.00")
    closed(place)
    by = By(None, place.agencies[1].pk)
    second = services.decline_award(award_id=selectors.standing_award(place.need.pk).pk, reason="人手不足", by=by)
    assert (second.agency, second.amount, second.rank) == (place.agencies[0], Money.of("48000.00"), 2)
    with clock.at(second.confirm_by):
        assert services.take_silence(award_id=second.pk, confirm_by=second.confirm_by) is None
    assert Need.objects.get(pk=place.need.pk).failed_at


def test_an_award_is_answered_once():
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "48000.00")
    closed(place)
    award = selectors.standing_award(place.need.pk)
    services.confirm_award(award_id=award.pk, by=By())
    assert refusal(services.decline_award, award_id=award.pk, reason="", by=By()) == "award.settled"


def test_entering_is_refused_with_its_reason():
    place = world.competition(running=False, now=NOW)
    with clock.at(NOW):
        stranger = world.people.agency(50, name="廊坊市无此服务有限公司")
        by = By()
        assert refusal(services.enter, competition_id=place.pk, agency_id=stranger.pk, by=by) == "entry.service"
        assert refusal(services.enter, competition_id=place.pk, agency_id=place.agencies[0].pk, by=by) == "entry.twice"
    late = world.agency(51)
    with clock.at(place.competition.starts_at):
        assert refusal(services.enter, competition_id=place.pk, agency_id=late.pk, by=By()) == "entry.closed"


@pytest.mark.parametrize(
    ("kind", "bidders", "expected"),
    [("department", 2, True), ("department", 3, False), ("enterprise", 1, False), ("enterprise", 0, True)],
)
def test_a_running_competition_is_due_when_fewer_entered_than_its_own_rules_demand(kind, bidders, expected):
    place = world.competition(bidders=bidders, kind=kind, now=NOW)
    assert selectors.due(NOW) == ([place.pk] if expected else [])
    assert selectors.due(place.competition.ends_at) == [place.pk]


def test_where_too_few_entered_nothing_is_taken_any_more():
    place = world.competition(bidders=2, kind="department", running=False, now=NOW)
    start, by = place.competition.starts_at, place.entries[0].pseudonym
    seal, amount = Deposit(by, Money.of("46000.00").amount, "before-the-start"), Money.of("48000.00").amount

    def told(asked, at):
        answer = committer.place_all(competition_id=place.pk, offers=[(asked, at)])[0]
        return getattr(answer, "code", "receipt")

    assert told(seal, start - timedelta(seconds=1)) == "receipt"
    assert told(Offer(by, amount, "after-the-start"), start) == "bid.too_few"
    assert told(Deposit(by, amount, "another-floor"), start) == "bid.too_few"
    assert told(seal, start) == "receipt"
    assert log.board(place.pk).bids == []
    with clock.at(start):
        assert services.finalise(competition_id=place.pk)
    assert log.board(place.pk).failed == "too_few_entrants"


def test_who_withdraws_may_enter_again_before_entry_closes():
    place = world.competition(running=False, now=NOW)
    first = place.agencies[0].pk
    with clock.at(NOW):
        services.withdraw(competition_id=place.pk, agency_id=first, by=By())
        assert refusal(services.withdraw, competition_id=place.pk, agency_id=first, by=By()) == "entry.none"
        services.enter(competition_id=place.pk, agency_id=first, by=By())
    assert len(log.board(place.pk).entrants) == 3


def test_a_department_cannot_choose_directly_and_an_enterprise_can():
    place = world.competition(running=False, now=NOW)
    arguments = {"agency_id": place.agencies[0].pk, "amount": Money.of("40000.00"), "reason": "熟悉项目", "by": By()}
    assert refusal(services.choose_directly, need_id=place.need.pk, **arguments) == "direct.method"
    direct = world.need(place.buyer, place.owner, starts=NOW, method=Method.DIRECT)
    award = services.choose_directly(need_id=direct.pk, **arguments)
    assert award.competition is None
    assert refusal(services.choose_directly, need_id=direct.pk, **arguments) == "award.settled"


@pytest.mark.parametrize("kind", ["suspended", "restricted", "removed"])
def test_who_is_restricted_neither_enters_nor_is_chosen_directly(kind):
    place = world.competition(running=False, now=NOW)
    barred, term = world.agency(9), {"starts_at": NOW, "ends_at": NOW + timedelta(days=90)}
    row = agencies.restrict(agency_id=barred.pk, kind=kind, ground="提供虚假报告", source="/x/", by=By(), **term)
    direct = world.need(place.buyer, place.owner, starts=NOW, method=Method.DIRECT)
    enter = {"competition_id": place.pk, "agency_id": barred.pk, "by": By()}
    choose = {
        "need_id": direct.pk,
        "agency_id": barred.pk,
        "amount": Money.of("40000.00"),
        "reason": "熟悉",
        "by": By(),
    }
    with clock.at(NOW):
        assert refusal(services.enter, **enter) == "entry.restricted"
        assert refusal(services.choose_directly, **choose) == "direct.ineligible"
        if kind != "removed":  # who was removed comes back by registering anew
            agencies.lift(restriction_id=row.pk, reason="复核撤销", source="/x/", by=By())
            services.enter(**enter)
            services.choose_directly(**choose)


@pytest.mark.parametrize("table", ["bidding_logevent", "bidding_loghead"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_rewrite_the_log(table, sql):
    world.competition(bidders=1, now=NOW)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(sql.format(table))


def test_a_need_cancelled_in_the_last_moment_is_not_awarded():
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "48000.00")
    Need.objects.filter(pk=place.need.pk).update(cancelled_at=NOW + timedelta(minutes=5))
    closed(place)
    assert (log.board(place.pk).failed, Award.objects.count()) == ("cancelled", 0)
    assert log.board(place.pk).names == {}


def test_who_is_restricted_by_then_is_passed_over_and_the_log_says_so():
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "48000.00")
    bid(place, place.entries[1], "45000.00")
    agencies.restrict(
        agency_id=place.agencies[1].pk, kind="suspended", starts_at=NOW, ends_at=NOW + timedelta(days=90),
        ground="提供虚假报告", source="/x/", by=By(),
    )  # fmt: skip
    closed(place)
    assert selectors.standing_award(place.need.pk).agency == place.agencies[0]
    assert log.board(place.pk).excluded == {place.entries[1].pseudonym}


def excluded(place):
    return [tuple(record.event.data.values()) for record in log.read(place.pk) if record.event.kind == "excluded"]


def test_who_no_longer_offers_the_service_is_passed_over():
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "48000.00")
    bid(place, place.entries[1], "45000.00")
    gone = place.agencies[1]
    service = agencies_selectors.services(gone.pk).get(item_code=place.need.item.code)
    agencies.withdraw_service(service_id=service.pk, agency=gone, by=By())
    closed(place)
    assert selectors.standing_award(place.need.pk).agency == place.agencies[0]
    assert excluded(place) == [(place.entries[1].pseudonym, "service")]


def test_without_the_licence_the_law_asks_for_nobody_is_awarded():
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "48000.00")
    ServiceItem.objects.filter(pk=place.need.item_id).update(licence_kind="测绘资质")
    closed(place)
    assert Award.objects.count() == 0
    assert excluded(place) == [(place.entries[0].pseudonym, "licence")]
    assert log.board(place.pk).failed == "none_left"


def test_a_pseudonym_is_given_once_even_when_its_bearer_left():
    """Were it given again, the record would show two agencies under one name."""
    place = world.competition(running=False, bidders=1, now=NOW)
    first, names = place.agencies[0].pk, []
    with clock.at(NOW):
        services.withdraw(competition_id=place.pk, agency_id=first, by=By())
    for agency_id in (first, world.agency(2).pk):
        with clock.at(NOW), chance.seeded(7):
            names.append(services.enter(competition_id=place.pk, agency_id=agency_id, by=By()).pseudonym)
            services.withdraw(competition_id=place.pk, agency_id=agency_id, by=By())
    assert len({place.entries[0].pseudonym, *names}) == 3


def test_one_that_cannot_be_closed_keeps_no_other_open(monkeypatch):
    asked = []

    def broken(*, competition_id):
        asked.append(competition_id)
        raise KeyError(competition_id)

    monkeypatch.setattr(selectors, "due", lambda _now: [1, 2])
    monkeypatch.setattr(services, "finalise", broken)
    tasks.close_due_competitions()
    assert asked == [1, 2]


def test_looking_whether_a_running_auction_is_over_does_not_touch_its_log(monkeypatch):
    place = world.competition(bidders=1, now=NOW)
    monkeypatch.setattr(log, "lock", None)
    with clock.at(NOW):
        assert services.finalise(competition_id=place.pk) is False


def test_bids_held_while_the_database_was_away_come_before_the_close(monkeypatch):
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "48000.00")
    monkeypatch.setattr(closing, "_just_connected", lambda _end: True)
    shortly = timedelta(minutes=29, seconds=3)
    assert closed(place, shortly).closed_at is None
    monkeypatch.undo()
    assert closed(place, shortly).closed_at


def test_nobody_withdraws_from_what_is_over():
    place = world.competition(running=False, now=NOW)
    with clock.at(NOW):
        services.cancel_competition(need_id=place.need.pk)
        arguments = {"competition_id": place.pk, "agency_id": place.agencies[0].pk, "by": By()}
        assert refusal(services.withdraw, **arguments) == "entry.closed"
