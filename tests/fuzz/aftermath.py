"""After the fuzzing: what the log, the picture and the record say."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from bidding import log, selectors, services
from bidding.verify import verify
from core import clock
from tests.bidding.picture import timeless
from tests.fuzz.visitors import HIDDEN


def wrongs(market, picture):
    """Everything that is not as it should be, in words. Closes the competition."""
    board = log.board(market.competition)
    found = list(market.faults)
    bids = [record.event.data for record in log.read(market.competition) if record.event.kind == "bid"]
    found += [f"nobody sent {data}" for data in bids if not _sent(market, data)]
    found += [f"{key} is in the log {times} times" for key, times in _keys(bids).items() if times > 1]
    hashes = {record.seq: record.hash for record in log.read(market.competition)}
    found += [f"receipt {row['seq']} is not kept" for row in market.receipts if hashes.get(row["seq"]) != row["hash"]]
    if picture.timeless() != timeless(selectors.snapshot(market.competition)):
        found.append("the onlooker's picture is not the log's")
    acknowledged = {row["seq"] for row in market.receipts if "amount" in row}
    found += [f"receipt {seq} is for no bid" for seq in acknowledged - {bid.seq for bid in board.bids}]
    with clock.at(board.fixed.hard_ends_at + timedelta(hours=1)):
        services.finalise(competition_id=market.competition)
    record = selectors.record_file(market.competition)
    found += ["the record holds a floor that was never reached" for body in record["records"] if HIDDEN in body]
    return found + [f"{finding.check}: {finding.fault}" for finding in verify(record) if finding.fault]


def _sent(market, data):
    return data.get("auto") or Decimal(data["amount"]) in market.sent.amounts[data["ref"]]


def _keys(bids):
    return Counter((data["by"], data["ref"]) for data in bids if not data.get("auto"))
