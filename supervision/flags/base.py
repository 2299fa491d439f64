"""What a red flag rule looks at and what it says. Pure: facts and parameters in, hits out.

A hit is a reason to look, never a finding: every one waits for a person's verdict. `key` names the same matter each
time the rule runs, so that a matter is raised once. It says who (or, where one need is the matter, which need), never
which evidence happens to be the oldest in the window. `raised` is the one rule for what is raised again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import pairwise
from typing import Any

Parameters = Mapping[str, Any]
LONGEST_KEY = 190


@dataclass(frozen=True)
class Bidder:
    """An agency that took part. `lowest` is None without a bid; `traces` are what ties it to people and places."""

    agency: int
    lowest: Decimal | None = None
    bids: int = 0
    last_at: datetime | None = None
    excluded: bool = False
    declined: bool = False
    traces: frozenset[str] = frozenset()


@dataclass(frozen=True)
class NeedFacts:
    """One published need as far as it has come. `winner` is the agency of the standing award.

    `same`: what ties agencies that took part to the buyer itself, by agency.
    `versions`: how many its signed contract has had, 0 without one.
    """

    need: int
    buyer: int
    department: bool
    item: str
    ceiling: Decimal
    method: str
    published_at: datetime
    closes_at: datetime
    ends_at: datetime | None = None
    bidders: tuple[Bidder, ...] = ()
    winner: int | None = None
    amount: Decimal | None = None
    failed: bool = False
    same: Mapping[int, frozenset[str]] = field(default_factory=dict)
    versions: int = 0

    @property
    def offers(self) -> list[Bidder]:
        """Those who bid, the lowest first."""
        return sorted((one for one in self.bidders if one.lowest is not None), key=lambda one: one.lowest or 0)

    def won_by(self) -> Bidder | None:
        return next((one for one in self.bidders if one.agency == self.winner), None)


@dataclass(frozen=True)
class Praise:
    """A contract both sides have rated: the means of five dimensions each way, and whether traces tie them."""

    need: int
    buyer: int
    agency: int
    given: Decimal
    returned: Decimal | None
    at: datetime
    shared: bool = False


@dataclass(frozen=True)
class Step:
    """A deduction by its key, with the total before and after it."""

    key: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True)
class Upheld:
    """A complaint about an agency's service that was upheld."""

    complaint: int
    number: str
    at: datetime


@dataclass(frozen=True)
class Record:
    """An agency's record where it nears a limit: its score, how it fell, and complaints; each oldest first."""

    agency: int
    score: Decimal | None = None
    steps: tuple[Step, ...] = ()
    upheld: tuple[Upheld, ...] = ()


@dataclass(frozen=True)
class Market:
    """What is looked at: a window of needs, oldest first, and of ratings; `traces` of whoever is in either; `records`
    of agencies near a limit.
    """

    needs: Sequence[NeedFacts] = ()
    praise: Sequence[Praise] = ()
    traces: Mapping[int, frozenset[str]] = field(default_factory=dict)
    records: Sequence[Record] = ()

    def after(self, judged: frozenset[int]) -> "Market":
        """What came later than everything that was judged, a set of needs; all of it when that has left the window."""
        needs = max((one.published_at for one in self.needs if one.need in judged), default=None)
        praise = max((one.at for one in self.praise if one.need in judged), default=None)
        return Market(
            [one for one in self.needs if needs is None or one.published_at > needs],
            [one for one in self.praise if one.need not in judged and (praise is None or one.at >= praise)],
            self.traces,
        )

    def concerns(self, organisations: Collection[int]) -> bool:
        """Did all of them do anything in it?"""
        met = {who for one in self.praise for who in (one.buyer, one.agency)}
        for one in self.needs:
            met |= {one.buyer, one.winner or one.buyer, *(each.agency for each in one.bidders)}
        return met >= set(organisations)


