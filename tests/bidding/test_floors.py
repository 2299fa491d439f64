"""Sealed floors on the real database: deposited, answered for, opened, and seen by nobody else."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from agencies import services as agencies
from bidding import committer, floors, log, selectors, services, tasks
from bidding.models import LogEvent, SealedFloor
from bidding.rules import proxy
from bidding.rules.auction import Offer
from bidding.rules.proxy import RESTRICTED, TAKEN_BACK, Deposit, Floor
from bidding.services.floors import Book
from bidding.verify import verify, verify_receipt
from core import clock
from core.audit import By
from core.errors import Refusal
from core.money import Money
from tests.bidding import world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(minutes=30)
_refs = iter(range(10_000))


def place_all(place, *asked, at=NOW):
    with clock.at(at):
        return committer.place_all(competition_id=place.pk, offers=[(one, at) for one in asked])


def floor(place, index, amount, at=NOW, ref=""):
    ref = ref or f"floor-{next(_refs):06d}"
    asked = Deposit(place.entries[index].pseudonym, Money.of(amount).amount if amount else None, ref)
    return place_all(place, asked, at=at)[0]


def bid(place, index, amount, at=NOW):
    asked = Offer(place.entries[index].pseudonym, Money.of(amount).amount, f"bid-{next(_refs):06d}")
    return place_all(place, asked, at=at)[0]


def bids(place):
    """[(number of the bidder, amount, automatic)]"""
    names = [entry.pseudonym for entry in place.entries]
    return [(names.index(bid.by), f"{bid.amount:.0f}", bid.auto) for bid in log.board(place.pk).bids]


def closed(place, after=timedelta(hours=3)):
    with clock.at(NOW + after):
        services.finalise(competition_id=place.pk)
    return place.reload()


def record(place):
    return json.loads(json.dumps(selectors.record_file(place.pk)))


def fault(place):
    last = verify(record(place))[-1]
    return last.fault and f"{last.code}: {last.fault}"


def test_a_floor_answers_each_bid_by_the_least_step():
    place = world.competition(now=NOW)
    floor(place, 0, "46000")
    bid(place, 1, "48000")
    bid(place, 1, "46500")
    bid(place, 1, "46000")
    assert bids(place) == [
        (0, "50000", True), (1, "48000", False), (0, "47750", True), (1, "46500", False), (0, "46250", True),
        (1, "46000", False),
    ]  # fmt: skip
    assert closed(place).closed_at
    assert not fault(place)


def test_of_two_floors_the_lower_leads_a_step_below_the_other():
    place = world.competition(now=NOW)
    floor(place, 0, "46000")
    floor(place, 1, "44000")
    assert bids(place)[-2:] == [(0, "46000", True), (1, "45750", True)]
    assert [row["by"] for row in selectors.snapshot(place.pk)["lowest"]] == [
        place.entries[1].pseudonym, place.entries[0].pseudonym
    ]  # fmt: skip
    closed(place)
    assert not fault(place)


def test_a_batch_with_floors_and_bids_is_decided_in_its_order():
    place = world.competition(now=NOW)
    names = [entry.pseudonym for entry in place.entries]
    answers = place_all(
        place,
        Deposit(names[0], Money.of("46000").amount, "floor-in-a-batch"),
        Offer(names[1], Money.of("47000").amount, "bid-in-a-batch"),
        Offer(names[2], Money.of("47000").amount, "bid-too-late-now"),
    )
    assert [getattr(answer, "code", "") for answer in answers] == ["", "", "bid.step"]
    assert bids(place) == [(0, "50000", True), (1, "47000", False), (0, "46750", True)]


def test_floors_from_before_the_start_act_at_the_start_whoever_looks_first():
    for look in (
        lambda place: services.begin(competition_id=place.pk),
        lambda _place: tasks.begin_due_competitions(),
        lambda place: place_all(place, Offer(place.entries[2].pseudonym, Money.of("40000").amount, "the-first-bid")),
        closed,
    ):
        with transaction.atomic():
            place = world.competition(now=NOW)
            floor(place, 0, "46000", at=BEFORE)
            floor(place, 1, "47000", at=BEFORE)
            assert bids(place) == []
            with clock.at(NOW):
                look(place)
            assert bids(place)[:2] == [(1, "47000", True), (0, "46750", True)]
            assert {bid.at for bid in log.board(place.pk).bids[:2]} == {place.competition.starts_at}
            closed(place)
            assert not fault(place)
            transaction.set_rollback(True)


def test_looking_again_changes_nothing():
    place = world.competition(now=NOW)
    floor(place, 0, "46000", at=BEFORE)
    with clock.at(NOW):
        assert services.begin(competition_id=place.pk)
        assert not services.begin(competition_id=place.pk)
        assert place.pk not in selectors.to_begin(NOW)
    assert len(bids(place)) == 1


def test_before_the_start_a_floor_does_nothing():
    place = world.competition(now=NOW)
    floor(place, 0, "46000", at=BEFORE)
    with clock.at(BEFORE):
        assert not services.begin(competition_id=place.pk)
        assert place.pk not in selectors.to_begin(BEFORE)


def test_a_floor_can_be_replaced_and_taken_back():
    place = world.competition(now=NOW)
    floor(place, 0, "46000")
    floor(place, 0, "47000")
    bid(place, 1, "47200")
    assert bids(place)[-1] == (1, "47200", False)  # the one in force is 47,000, and 46,950 is below it
    floor(place, 0, "45000")
    assert bids(place)[-1] == (0, "46950", True)
    floor(place, 0, None)
    bid(place, 1, "46000")
    assert bids(place)[-1] == (1, "46000", False)
    closed(place)
    assert not fault(place)


def test_a_floor_extends_the_end_like_a_bid_by_hand():
    place = world.competition(now=NOW)
    bid(place, 1, "48000")
    last_minute = place.competition.ends_at - timedelta(seconds=60)
    floor(place, 0, "46000", at=last_minute)
    assert place.reload().ends_at == last_minute + timedelta(seconds=180)
    closed(place)
    assert not fault(place)


@pytest.mark.parametrize(
    ("amount", "at", "code"),
    [
        ("50000.01", NOW, "floor.above_ceiling"),
        ("47900", NOW, "floor.passed"),
        (None, NOW, "floor.none"),
        ("40000", NOW + timedelta(hours=1), "bid.late"),
    ],
)
def test_a_floor_that_cannot_stand_is_refused_and_leaves_nothing(amount, at, code):
    place = world.competition(now=NOW)
    bid(place, 1, "48000")
    before = log.board(place.pk).seq
    answer = floor(place, 0, amount, at=at)
    assert isinstance(answer, Refusal)
    assert answer.code == code
    assert "47900" not in str(answer)
    assert (log.board(place.pk).seq, SealedFloor.objects.count()) == (before, 0)


def test_the_same_reference_counts_once():
    place = world.competition(now=NOW)
    first = floor(place, 0, "46000", ref="one-and-the-same")
    again = floor(place, 0, "45000", ref="one-and-the-same")
    assert again == first
    assert SealedFloor.objects.count() == 1


def test_a_receipt_opens_the_seal_for_its_owner():
    place = world.competition(now=NOW)
    receipt = floor(place, 0, "46000")
    assert receipt["opening"]["amount"] == "46000.00"
    assert "46000" not in receipt["body"]
    assert "ref" not in receipt
    closed(place)
    kept = {"format": "open-market-receipt", "version": 1, "competition": place.pk, **receipt}
    assert [finding.fault for finding in verify_receipt(kept, record(place))] == ["", "", "", ""]
    forged = {**kept, "opening": {**kept["opening"], "amount": "45000.00"}}
    assert "not what its record seals" in verify_receipt(forged, record(place))[-1].fault
    assert committer.stored_receipt(place.pk, receipt["seq"]) == receipt


def test_the_close_opens_what_was_passed_and_keeps_the_winners_floor():
    place = world.competition(now=NOW)
    floor(place, 0, "46000")
    floor(place, 1, "40000")
    floor(place, 2, "30000")
    floor(place, 2, None)
    closed(place)
    opened = {row["by"]: row.get("amount") for row in log.board(place.pk).floors}
    names = [entry.pseudonym for entry in place.entries]
    assert opened == {names[0]: "46000.00", names[1]: "40000.00", names[2]: TAKEN_BACK}
    sealed = [row for row in log.board(place.pk).floors if "amount" not in row]
    assert [row["by"] for row in sealed] == [names[2]]  # 30,000 was never reached
    assert not fault(place)


def test_the_winners_floor_is_nowhere_in_the_record():
    place = world.competition(now=NOW)
    floor(place, 0, "41234.56")
    bid(place, 1, "48000")
    closed(place)
    assert bids(place)[-1] == (0, "47750", True)
    assert "41234" not in json.dumps(record(place))
    assert not fault(place)


def test_a_cancelled_competition_opens_nothing():
    place = world.competition(now=NOW)
    floor(place, 0, "46000")
    bid(place, 1, "45000")
    with clock.at(NOW):
        services.cancel_competition(need_id=place.need.pk)
    assert log.board(place.pk).floors == []
    assert "46000" not in json.dumps(record(place))
    assert not fault(place)


def test_floors_of_a_competition_cancelled_before_its_start_stay_silent():
    place = world.competition(now=NOW)
    floor(place, 0, "46000", at=BEFORE)
    floor(place, 1, "45000", at=BEFORE)
    with clock.at(BEFORE):
        services.cancel_competition(need_id=place.need.pk)
    assert bid(place, 2, "48000").code == "bid.closed"
    assert bids(place) == []
    assert log.board(place.pk).failed == "cancelled"


def test_who_withdraws_has_no_floor_any_more():
    place = world.competition(bidders=4, now=NOW)
    floor(place, 0, "46000", at=BEFORE)
    with clock.at(BEFORE):
        services.withdraw(competition_id=place.pk, agency_id=place.agencies[0].pk, by=By(None, place.agencies[0].pk))
    with clock.at(NOW):
        assert not services.begin(competition_id=place.pk)
    bid(place, 1, "48000")
    closed(place)
    assert not fault(place)
    assert "46000" not in json.dumps(record(place))


def test_a_restriction_ends_a_floor_before_it_bids():
    place = world.competition(now=NOW)
    floor(place, 0, "46000")
    with clock.at(NOW):
        agencies.restrict(
            agency_id=place.agencies[0].pk, kind="suspended", starts_at=NOW - timedelta(minutes=1),
            ends_at=NOW + timedelta(days=9), ground="test", source="test",
        )  # fmt: skip
    bid(place, 1, "48000")
    assert bids(place)[-1] == (1, "48000", False)
    closed(place)
    assert RESTRICTED in [row.get("amount") for row in log.board(place.pk).floors]
    assert not fault(place)


# Nobody sees it.


def test_the_database_holds_nothing_readable():
    place = world.competition(now=NOW)
    floor(place, 0, "41234.56")
    pseudonym = place.entries[0].pseudonym
    [row] = SealedFloor.objects.all()
    for text in (b"41234", pseudonym.encode(), b"floor-"):
        assert text not in bytes(row.sealed)
    for amount in ("1.00", "49999.99", None):
        floor(place, 1, amount)
    assert len({len(bytes(row.sealed)) for row in SealedFloor.objects.all()}) == 1
    assert not LogEvent.objects.filter(competition_id=place.pk, key__contains="floor-").exists()


def test_a_row_moved_to_another_place_does_not_open():
    place = world.competition(now=NOW)
    floor(place, 0, "46000", at=BEFORE)
    [row] = SealedFloor.objects.all()
    SealedFloor.objects.bulk_create(
        [SealedFloor(competition_id=place.pk, seq=99, key_id=row.key_id, nonce=row.nonce, sealed=row.sealed)]
    )
    with pytest.raises(floors.FloorKeyError):
        floors.read(place.pk)


def test_seals_cannot_be_changed_or_removed():
    place = world.competition(now=NOW)
    floor(place, 0, "46000")
    for statement in ("UPDATE bidding_sealedfloor SET seq = 1", "DELETE FROM bidding_sealedfloor"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_key_used_before_still_opens(settings):
    place = world.competition(now=NOW)
    settings.FLOOR_KEY = "the first key " * 4
    floor(place, 0, "46000", at=BEFORE)
    settings.FLOOR_KEY, settings.PAST_FLOOR_KEYS = "the second key " * 4, ["the first key " * 4]
    assert floors.own(place.pk, place.entries[0].pseudonym).held == "46000.00"
    settings.FLOOR_KEY = "too short"
    with pytest.raises(floors.FloorKeyError):
        floors.own(place.pk, place.entries[0].pseudonym)
    settings.FLOOR_KEY, settings.PAST_FLOOR_KEYS = "the second key " * 4, []
    with pytest.raises(floors.FloorKeyError):
        floors.read(place.pk)


def test_competitions_without_floors_ask_the_database_nothing_more():
    place = world.competition(now=NOW)
    bid(place, 1, "49000")
    board = log.board(place.pk)
    pending = committer.Pending(
        Offer(place.entries[0].pseudonym, Money.of("48000").amount, "one-more-bid"), NOW, lambda _answer: None
    )
    with clock.at(NOW), CaptureQueriesContext(connection) as asked:
        committer.commit(place.pk, board, [pending])
    assert not [query for query in asked.captured_queries if "floor" in query["sql"]]


@pytest.mark.parametrize("forgotten", ["answer", "start"])
def test_an_engine_that_forgets_a_floor_is_caught_by_anyone(monkeypatch, forgotten):
    monkeypatch.setattr(Book, forgotten, lambda *_args: [])
    place = world.competition(now=NOW)
    floor(place, 0, "46000", at=BEFORE)
    bid(place, 1, "48000")
    closed(place)
    assert fault(place).startswith("floors: ")


def test_an_engine_that_bids_for_nobody_s_floor_is_caught_by_anyone(monkeypatch):
    place = world.competition(now=NOW)
    floor(place, 0, "46000", at=BEFORE)
    lower = {place.entries[0].pseudonym: Floor(Decimal("40000.00"), 5, place.entries[0].pseudonym)}
    monkeypatch.setattr(proxy, "in_force", lambda *_args: lower)
    bid(place, 1, "45000")
    monkeypatch.undo()
    closed(place)
    assert fault(place).startswith("floors: ")
