"""Rules, committers and the close on a real database, driven by Hypothesis beside a plain auction (reference.py).

Two processes serve one competition, each with its committer, its room and its clock. Time jumps, frames come twice and
late, bidders send again what was answered or not, connections break at the commit, transactions meet. After every step
the log and the plain auction agree; at the end the record is verified as a stranger would.
"""

import sys
import time
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from unittest.mock import patch

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bidding import committer, log, selectors, services
from bidding.rules.auction import Offer
from bidding.rules.proxy import Deposit
from bidding.threads import in_thread
from bidding.verify import verify, verify_receipt
from core.audit import By
from core.errors import Refusal
from tests.bidding import world
from tests.bidding.model.faults import somebody_waits
from tests.bidding.model.process import skew
from tests.bidding.model.reference import FEN, Auction, Unknown
from tests.bidding.model.view import View
from tests.bidding.picture import timeless

Asked = Offer | Deposit
GRACE = timedelta(seconds=2)
STRANGER = "Z0"
PATIENCE = 20
NOT_WRITTEN = "a bid that had to be taken was not written"
HOW = {  # an amount, from the highest that would be taken
    "limit": lambda limit: limit,
    "lower": lambda limit: limit - Decimal("137.25"),
    "half": lambda limit: (limit / 2).quantize(FEN),
    "above": lambda limit: limit + FEN,
    "leap": lambda limit: limit + Decimal("10000.00"),
    "fen": lambda _limit: FEN,
}
TAKE_BACK = "leap"  # what a floor above everything stands for instead
LATE = [0, 0, 0, 0, 0.000001, 0.4, 30, 200]  # seconds that a frame waited before it was handed in


@dataclass(frozen=True)
class Try:
    """A bid or a floor: by whom, how much, under a new reference or one used before, and how late it is handed in."""

    who: int
    how: str
    again: int | None
    late: float
    floor: bool = False


tries = st.builds(
    Try,
    st.integers(0, 4),
    st.sampled_from(["limit", "limit", "limit", "lower", "half", "above", "leap", "fen"]),
    st.one_of(st.none(), st.none(), st.integers(0, 30)),
    st.sampled_from(LATE),
    st.sampled_from([False, False, True]),
)
names = st.sampled_from(["A", "B"])


