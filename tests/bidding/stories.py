"""Honest records made from the pure rules with a fixed key and fixed moments, so that anyone gets the same files."""

import copy
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bidding.rules import draw, outcome, proxy
from bidding.rules.auction import Accepted, Offer, decide
from bidding.rules.board import Board
from bidding.rules.record import Event, Record, canonical, digest, head_message, merkle, seal, stamp
from bidding.rules.terms import Terms, step_for
from bidding.verify.finding import id_of

PUBLISHED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
START = PUBLISHED + timedelta(days=3)
END = START + timedelta(minutes=30)
NUMBER = 12
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
KEY_ID = id_of(PUBLIC)
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
SECRET = "5e" * 32
PARAMETERS = {
    "step_share": "0.005",
    "step_rounding": "50",
    "soft_close_seconds": 180,
    "extension_seconds": 180,
    "hard_end_minutes": 60,
    "closing_grace_seconds": 2,
    "publicity": {"n": 3, "unit": "working_days"},
    "min_entrants_department": 3,
    "min_entrants_enterprise": 1,
}
CAST = {
    "K7": ("31", "廊坊市清源环境技术有限公司"),
    "M2": ("32", '“安次”勘测设计院 "一分院"'),
    "P4": ("33", "Blue Sky & Co.\u2028𠮷田环境"),
}  # fmt: skip
File = dict[str, Any]


def signed(key: Ed25519PrivateKey, competition: int, first: int, hashes: Sequence[str]) -> File:
    """A head over records first, first + 1, …"""
    last, (root, _) = first + len(hashes) - 1, merkle(hashes)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    signature = key.sign(head_message(competition, first, last, root).encode()).hex()
    return {"first_seq": first, "last_seq": last, "root": root, "key_id": id_of(public), "signature": signature}


@dataclass
class Story:
    """A competition written down batch by batch, as the platform would."""

    board: Board = field(default_factory=lambda: Board(NUMBER))
    records: list[Record] = field(default_factory=list)
    heads: list[File] = field(default_factory=list)

    def append(self, *events: Event) -> None:
        first = self.board.seq + 1
        for event in events:
            record = seal(NUMBER, self.board.seq + 1, self.board.head, event)
            self.board.fold(record)
            self.records.append(record)
        self.heads.append(signed(KEY, NUMBER, first, [record.hash for record in self.records[first - 1 :]]))

    def bids(self, *offers: tuple[str, str, datetime]) -> None:
        """Bids that came together: one batch."""
        shadow, events = copy.deepcopy(self.board), list[Event]()
        for by, amount, at in offers:
            decision = decide(shadow, Offer(by, Decimal(amount), f"ref-{by}-{amount}"), at)
            assert isinstance(decision, Accepted), decision
            for event in decision.events:
                shadow.fold(seal(NUMBER, shadow.seq + 1, shadow.head, event))
                events.append(event)
        self.append(*events)

    def file(self) -> File:
        return {
            "format": "open-market-record",
            "version": 1,
            "competition": NUMBER,
            "records": [record.body for record in self.records],
            "heads": self.heads,
            "keys": {KEY_ID: PUBLIC},
            "rules": {"ref": "bidding@3", "parameters": PARAMETERS},
        }


def opened(method: str = "live_auction", *, least: int = 1, entrants: Sequence[str] = tuple(CAST)) -> Story:
    story, live = Story(), method == "live_auction"
    ends = END if live else START
    terms = Terms(
        method=method,
        ceiling=Decimal("50000.00"),
        step=step_for(Decimal("50000.00"), share=Decimal("0.005"), rounding=Decimal(50)),
        starts_at=START,
        ends_at=ends,
        hard_ends_at=ends + timedelta(minutes=60) if live else ends,
        soft_close=timedelta(seconds=180),
        extension=timedelta(seconds=180),
        min_entrants=least,
        rules="bidding@3",
        draw_commitment=draw.commitment(SECRET),
        rules_digest=digest(canonical(PARAMETERS)),
    )
    story.append(Event("opened", PUBLISHED, {"need": "XQ-2026-000012", "terms": terms.as_json()}))
    for hours, by in enumerate(entrants, 1):
        story.append(Event("entered", PUBLISHED + timedelta(hours=hours), {"by": by, "commitment": commitment(by)}))
    return story


