"""What must hold after a competition, whatever broke during it. Looks at the database itself, at the published record
and at what each client was told; believes none of them without the others.
"""

import asyncio
import json
import urllib.error
import urllib.request
from collections import Counter
from decimal import Decimal

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bidding.rules.record import climb, head_message, unstamp
from bidding.verify import verify
from tests.chaos import faults
from tests.chaos.picture import differences

FALL_BACK, TOLERANCE = 2.0, 1.0  # seconds until a bid is seen without a note; of this measurement
FAIR = 1.0  # a bid sent that long before the end over a connection that was answered cannot have come late


class Truth:
    """The rows of one competition, read past the market's own code."""

    def __init__(self, url, pk):
        with psycopg.connect(url) as connection:
            rows = connection.execute(
                "SELECT seq, body, hash, key FROM bidding_logevent WHERE competition_id = %s ORDER BY id", [pk]
            ).fetchall()
            self.row = connection.execute(
                "SELECT last_seq, head_hash, best_amount, bid_count, closed_at FROM bidding_competition WHERE id = %s",
                [pk],
            ).fetchone()
            self.awards = connection.execute(
                "SELECT amount, pseudonym FROM bidding_award JOIN bidding_entry USING (competition_id, agency_id)"
                " WHERE competition_id = %s",
                [pk],
            ).fetchall()
        self.order = [seq for seq, *_ in rows]
        self.bodies = [body for _, body, _, _ in rows]
        self.hashes = [digest for *_, digest, _ in rows]
        self.keys = [key for *_, key in rows if key]
        self.records = [json.loads(body) for body in self.bodies]
        self.bids = [record for record in self.records if record["kind"] == "bid"]
        self.by_hand = [record for record in self.bids if "auto" not in record]  # those of floors have no reference

    @property
    def end(self):
        ends = [record["ends_at"] for record in self.records if record["kind"] == "extended"]
        return unstamp(ends[-1] if ends else self.records[0]["terms"]["ends_at"])


def last_seq(url, pk):
    """How far the log reaches and whether it has its last word; None while the database is away."""
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            return connection.execute(
                "SELECT last_seq, closed_at FROM bidding_competition WHERE id = %s", [pk]
            ).fetchone()
    except psycopg.OperationalError:
        return None


async def fetch(port, path, tries):
    """A page's JSON; tried again while the server comes back. Empty when there is none: the checks will say so."""

    def get():
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return json.loads(answer.read())

    for _ in range(tries):
        try:
            return await asyncio.to_thread(get)
        except (OSError, urllib.error.HTTPError):
            await asyncio.sleep(0.25)
    return {}