class Bidding(RuleBasedStateMachine):
    """`place`, `processes`, `trouble`, `time` and `failures` are lent by the test for all examples."""

    place = processes = trouble = time = None
    failures: list[str]  # what went wrong, the first in front

    def __init__(self):
        super().__init__()
        self.sent: list[Offer | Deposit] = []
        self.receipts: dict[int, dict] = {}
        self.declined = 0

    # The beginning ------------------------------------------------------------------------------------------------

    @initialize(entrants=st.integers(1, 4), minutes=st.sampled_from([30, 45]), seconds=st.sampled_from([-1, 1, 1]))
    def open(self, entrants, minutes, seconds):
        starts = self.place.competition.starts_at
        self.time.now = starts - timedelta(hours=1)
        self.need = world.need(self.place.buyer, self.place.owner, starts=starts, minutes=minutes)
        self.competition = services.open_competition(need_id=self.need.pk)
        self.pk = self.competition.pk
        fixed = log.board(self.pk).fixed
        self.auction = Auction(
            fixed.ceiling, fixed.step, fixed.starts_at, fixed.ends_at, fixed.hard_ends_at, fixed.soft_close,
            fixed.extension,
        )  # fmt: skip
        self.pseudonyms = {}
        for number in range(entrants):
            self.enter(number)
        self.onlookers = {name: process.watch(self.pk) for name, process in self.processes.items()}
        self.time.now = starts + timedelta(seconds=seconds)

    def enter(self, number):
        agency = self.place.agencies[number]
        entry = services.enter(competition_id=self.pk, agency_id=agency.pk, by=By(None, agency.pk))
        assert entry.pseudonym not in self.auction.seen, "a pseudonym given twice"
        self.auction.seen.add(entry.pseudonym)
        self.pseudonyms[number] = entry.pseudonym
        self.auction.entrants.add(entry.pseudonym)

    @precondition(lambda self: self.time.now < self.auction.starts_at and not self.auction.over)
    @rule(number=st.integers(0, 3))
    def come_or_go(self, number):
        """Before the start an agency enters or leaves, and may come back under another name."""
        name = self.pseudonyms.get(number)
        if name in self.auction.entrants:
            agency = self.place.agencies[number]
            services.withdraw(competition_id=self.pk, agency_id=agency.pk, by=By(None, agency.pk))
            self.auction.entrants.discard(name)
            self.auction.floors.pop(name, None)
        else:
            self.enter(number)

    # Time ---------------------------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([0.001, 1, 20, 179, 181, 900]))
    def wait(self, seconds):
        self.time.now += timedelta(seconds=seconds)

    @rule(point=st.sampled_from(["start", "window", "end", "grace"]), micro=st.sampled_from([-1, 0, 1]))
    def jump(self, point, micro):
        """To a microsecond around the moments that matter; a clock that is set right may also go back."""
        auction = self.auction
        moment = {
            "start": auction.starts_at,
            "window": auction.end - auction.soft,
            "end": auction.end,
            "grace": auction.end + GRACE,
        }[point] + timedelta(microseconds=micro)
        if moment > self.time.now - timedelta(seconds=1):
            self.time.now = moment

    # Bids ---------------------------------------------------------------------------------------------------------

    def made(self, process, wanted: Sequence[Try]) -> list[tuple[Asked, datetime]]:
        """What tries stand for, each reckoned from what the ones before it would leave."""
        ahead, offers = self.blind(), []
        for one in wanted:
            asked, at = self.one(process, one, ahead)
            self.ask(ahead, asked, at)
            self.sent.append(asked)
            offers.append((asked, at))
        return offers

    def one(self, process, wanted: Try, ahead: Auction) -> tuple[Asked, datetime]:
        at = self.time.now + process.skew - timedelta(seconds=wanted.late)
        amount = max(HOW[wanted.how](ahead.limit), FEN)
        if wanted.again is not None and self.sent:
            before = self.sent[wanted.again % len(self.sent)]
            return before if wanted.how == "limit" or before.amount is None else replace(before, amount=amount), at
        by, ref = self.pseudonyms.get(wanted.who, STRANGER), f"ref-{len(self.sent):08d}"
        if wanted.floor:
            return Deposit(by, None if wanted.how == TAKE_BACK else amount, ref), at
        return Offer(by, amount, ref), at

    def blind(self) -> Auction:
        """A copy to try things on."""
        copy = deepcopy(replace(self.auction, view=None))
        copy.view = Unknown()
        return copy

    def ask(self, auction: Auction, asked: Asked, at: datetime) -> str:
        made = auction.bid if isinstance(asked, Offer) else auction.floor
        return made(asked.by, asked.ref, asked.amount, at)

    def expected(self, auction: Auction, offers) -> list[str]:
        """What the plain auction says, now that the log shows what the floors did."""
        if auction is self.auction:
            auction.view = View(self.pk)
        return [self.ask(auction, asked, at) for asked, at in offers]

    def settle(self, offers, expected: list[str], answers) -> None:
        """Compare; a bid that came late counts when the end moved beyond it before it was told."""
        note(f"{list(zip(offers, expected, answers, strict=True))}")
        for (asked, at), code, answer in zip(offers, expected, answers, strict=True):
            if isinstance(answer, Refusal):
                assert answer.code == code, f"told {answer.code} instead of {code or 'a receipt'}: {asked} at {at}"
                continue
            fault = self.ask(self.auction, asked, at) if code == "bid.late" else code
            assert not fault, f"told a receipt instead of {fault}: {asked} at {at}"
            self.keep(asked, answer)

    def keep(self, asked: Asked, receipt: dict) -> None:
        if isinstance(asked, Offer):
            assert receipt["ref"] == asked.ref
            assert Decimal(receipt["amount"]) == self.auction.taken(asked.by, asked.ref)
        else:
            assert receipt["opening"]["by"] == asked.by
        known = self.receipts.setdefault(receipt["seq"], receipt)
        assert receipt == known, f"one record has two receipts: {known}, {receipt}"

    @rule(name=names, wanted=st.lists(tries, min_size=1, max_size=5))
    def bid(self, name, wanted):
        offers = self.made(self.processes[name], wanted)
        answers = self.processes[name].bids(self.pk, offers)
        self.settle(offers, self.expected(self.auction, offers), answers)

    @rule(
        name=names,
        wanted=st.lists(tries, min_size=1, max_size=3),
        losses=st.lists(st.sampled_from(["before", "after"]), min_size=1, max_size=2),
        patient=st.booleans(),
    )
    def bid_while_connections_break(self, name, wanted, losses, patient):
        """Whoever has patience gets answers as if nothing had happened, whoever has not is told to send again."""
        offers = self.made(self.processes[name], wanted)
        self.trouble.lose(losses)
        with patch.object(committer, "PATIENCE", 60 if patient else -1):
            answers = self.processes[name].bids(self.pk, offers)
        self.trouble.lose([])
        self.settle(offers, self.survived(offers, losses, patient=patient), answers)

    def survived(self, offers, losses, *, patient) -> list[str]:
        """What is told when the connection is lost at each of the first commits, if there is anything to commit."""
        for moment in losses:
            tried = self.blind()
            self.expected(tried, offers)
            written = tried.bids != self.auction.bids or tried.sealed != self.auction.sealed
            if not written and not any(self.auction.starts_with(at) for _asked, at in offers):
                break
            if moment == "after":
                self.expected(self.auction, offers)
            if not patient:
                return ["bid.busy"] * len(offers)
        return self.expected(self.auction, offers)

    @property
    def running(self):
        auction = self.auction
        open_now = auction.starts_at <= self.time.now and not auction.over and auction.limit >= FEN
        return open_now and bool(auction.entrants) and (auction.begun or not auction.floors)

    def sure(self, at) -> list[tuple[Offer, datetime]]:
        """A bid that will be taken."""
        by = min(self.auction.entrants)
        offer = Offer(by, self.auction.limit, f"sure-{len(self.sent):08d}")
        self.sent.append(offer)
        return [(offer, at)]

    @precondition(lambda self: self.running and self.time.now + timedelta(seconds=1) < self.auction.end)
    @rule(first=names, wanted=st.lists(tries, min_size=1, max_size=3), break_first=st.sampled_from(["", "before"]))
    def two_transactions_meet(self, first, wanted, break_first):
        """The second comes while the first has written and not committed; the first may yet be lost."""
        one, two = self.processes[first], self.processes["B" if first == "A" else "A"]
        early = self.sure(self.time.now)
        later = self.made(two, wanted)
        self.trouble.hold()
        with patch.object(committer, "PATIENCE", -1 if break_first else 60):
            begun = one.begin(one.hand_in(self.pk, early))
            assert self.trouble.held(), NOT_WRITTEN
            self.trouble.lose([break_first] if break_first else [])
            follows = two.begin(two.hand_in(self.pk, later))
            self.until(lambda: somebody_waits() or follows.done())
            self.trouble.let_go()
            answers = begun.result(PATIENCE), follows.result(PATIENCE)
        told = ["bid.busy"] if break_first else self.expected(self.auction, early)
        self.settle(early, told, answers[0])
        self.settle(later, self.expected(self.auction, later), answers[1])

    def until(self, true, seconds=0.3):
        stop = time.monotonic() + seconds
        while not true() and time.monotonic() < stop:
            time.sleep(0.002)

    # The close ----------------------------------------------------------------------------------------------------

    def due(self, now):
        auction = self.auction
        empty = not auction.entrants and now >= auction.starts_at
        return not auction.over and (empty or now >= auction.end + GRACE)

    @rule(name=names)
    def close(self, name):
        """Whoever looks after the end closes, and before it nobody can. Processes may need a moment to say that no bid
        waits with them.
        """
        process = self.processes[name]
        due = self.due(self.time.now + process.skew)
        closed = self.closed_by(process)
        if due:
            self.until(lambda: closed or self.closed_by(process), PATIENCE)
        self.catch_up()
        assert log.board(self.pk).closed_at is not None or not due, "not closed in time"
        assert not closed or due, "closed before its time"
        self.auction.over = self.auction.over or due

    def closed_by(self, process) -> bool:
        with process.clock():
            return services.finalise(competition_id=self.pk)

    @precondition(lambda self: self.running)
    @rule(name=names)
    def close_while_a_bid_commits(self, name):
        """A bid from before the end is in its transaction when the other process closes."""
        one, other = self.processes[name], self.processes["B" if name == "A" else "A"]
        self.time.now = max(self.time.now, self.auction.end + GRACE + timedelta(seconds=1))
        early = self.sure(self.auction.end - timedelta(microseconds=1))
        self.trouble.hold()
        begun = one.begin(one.hand_in(self.pk, early))
        assert self.trouble.held(), NOT_WRITTEN
        closing = other.begin(in_thread(services.finalise, competition_id=self.pk))
        self.until(lambda: somebody_waits() or closing.done(), PATIENCE)  # coming later it may close
        self.trouble.let_go()
        answers = begun.result(PATIENCE)  # before the log is asked what the floors did
        self.settle(early, self.expected(self.auction, early), answers)
        if closing.result(PATIENCE):
            assert self.due(self.time.now + other.skew), "closed although a bid moved the end"
            self.auction.over = True

    @rule(name=names)
    def look_at_the_start(self, name):
        """Whoever notices that the start has come lets the floors act; twice changes nothing."""
        with self.processes[name].clock():
            services.begin(competition_id=self.pk)

    @precondition(lambda self: not self.auction.over and (len(self.auction.bids) > 2 or len(self.auction.floors) > 1))
    @rule()
    def cancel(self):
        services.cancel_competition(need_id=self.need.pk)
        self.auction.over, self.auction.cancelled = True, True

    @precondition(lambda self: self.auction.over and not self.auction.cancelled)
    @rule()
    def decline(self):
        """The winner declines and the next in the ranking follows, until nobody is left."""
        award = selectors.standing_award(self.need.pk)
        if award is not None:
            services.decline_award(award_id=award.pk, reason="", by=By(None, award.agency_id))
            self.declined += 1

    def catch_up(self) -> View:
        """Take in what floors from before the start did, where somebody has noticed that it came."""
        self.auction.view = view = View(self.pk)
        if view.at_the_start():
            self.auction.start(self.auction.starts_at)
        return view

    # What holds ---------------------------------------------------------------------------------------------------

    @invariant()
    def the_log_and_the_plain_auction_agree(self):
        if not hasattr(self, "auction"):
            return
        view, auction = self.catch_up(), self.auction
        bids = [(bid.by, bid.amount) for bid in view.board.bids]
        assert bids == [(by, amount) for by, _ref, amount in auction.bids], "the log holds other bids"
        assert view.board.end == auction.end, f"the log ends {view.board.end} instead of {auction.end}"
        assert (view.board.closed_at is not None) == auction.over, "the log is closed, or not closed"
        assert set(view.board.entrants) == auction.entrants
        assert {by: at for by, at in view.in_force().items() if by in auction.entrants} == auction.floors

    @invariant()
    def what_was_acknowledged_is_in_the_log(self):
        if not self.receipts:
            return
        hashes = {record.seq: record.hash for record in log.read(self.pk)}
        for receipt in self.receipts.values():
            assert hashes.get(receipt["seq"]) == receipt["hash"], f"acknowledged and not in the log: {receipt}"

    @invariant()
    def the_best_is_awarded(self):
        if not hasattr(self, "auction") or not self.auction.over or self.auction.cancelled:
            return
        award = selectors.standing_award(self.need.pk)
        ranking = self.auction.ranking()[self.declined :]
        winner = award and selectors.entry_of(self.pk, award.agency_id).pseudonym
        assert winner == (ranking[0] if ranking else None)

    def teardown(self):
        fault = sys.exc_info()[1]
        if isinstance(fault, Exception) and not isinstance(fault, HypothesisException):
            self.failures.append(f"{type(fault).__name__}: {fault}")
        try:
            if hasattr(self, "onlookers") and fault is None:
                self.finish()
        except AssertionError as late:
            self.failures.append(f"AssertionError: {late}")
            raise
        finally:
            self.leave()

    def leave(self):
        self.trouble.let_go()
        for name, onlooker in getattr(self, "onlookers", {}).items():
            self.processes[name].run(onlooker.leave())

    def finish(self):
        """The day ends, everything is closed, and everybody looks at it."""
        self.time.now = max(self.time.now, self.auction.hard_end + GRACE + timedelta(seconds=1))
        self.close("A")
        self.the_best_is_awarded()
        seq = selectors.competition(self.pk).last_seq
        fresh = timeless(selectors.snapshot(self.pk))
        for name, onlooker in self.onlookers.items():
            assert self.processes[name].run(onlooker.catch_up(seq)) == fresh, "another picture"
        record = selectors.record_file(self.pk)
        assert [finding for finding in verify(record) if finding.fault] == [], "the record does not verify"
        for receipt in self.receipts.values():
            if "opening" not in receipt:
                assert [finding for finding in verify_receipt(file_of(self.pk, receipt), record) if finding.fault] == []


def file_of(competition, receipt):
    return {"format": "open-market-receipt", "version": 1, "competition": competition, **receipt}


class ModelTime:
    """One time for all, from which each process' clock differs by its skew."""

    now: datetime

    def read(self):
        return self.now + skew.get()
