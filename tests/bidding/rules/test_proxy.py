"""Sealed floors: what they do at once is what would happen if the price fell fen by fen before them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.rules import proxy
from bidding.rules.auction import Refused, Repeated
from bidding.rules.proxy import RESTRICTED, TAKEN_BACK, Deposit, Floor, Seal
from bidding.rules.record import Event
from tests.bidding.boards import END, START, add, opened

FEN = Decimal("0.01")
NOW = START + timedelta(minutes=5)
NAMES = ("K7", "M2", "P3", "R5", "S9")


def led(by=None, amount=None, **changes):
    board = opened(*NAMES, **changes)
    return add(board, manual(by, amount)) if by else board


def manual(by, amount, at=NOW):
    return Event("bid", at, {"by": by, "amount": f"{Decimal(amount):.2f}", "ref": f"{by}-{amount}"})


def floors(*given):
    """("K7", "47000"), … in the order they were sealed."""
    return {by: Floor(Decimal(amount), seq, by) for seq, (by, amount) in enumerate(given, 100)}


def shown(bids):
    return [f"{by} {amount:,.0f}" for by, amount in bids]


K47, M45, P485, K46 = ("K7", "47000"), ("M2", "45000"), ("P3", "48500"), ("K7", "46000")


@pytest.mark.parametrize(
    ("leads", "sealed", "expected"),
    [
        (None, [K47], ["K7 50,000"]),
        (None, [K47, M45, P485], ["P3 48,500", "K7 47,000", "M2 46,750"]),
        (None, [K47, ("M2", "47000")], ["M2 47,250", "K7 47,000"]),
        (("P3", "47000"), [K46], ["K7 46,750"]),
        (("K7", "48000"), [K46, ("M2", "47100")], ["M2 47,100", "K7 46,850"]),
        (("K7", "48000"), [K46, M45], ["M2 47,750", "K7 46,000", "M2 45,750"]),
        (("K7", "48000"), [("K7", "47500"), ("M2", "47400")], ["M2 47,750", "K7 47,500"]),
        (("P3", "47700"), [("M2", "47900")], []),
        (("K7", "48000"), [K46], []),
        (("M2", "300"), [("K7", "10")], ["K7 50"]),
        (("M2", "250"), [("K7", "0.01")], []),
    ],
)
def test_the_documented_examples_come_out_as_documented(leads, sealed, expected):
    assert shown(proxy.automatic(led(*(leads or ())), floors(*sealed))) == expected


amounts = st.integers(1, 60).map(lambda fen: Decimal(fen) * FEN)
situations = st.tuples(
    st.one_of(st.none(), st.tuples(st.sampled_from(NAMES), amounts)),
    st.lists(st.tuples(st.sampled_from(NAMES), amounts), max_size=5, unique_by=lambda floor: floor[0]),
    st.integers(1, 9).map(lambda fen: Decimal(fen) * FEN),
)


def situation(drawn):
    """A small market in fen, so that every step can be walked: ceiling 0.60."""
    leads, sealed, step = drawn
    board = led(*(leads or ()), ceiling=Decimal("0.60"), step=step)
    return board, {by: Floor(amount, seq, by) for seq, (by, amount) in enumerate(sealed, 100)}


@given(situations)
def test_every_automatic_bid_is_one_its_bidder_could_make_then_and_wants(drawn):
    board, sealed = situation(drawn)
    for by, amount in proxy.automatic(board, sealed):
        assert board.best is None or board.best.by != by  # never against itself
        assert sealed[by].amount <= amount <= board.next_max
        add(board, manual(by, amount))


@given(situations)
def test_afterwards_no_floor_is_left_that_could_bid(drawn):
    board, sealed = situation(drawn)
    for by, amount in proxy.automatic(board, sealed):
        add(board, manual(by, amount))
    assert proxy.automatic(board, sealed) == []
    for floor in sealed.values():
        assert (board.best is not None and board.best.by == floor.by) or proxy.passed(board, floor.amount)


@given(situations)
def test_the_lowest_floor_leads_unless_the_price_is_within_two_steps_of_it(drawn):
    board, sealed = situation(drawn)
    for by, amount in proxy.automatic(board, sealed):
        add(board, manual(by, amount))
    if sealed:
        lowest = min(sealed.values())
        assert board.best.by == lowest.by or board.best.amount - lowest.amount < 2 * board.fixed.step


@given(situations)
def test_a_floor_bids_as_often_as_it_takes_and_no_more(drawn):
    """One challenge to the leader at the most, then one last stand of each floor, and one bid of the winner."""
    board, sealed = situation(drawn)
    bids = proxy.automatic(board, sealed)
    assert len(bids) <= len(sealed) + 1
    names = [by for by, _ in bids]
    assert len(set(names[1:])) == len(names[1:])


@given(situations)
def test_the_outcome_is_that_of_a_price_that_falls_fen_by_fen(drawn):
    board, sealed = situation(drawn)
    by, amount = clock(board, sealed)
    for bid in proxy.automatic(board, sealed):
        add(board, manual(*bid))
    assert ((board.best.by, board.best.amount) if board.best else (None, None)) == (by, amount)


def clock(board, sealed):
    """Step by step: who leads in the end, and at what price. The price falls before those who can still bid; each
    leaves below its floor, of equal ones the later first. The last one stays a step below where the one before left.
    """
    step = board.fixed.step
    leader, price = (board.best.by, board.best.amount) if board.best else (None, None)
    limit = board.next_max or Decimal(0)
    while waiting := [floor for floor in sealed.values() if floor.by != leader and floor.amount <= limit]:
        answering = [floor for floor in sealed.values() if floor.by == leader and floor.amount <= limit - step]
        inside, at, left = waiting + answering, limit, None
        while len(inside) > 1:
            below = [floor for floor in inside if floor.amount == at]
            if below:
                left = max(below, key=lambda floor: floor.seq)
                inside.remove(left)
            else:
                at -= FEN
        winner = inside[0]
        if answering and winner is not answering[0]:
            # a sitting leader must be challenged first: one step, and then it is the challenger who can be answered
            challenger = min(waiting, key=lambda floor: (floor.amount, floor.seq))
            leader, price, limit = challenger.by, limit, limit - step
            continue
        if left is None or winner.amount > limit - step:
            leader, price = winner.by, limit
        else:
            leader, price = winner.by, max(left.amount - step, winner.amount)
        limit = price - step
        if limit < FEN:
            break
    return leader, price


@given(situations)
def test_whole_steps_one_after_another_choose_the_same_winner_when_floors_are_apart(drawn):
    """Whoever sat at the screen and always bid the next acceptable amount would get the same, to within two steps."""
    board, sealed = situation(drawn)
    by, amount = stepping(board, sealed)
    ordered = sorted(sealed.values())
    for bid in proxy.automatic(board, sealed):
        add(board, manual(*bid))
    best = board.best
    assert (best is None) == (by is None)
    if best is None:
        return
    assert abs(best.amount - amount) < 2 * board.fixed.step
    if len(ordered) < 2 or ordered[1].amount - ordered[0].amount >= 2 * board.fixed.step:
        assert best.by == by


def stepping(board, sealed):
    """Always the next acceptable amount, of several the floor that was sealed first."""
    leader, price = (board.best.by, board.best.amount) if board.best else (None, None)
    limit, step = board.next_max or Decimal(0), board.fixed.step
    while limit >= FEN:
        able = [floor for floor in sealed.values() if floor.by != leader and floor.amount <= limit]
        if not able:
            break
        leader, price = min(able, key=lambda floor: floor.seq).by, limit
        limit -= step
    return leader, price


@given(situations, st.integers(0, 4))
def test_an_amount_that_stays_sealed_may_be_anything_as_low(drawn, which):
    """What a verifier does not know it takes as 0, and finds the same bids."""
    board, sealed = situation(drawn)
    for by, amount in (bids := proxy.automatic(board, sealed)):
        add(board, manual(by, amount))
    unknown = {by: floor for by, floor in sealed.items() if not proxy.passed(board, floor.amount)}
    guessed = {by: Floor(Decimal(0), floor.seq, by) if by in unknown else floor for by, floor in sealed.items()}
    again, _ = situation(drawn)
    assert proxy.automatic(again, guessed) == bids
    assert len(unknown) <= 1


def seal(seq, by, held, ref="ref-00000001"):
    return Seal(seq, by, held, "ab" * 32, ref)


def deposit(by="K7", amount="47000.00", ref="ref-00000009"):
    return Deposit(by, None if amount is None else Decimal(amount), ref)


def test_a_deposit_is_sealed_from_entry_until_the_end():
    board = opened("K7")
    for at in (START - timedelta(days=1), NOW, END - timedelta(microseconds=1)):
        assert proxy.decide(board, deposit(), at, []) == "47000.00"
    assert proxy.decide(board, deposit(), END, []) == Refused("bid.late")
    assert proxy.decide(board, deposit("X1"), NOW, []) == Refused("bid.not_entered")


def test_a_floor_that_could_not_bid_is_refused():
    assert proxy.decide(led("M2", "46000"), deposit(), NOW, []) == Refused("floor.passed")
    assert proxy.decide(opened("K7"), deposit(amount="50000.01"), NOW, []) == Refused("floor.above_ceiling")


def test_taking_back_needs_something_to_take_back():
    board = opened("K7")
    assert proxy.decide(board, deposit(amount=None), NOW, []) == Refused("floor.none")
    mine = [seal(5, "K7", "47000.00")]
    assert proxy.decide(board, deposit(amount=None), NOW, mine) == TAKEN_BACK
    assert proxy.decide(board, deposit(amount=None), NOW, [*mine, seal(6, "K7", TAKEN_BACK)]) == Refused("floor.none")


def test_a_repetition_is_the_first_one_again():
    mine = [seal(5, "K7", "47000.00", "ref-00000009"), seal(6, "K7", "46000.00")]
    assert proxy.decide(opened("K7"), deposit(amount="40000.00"), NOW, mine) == Repeated(5)
    assert proxy.decide(opened("K7"), deposit(amount="46000.00", ref="another-ref"), NOW, mine) == Repeated(6)


def test_nobody_can_fill_the_record_with_seals():
    mine = [seal(n, "K7", f"{40000 - n}.00") for n in range(proxy.MOST_SEALS)]
    assert proxy.decide(opened("K7"), deposit(), NOW, mine) == Refused("floor.too_many")
    assert proxy.decide(opened("K7"), deposit(amount=None), NOW, mine) == TAKEN_BACK


def test_the_newest_seal_of_each_entrant_is_in_force():
    seals = [seal(3, "K7", "47000.00"), seal(4, "M2", "46000.00"), seal(5, "K7", "45000.00"), seal(6, "X1", "1.00")]
    assert proxy.in_force(opened("K7", "M2"), seals) == floors_at(("K7", "45000", 5), ("M2", "46000", 4))
    ended = [*seals, seal(7, "K7", RESTRICTED)]
    assert list(proxy.in_force(opened("K7", "M2"), ended)) == ["M2"]


def floors_at(*given):
    return {by: Floor(Decimal(amount), seq, by) for by, amount, seq in given}


def test_automatic_bids_extend_the_end_like_any_bid():
    board = led("M2", "48000")
    events = proxy.answers(board, floors(K46), END - timedelta(seconds=60))
    assert [event.kind for event in events] == ["bid", "extended"]
    assert events[0].data == {"by": "K7", "amount": "47750.00", "ref": "", "auto": True}


def test_what_was_sealed_before_the_start_bids_at_the_start():
    [event] = proxy.answers(opened("K7"), floors(K46), START - timedelta(days=1))
    assert event.at == START


def test_the_opening_shows_what_was_passed_and_nothing_else():
    board = opened("K7", "M2", "P3")
    sealed = [
        seal(5, "K7", "47000.00"),
        seal(6, "M2", "40000.00"),
        seal(7, "P3", "49000.00"),
        seal(8, "P3", "taken_back"),
    ]
    for _ in sealed:
        add(board, Event("floor_sealed", START - timedelta(hours=1), {"commitment": "00" * 32}))
    add(board, manual("K7", "47000"), manual("M2", "46750"))
    [event] = proxy.opening(board, sealed, END)
    opened_up = {row["seq"]: row.get("amount") for row in event.data["floors"]}
    assert opened_up == {5: "47000.00", 6: None, 7: None, 8: "taken_back"}  # 7 ended before bidding began
    row = event.data["floors"][0]
    assert proxy.cover(row["amount"], row["salt"]) == row["cover"]


def test_floors_do_not_show_in_words():
    for thing in (deposit(), seal(5, "K7", "47000.00"), floors(K47)["K7"]):
        assert "47000" not in repr(thing)