class Judge:
    """Collects what is wrong; counts what was looked at."""

    def __init__(self, crowd, truth, faults):
        self.crowd, self.truth, self.faults = crowd, truth, faults
        self.wrong = []
        self.looked = Counter()

    def run(self, record, pictures, keys):
        """`record` as it is published, a fresh snapshot of each process, and the public keys from elsewhere."""
        self.record, self.pictures, self.keys = record, pictures, keys
        for check in (self.acknowledged, self.answered, self.once, self.gapless, self.chain, self.winner, self.same,
                      self.fair, self.fallen_back, self.orderly):  # fmt: skip
            check()

    def hold(self, name, good, what):
        self.looked[name] += 1
        if not good:
            self.wrong.append(f"{name}: {what}")

    def acknowledged(self):
        """Every acknowledged bid stands in the log as its receipt says, under a signature, and in the result."""
        truth, lowest = self.truth, {}
        for record in truth.bids:
            lowest[record["by"]] = Decimal(record["amount"])
        for bidder in self.crowd.bidders:
            for ref, receipt in bidder.sealed.items():
                kept = receipt["seq"] <= len(truth.bodies) and truth.bodies[receipt["seq"] - 1] == receipt["body"]
                self.hold("acknowledged is sealed", kept, f"{bidder.name} {ref} acknowledged as {receipt['seq']}")
                self.hold("receipt proves itself", self._proves(receipt), f"{bidder.name} {ref}")
            for ref, receipt in bidder.receipts.items():
                there = receipt["seq"] <= len(truth.bodies) and truth.bodies[receipt["seq"] - 1] == receipt["body"]
                self.hold("acknowledged is counted", there, f"{bidder.name} {ref} acknowledged as {receipt['seq']}")
                self.hold("receipt proves itself", self._proves(receipt), f"{bidder.name} {ref}")
                good = bidder.name in lowest and lowest[bidder.name] <= Decimal(receipt["amount"])
                self.hold("acknowledged is in the result", good, f"{bidder.name} {ref} {receipt['amount']}")

    def _proves(self, receipt):
        message = head_message(self.crowd.pk, receipt["first"], receipt["last"], receipt["root"])
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.keys[receipt["key_id"]]))
            key.verify(bytes.fromhex(receipt["signature"]), message.encode())
        except (InvalidSignature, KeyError):
            return False
        return climb(receipt["hash"], receipt["path"]) == receipt["root"]

    def answered(self):
        """Every bid got its answer in the end, and what was refused is not in the log."""
        logged = {f"{record['by']}:{record['ref']}" for record in self.truth.by_hand}
        for bidder in self.crowd.bidders:
            settled = len(bidder.receipts) + len(bidder.sealed) + len(bidder.refusals)
            self.hold("every bid is answered", settled == bidder.sent, f"{bidder.name}: {settled} of {bidder.sent}")
            for ref, (code, *_) in bidder.refusals.items():
                self.hold("refused is not counted", f"{bidder.name}:{ref}" not in logged, f"{bidder.name} {ref} {code}")
        told = {f"{bidder.name}:{ref}" for bidder in self.crowd.bidders for ref in bidder.receipts}
        self.hold("nothing is counted untold", logged <= told, f"{sorted(logged - told)[:3]}")

    def once(self):
        self.hold("none twice", len(set(self.truth.keys)) == len(self.truth.keys), "a reference stands twice")
        refs = [(record["by"], record["ref"]) for record in self.truth.by_hand]
        self.hold("none twice", len(set(refs)) == len(refs), "a bid stands twice")

    def gapless(self):
        count = len(self.truth.order)
        self.hold("gapless", self.truth.order == list(range(1, count + 1)), f"{self.truth.order[-5:]} of {count}")

    def chain(self):
        """The published record is the log, and holds against a key that does not come from it."""
        self.hold("record is the log", self.record.get("records") == self.truth.bodies, "they differ")
        for finding in verify(self.record, self.keys):
            self.hold("record verifies", not finding.fault, f"{finding.check}: {finding.fault}")

    def winner(self):
        """The lowest of all bids in the log, found without the market's own rules."""
        last, head, best, count, closed_at = self.truth.row
        self.hold("row is the log", (last, head) == (len(self.truth.order), self.truth.hashes[-1]), f"{last} {head}")
        self.hold("row is the log", count == len(self.truth.bids), f"{count} bids")
        self.hold("closed", closed_at is not None, "never closed")
        if not self.truth.bids:
            return
        lowest = min(self.truth.bids, key=lambda record: Decimal(record["amount"]))
        expected = (Decimal(lowest["amount"]), lowest["by"])
        self.hold("winner is right", self.truth.awards == [expected], f"{self.truth.awards}, expected {expected}")
        self.hold("winner is right", best == expected[0], f"best amount {best}")
        offered = [Decimal(receipt["amount"]) for one in self.crowd.bidders for receipt in one.receipts.values()]
        self.hold("winner is right", min(offered, default=expected[0]) >= expected[0], "a lower bid was acknowledged")

    def same(self):
        """Every client's picture is a fresh snapshot, from whichever process."""
        for snapshot in self.pictures:
            self.hold("fresh snapshots agree", snapshot == self.pictures[0], "two processes show different pictures")
        self.hold("snapshot is the log", self.pictures[0].get("head") == self.truth.hashes[-1], "another head")
        for one in self.crowd.all:
            unlike = differences(one.picture, self.pictures[0]) if one.picture else ["everything"]
            self.hold("same picture", not unlike, f"{getattr(one, 'name', 'onlooker')} differs in {unlike}")

    def fair(self):
        """No bid that was sent well before the end over a living connection came late."""
        end = self.truth.end.timestamp()
        stopped = [fault for fault in self.faults if fault.struck]
        for bidder in self.crowd.bidders:
            for ref, (code, bid, connection, answered) in bidder.refusals.items():
                if code not in ("bid.late", "bid.closed") or bid.line != connection:
                    continue
                disturbed = any(bid.first_sent - 0.1 < fault.struck < answered for fault in stopped)
                early = end - bid.first_sent
                self.hold(
                    "in time is in time", early < FAIR or disturbed, f"{bidder.name} {ref} sent {early:.2f} s early"
                )
        late = [record for record in self.truth.bids if unstamp(record["at"]) >= self.truth.end]
        self.hold("late does not count", not late, f"{late[:2]}")

    def fallen_back(self):
        """Where nothing but Redis broke, onlookers lived from the log meanwhile. How slow this machine is at other
        things shows before it broke.
        """
        struck = [fault.struck for fault in self.faults if fault.struck]
        if not struck or any(fault.kind not in (faults.REDIS, faults.REDIS_FREEZE) for fault in self.faults):
            return
        usual = max((seconds for at, seconds in self.crowd.delays if at < min(struck)), default=0.0)
        for at, seconds in self.crowd.delays:
            good = at < min(struck) or seconds <= FALL_BACK + usual + TOLERANCE
            self.hold("seen from the log in time", good, f"a bid was seen after {seconds:.2f} s, usually {usual:.2f}")

    def orderly(self):
        for one in self.crowd.all:
            self.hold("clients saw nothing odd", not one.faults, f"{one.faults[:3]}")
