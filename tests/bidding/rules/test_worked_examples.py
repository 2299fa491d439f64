"""The worked examples of docs/verification.md, done by the rules as the page says."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bidding.rules.auction import Accepted, Offer, Refused, decide
from tests.bidding.boards import add, opened

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "verification.md").read_text()
SECTION = PAGE.split("### Worked example of the end")[1].split("\n## ")[0]
TERMS = re.search(r"end ([\d:]+), soft close (\d+) s, extension (\d+) s, hard end ([\d:]+)", SECTION)
MOMENT = r"\d\d:\d\d:\d\d(?:\.\d+)?"
ROWS = re.findall(rf"^\| ({MOMENT}) \| ({MOMENT}) \| ({MOMENT}|refused)", SECTION, re.MULTILINE)


def clock(text):
    """A moment of the page's day."""
    return datetime.fromisoformat(f"2026-03-02T{text}").replace(tzinfo=UTC)


def board_ending(end):
    """An auction with the page's terms whose end stands where earlier bids have moved it."""
    board = opened(
        "K7",
        starts_at=clock("09:00:00"),
        ends_at=end,
        hard_ends_at=clock(TERMS[4]),
        soft_close=timedelta(seconds=int(TERMS[2])),
        extension=timedelta(seconds=int(TERMS[3])),
    )
    assert board.end == end
    return board


def test_the_page_has_examples_of_each_kind():
    assert len(ROWS) >= 6
    assert ROWS[0][1] == TERMS[1]
    assert "refused" in {after for _at, _before, after in ROWS}


@pytest.mark.parametrize(("at", "before", "after"), ROWS)
def test_the_end_moves_as_the_page_says(at, before, after):
    board = board_ending(clock(before))
    decision = decide(board, Offer("K7", Decimal("40000.00"), "11111111"), clock(at))
    if after == "refused":
        assert decision == Refused("bid.late")
        return
    assert isinstance(decision, Accepted)
    assert add(board, *decision.events).end == clock(after)
