"""What a snapshot holds of a long auction."""

from datetime import timedelta
from decimal import Decimal

from bidding import frames
from bidding.rules.record import Event
from tests.bidding.boards import START, add, opened


def test_a_long_ladder_is_cut_to_its_latest_bids_and_says_so():
    board = opened("K7", "M2", "P3", step=Decimal("1.00"))
    names = ["P3"] + ["K7", "M2"] * 600
    for number, by in enumerate(names):
        amount = str(Decimal("50000.00") - number)
        add(
            board, Event("bid", START + timedelta(seconds=number), {"by": by, "amount": amount, "ref": f"{number:08d}"})
        )
    picture = frames.snapshot(board, "", START + timedelta(seconds=1300))
    assert (picture["ladder_from"], len(picture["ladder"])) == (201, 1000)
    assert picture["ladder"][-1]["seq"] == board.seq
    assert [bid["by"] for bid in picture["lowest"]] == ["M2", "K7", "P3"]
