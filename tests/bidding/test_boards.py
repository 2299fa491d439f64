"""Boards kept between requests: always what the log says, whatever was rolled back, put back or appended meanwhile."""

import pytest
from django.db import connection, transaction

from bidding import boards, committer, log
from bidding.models import LogEvent
from bidding.rules.auction import Offer
from core import clock
from core.money import Money
from tests.bidding import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_kept():
    boards._kept.clear()


def bid(place, amount, entry=0):
    offer = Offer(place.entries[entry].pseudonym, Money.of(amount).amount, f"ref-{amount[:5]}")
    return committer.place_all(competition_id=place.pk, offers=[(offer, clock.now())])


def same(place):
    return boards.board(place.pk) == log.board(place.pk)


def test_a_kept_board_goes_on_with_the_log_and_those_who_hold_it_keep_theirs():
    place = world.competition()
    bid(place, "48000.00")
    first = boards.board(place.pk)
    bids = list(first.bids)
    bid(place, "47000.00", entry=1)
    assert same(place)
    assert (first.bids, first.seq) == (bids, boards.board(place.pk).seq - 1)


def test_without_news_one_record_is_read(django_assert_num_queries):
    place = world.competition()
    bid(place, "48000.00")
    first = boards.board(place.pk)
    with django_assert_num_queries(1):
        assert boards.board(place.pk) is first


def test_what_is_rolled_back_is_seen_inside_and_kept_by_nobody():
    place = world.competition()
    bid(place, "48000.00")
    before = boards.board(place.pk)
    with transaction.atomic():
        bid(place, "47000.00", entry=1)
        assert same(place)
        transaction.set_rollback(True)
    assert boards.board(place.pk) is before
    assert same(place)


def test_another_story_under_the_same_number_is_read_from_the_start():
    place = world.competition()
    bid(place, "48000.00")
    boards.board(place.pk)
    with connection.cursor() as cursor:  # as a restored copy would: the application itself cannot
        cursor.execute("ALTER TABLE bidding_logevent DISABLE TRIGGER USER")
        LogEvent.objects.filter(competition_id=place.pk).order_by("-seq").first().delete()
        cursor.execute("UPDATE bidding_competition SET last_seq = last_seq - 1 WHERE id = %s", [place.pk])
        cursor.execute("ALTER TABLE bidding_logevent ENABLE TRIGGER USER")
    assert same(place)
    assert not boards.board(place.pk).bids


def test_only_so_many_are_kept(monkeypatch):
    monkeypatch.setattr(boards, "MOST", 1)
    place = world.competition()
    boards.board(place.pk)
    boards._keep(boards.Board(place.pk + 1))
    assert list(boards._kept) == [place.pk + 1]