@dataclass(frozen=True)
class Hit:
    """`organisations`: whom it concerns, the one whose conduct is in question first. `evidence`: values of `says`."""

    key: str
    needs: tuple[int, ...]
    organisations: tuple[int, ...]
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """`says`: the sentence a hit fills with its evidence. `fires` and `silent`: worked examples, kept by a test.

    Parameters stand in the rule set "flags" under the rule's code. `until` ends a rule: older hits stay. `repeats`: it
    is about conduct that may go on, so that a judged matter may come again; of a single need there is no more to say.
    `ground`: of the published scale, which a case on it would most likely have.
    """

    code: str
    title: Any
    text: Any
    says: Any
    basis: str
    since: date
    check: Callable[[Market, Parameters], list[Hit]]
    fires: Market
    silent: Market
    until: date | None = None
    repeats: bool = False
    ground: str = ""

    def runs(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Judged:
    """What people have said about a matter so far: in how many rounds, on which needs, about whom."""

    rounds: int
    needs: frozenset[int]
    organisations: tuple[int, ...]

    def covers(self, hit: Hit) -> bool:
        """Is there nothing in it, and nobody, that was not judged?"""
        return bool(hit.needs) and self.needs >= set(hit.needs) and set(self.organisations) >= set(hit.organisations)


def raised(rule: Rule, seen: Market, p: Parameters, judged: Mapping[str, Judged]) -> list[tuple[int, Hit]]:
    """Hits with the round they belong to. A judged matter comes again only if what came later is enough by itself.

    Neither does a part of it, when some of a group have left the window.
    """
    found = [(1, hit) for hit in rule.check(seen, p) if not any(said.covers(hit) for said in judged.values())]
    found = [(place, hit) for place, hit in found if hit.key not in judged]
    if not rule.repeats:
        return found
    for key, said in judged.items():
        later = seen.after(said.needs)
        if later.concerns(said.organisations):
            found += [(said.rounds + 1, hit) for hit in rule.check(later, p) if hit.key == key]
    return found


def fell_below(one: Record, limit: Decimal, least: Decimal = Decimal(0)) -> Step | None:
    """The deduction with which a score fell below a limit where it still is; None where it is above, or below `least`,
    of which another rule speaks. Where additions ran out, the newest deduction.
    """
    if one.score is None or not least <= one.score < limit or not one.steps:
        return None
    return next((step for step in reversed(one.steps) if step.before >= limit > step.after), one.steps[-1])


def fallen(seen: Market, p: Parameters) -> list[Hit]:
    """The agencies whose score fell below a limit, and not below `at_least` where there is one."""
    hits = []
    for one in seen.records:
        if step := fell_below(one, Decimal(p["below"]), Decimal(p.get("at_least", 0))):
            evidence = {"score": str(one.score), "before": str(step.before), "after": str(step.after)}
            hits.append(Hit(f"{one.agency}:{step.key}", (), (one.agency,), evidence))
    return hits


def grouped(rows: Sequence[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    """Rows by key, each group in the order given."""
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def named(organisations: Collection[int]) -> str:
    """A key for a group of any size."""
    said = ":".join(map(str, sorted(organisations)))
    return said if len(said) <= LONGEST_KEY else f"{len(organisations)}:{sha256(said.encode()).hexdigest()}"


def share(part: Decimal | int, whole: Decimal | int) -> str:
    """A share as people read it: "62.5%"."""
    return f"{Decimal(part) * 100 / Decimal(whole):.1f}%" if whole else "–"


# What the examples are made of: an ordinary need, an ordinary bidder, and days.
START = datetime(2026, 3, 2, 1, tzinfo=UTC)


def day(n: float) -> datetime:
    return START + timedelta(days=n)


def bidder(agency: int, lowest: int | str | None = None, **more: Any) -> Bidder:
    amount = None if lowest is None else Decimal(lowest)
    return Bidder(agency, amount, **({"bids": 3 if amount else 0} | more))


def falling(*totals: str) -> Record:
    """Agency 7, whose score fell from total to total."""
    steps = [Step(str(n), Decimal(a), Decimal(b)) for n, (a, b) in enumerate(pairwise(totals))]
    return Record(7, Decimal(totals[-1]), tuple(steps))


def need(number: int, *bidders: Bidder, **more: Any) -> NeedFacts:
    """An ordinary need of buyer 1, published on day `number`, decided a week later for the lowest bidder."""
    at = more.pop("published_at", day(number))
    usual = NeedFacts(
        need=number,
        buyer=1,
        department=False,
        item="B01",
        ceiling=Decimal(100_000),
        method="live_auction",
        published_at=at,
        closes_at=at + timedelta(days=3),
    )
    made = replace(usual, ends_at=at + timedelta(days=3, hours=1), bidders=bidders)
    offers = made.offers
    if offers:
        made = replace(made, winner=offers[0].agency, amount=offers[0].lowest)
    return replace(made, **more)


def market(*needs: NeedFacts) -> Market:
    return Market(needs)