def commitment(by: str) -> str:
    agency, name = CAST[by]
    return draw.entry_commitment(int(agency), name, salt(by))


def salt(by: str) -> str:
    return digest(by)


def revealed(story: Story, at: datetime) -> Event:
    names = {by: dict(zip(("agency", "name"), CAST[by], strict=True), salt=salt(by)) for by in story.board.entrants}
    return Event("revealed", at, {"names": names})


def award(story: Story, at: datetime) -> None:
    chosen = outcome.next_best(story.board)
    assert chosen
    rank = len(story.board.awards) + 1
    story.append(Event("awarded", at, {"by": chosen[0], "amount": str(chosen[1]), "rank": rank}))


def auction() -> Story:
    """Somebody leaves, bids come alone and together, the end moves, the first declines, the second is passed over."""
    story = opened(entrants=("K7", "M2"))
    story.append(Event("entered", START - timedelta(hours=3), {"by": "R9", "commitment": "ab" * 32}))
    story.append(Event("withdrawn", START - timedelta(hours=2), {"by": "R9"}))
    story.append(
        Event("entered", START - timedelta(hours=1), {"by": "P4", "commitment": commitment("P4")}),
    )
    story.bids(("K7", "50000.00", START))
    story.bids(*((by, amount, START + timedelta(minutes=5)) for by, amount in
                 (("M2", "49750.00"), ("P4", "49000.00"), ("K7", "48000.50"))))  # fmt: skip
    story.bids(("M2", "47000.00", END - timedelta(seconds=90)), ("K7", "46000.00", END - timedelta(seconds=30)))
    story.bids(("P4", "45500.00", END + timedelta(seconds=1, microseconds=123456)))
    closed = story.board.end + timedelta(seconds=2)
    story.append(Event("closed", closed, {"reason": "time"}), revealed(story, closed))
    award(story, closed)
    later = closed + timedelta(days=5)
    story.append(Event("excluded", later, {"by": "K7", "reason": "restricted"}))
    award(story, later)
    return story


@dataclass
class Sealed:
    """An auction with floors, as the engine runs it: what they do stands directly behind its cause."""

    story: Story = field(default_factory=opened)
    seals: list[proxy.Seal] = field(default_factory=list)

    @property
    def board(self) -> Board:
        return self.story.board

    def answer(self, at: datetime) -> None:
        if events := proxy.answers(self.board, proxy.in_force(self.board, self.seals), at):
            self.story.append(*events)

    def begin(self) -> None:
        if not self.board.begun:
            self.answer(START)

    def seal(self, by: str, held: str, at: datetime) -> None:
        if at >= START:
            self.begin()
        seal = proxy.Seal(self.board.seq + 1, by, held, salt(f"{by}{self.board.seq}"))
        hidden = proxy.commitment(by, proxy.cover(held, seal.salt))
        self.story.append(Event("floor_sealed", at, {"commitment": hidden}))
        self.seals.append(seal)
        if self.board.begun:
            self.answer(at)

    def bid(self, by: str, amount: str, at: datetime) -> None:
        self.begin()
        self.story.bids((by, amount, at))
        self.answer(at)

    def close(self) -> Story:
        self.begin()
        closed = self.board.end + timedelta(seconds=2)
        ended = Event("closed", closed, {"reason": "time"})
        if not self.board.bids:
            self.story.append(
                ended, *proxy.opening(self.board, self.seals, closed), Event("failed", closed, {"reason": "no_bid"})
            )
            return self.story
        self.story.append(ended, *proxy.opening(self.board, self.seals, closed), revealed(self.story, closed))
        award(self.story, closed)
        return self.story


def floors() -> Story:
    """Floors from before the start, one replaced, one taken back, one that meets another, one never reached."""
    told = Sealed()
    told.seal("K7", "49000.00", START - timedelta(minutes=9))
    told.seal("M2", "45000.00", START - timedelta(minutes=8))
    told.seal("K7", "47000.00", START - timedelta(minutes=7))
    told.bid("P4", "46500.00", START + timedelta(minutes=1))
    told.seal("P4", "45800.00", START + timedelta(minutes=2))
    told.seal("K7", proxy.TAKEN_BACK, START + timedelta(minutes=3))
    told.seal("M2", "44000.00", START + timedelta(minutes=4))
    told.bid("K7", "45250.00", END - timedelta(seconds=20))
    return told.close()


SEALS = [(5, "K7", "49000.00"), (6, "M2", "45000.00"), (15, "K7", "taken_back"), (16, "M2", "44000.00")]  # of floors()


def any_floors(draws: random.Random) -> Story:
    """Seals and bids at random, before the start and after it, each at a moment not before the one before."""
    told, at = Sealed(), START - timedelta(minutes=5)
    for _ in range(draws.randrange(2, 14)):
        at += timedelta(seconds=draws.choice((0, 20, 150, 400)))
        at = min(at, told.board.end - timedelta(microseconds=1))
        by, limit = draws.choice(sorted(CAST)), told.board.next_max or Decimal(0)
        amount = limit - draws.choice((0, 0, 50, 250, 300, 1500, 4000, 20000))
        if amount >= Decimal("0.01") and (at < START or draws.random() < 0.6):
            told.seal(by, str(amount), at)
        elif amount >= Decimal("0.01"):
            told.begin()
            told.bid(by, str((told.board.next_max or amount) - draws.choice((0, 0, 100, 1000))), at)
        elif any(seal.by == by and seal.amount is not None for seal in told.seals):
            told.seal(by, proxy.TAKEN_BACK, at)
    return told.close()


def drawing() -> Story:
    story = opened("random_draw")
    closed, entrants = START + timedelta(seconds=2), sorted(story.board.entrants)
    winner = draw.drawn(SECRET, story.board.head, entrants)
    story.append(
        Event("closed", closed, {"reason": "time"}),
        Event("draw", closed, {"secret": SECRET, "entrants": entrants, "winner": winner}),
        revealed(story, closed),
    )
    award(story, closed)
    award(story, closed + timedelta(days=5))
    return story


def ended(
    reason: str, at: datetime, *, least: int = 1, entrants: Sequence[str] = tuple(CAST), failed: str = ""
) -> Story:
    """A competition without a bid that ends for a reason."""
    story = opened(least=least, entrants=entrants)
    story.append(Event("closed", at, {"reason": reason}), Event("failed", at, {"reason": failed or reason}))
    return story


STORIES: dict[str, Callable[[], Story]] = {
    "auction": auction,
    "floors": floors,
    "draw": drawing,
    "too_few": lambda: ended("too_few_entrants", START, least=3, entrants=("K7", "M2")),
    "no_bid": lambda: ended("time", END + timedelta(seconds=2), failed="no_bid"),
    "cancelled": lambda: ended("cancelled", START - timedelta(days=1)),
}


def receipt(story: Story, seq: int) -> File:
    """What the bidder of record `seq` was given."""
    data = story.records[seq - 1].event.data
    return _proof(story, seq) | {"amount": data["amount"], "ref": data["ref"]}


def floor_receipt(story: Story, seq: int, by: str, amount: str) -> File:
    """What the one who sealed record `seq` was given."""
    return _proof(story, seq) | {"opening": {"by": by, "amount": amount, "salt": salt(f"{by}{seq - 1}")}}


def _proof(story: Story, seq: int) -> File:
    head = next(head for head in story.heads if head["first_seq"] <= seq <= head["last_seq"])
    first, last, record = head["first_seq"], head["last_seq"], story.records[seq - 1]
    _, paths = merkle([other.hash for other in story.records[first - 1 : last]])
    return {
        "format": "open-market-receipt", "version": 1, "competition": NUMBER, "seq": seq, "at": stamp(record.event.at),
        "body": record.body, "hash": record.hash, "first": first, "last": last, "root": head["root"],
        "path": paths[seq - first], "key_id": head["key_id"], "signature": head["signature"],
    }  # fmt: skip


def bid_seqs(file: File) -> list[int]:
    return [number for number, body in enumerate(file["records"], 1) if json.loads(body)["kind"] == "bid"]
