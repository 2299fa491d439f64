"""The regulator's worklist: everything that is open anywhere, one line each, the earliest due first.

READERS is the registry: who tells what is open. Steps with a clock come from `supervision.sources`, where every room
and every part of supervision has its line; here are the kinds they are sorted under. Filters come from the address.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import QueryDict

from accounts import selectors as accounts
from bidding import selectors as bidding
from bidding.models import Award
from core.steps import Step
from payments.selectors.chores import disputes
from portal import words
from supervision import sources as clocks
from supervision.kinds import label
from supervision.models import Step as Row
from supervision.selectors import flags

LATE, SOON, RUNNING, PAUSED, OPEN = "late", "soon", "running", "paused", "open"
STATES = (LATE, SOON, RUNNING, PAUSED, OPEN)
MINE, OTHERS = "mine", "others"
MOST = 500  # of one kind


@dataclass(frozen=True)
class Item:
    """A line of the worklist. `kind`: one of KINDS; `what`: what is to be done; `owner`: who has to do it, None
    where any regulator may.
    """

    kind: str
    what: str
    title: str
    path: str
    owner: int | None
    since: datetime | None
    due: datetime | None
    state: str

    @property
    def late(self) -> bool:
        return self.state == LATE

    @property
    def label(self) -> str:
        return str(words.WORKLIST[self.kind])


@dataclass(frozen=True)
class Filters:
    """What the list may be narrowed by; empty means all."""

    kind: str = ""
    state: str = ""
    who: str = ""
    q: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "Filters":
        """From an address; what it does not know counts as "all"."""
        return cls(
            kind=_known(query.get("kind", ""), KINDS),
            state=_known(query.get("state", ""), STATES),
            who=_known(query.get("who", ""), (MINE, OTHERS)),
            q=query.get("q", "").strip()[:100],
        )

    def keeps(self, item: Item, org_id: int) -> bool:
        """`kind` is left to the caller, who counts all kinds."""
        mine = item.owner in (None, org_id)
        return (
            self.state in ("", item.state)
            and (not self.who or mine is (self.who == MINE))
            and (not self.q or self.q in item.title or self.q in item.what)
        )


@dataclass(frozen=True)
class Line:
    """An item with the name of whoever has to act, "" for regulators themselves."""

    item: Item
    owner: str


@dataclass(frozen=True)
class Worklist:
    """`kinds`: how many of each kind the other filters leave; `states`: how many of each state there are at all."""

    filters: Filters
    items: Sequence[Item]
    kinds: Mapping[str, int]
    states: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.kinds.values())


def worklist(filters: Filters, org_id: int, now: datetime) -> Worklist:
    """Everything open for a regulator, filtered, by due time; what has no limit comes last, the oldest first."""
    everything = [item for read in READERS for item in read(now)]
    kept = [item for item in everything if filters.keeps(item, org_id)]
    return Worklist(
        filters,
        sorted((item for item in kept if filters.kind in ("", item.kind)), key=_urgency),
        _counted(KINDS, Counter(item.kind for item in kept)),
        _counted(STATES, Counter(item.state for item in everything)),
    )


def lines(items: Sequence[Item], org_id: int) -> list[Line]:
    """The items of a page with names, in one query."""
    names = accounts.organisations({item.owner for item in items if item.owner and item.owner != org_id})
    return [Line(item, names[item.owner].name if item.owner in names else "") for item in items]


def _urgency(item: Item) -> tuple[bool, float]:
    moment = item.due or item.since
    return item.due is None, moment.timestamp() if moment else 0.0


def _counted(keys: Iterable[str], counts: Counter[str]) -> dict[str, int]:
    return {key: counts[key] for key in keys if counts[key]}


def _known(value: str, choices: Iterable[str]) -> str:
    return value if value in choices else ""


def _flags(_now: datetime) -> Iterator[Item]:
    what = str(words.WORK["judge_flag"])
    for row in flags.hits().order_by("found_at")[:MOST]:
        title = f"{row.about.name}：{flags.sentence(row)}"
        yield Item("flag", what, title, row.get_absolute_url(), None, row.found_at, None, OPEN)


def _disputes(_now: datetime) -> Iterator[Item]:
    what = str(words.WORK["decide_dispute"])
    for row in disputes()[:MOST]:
        yield Item("dispute", what, f"{row.title} {row.number}", row.path, None, row.since, None, OPEN)


def _publicity(now: datetime) -> Iterator[Item]:
    """Results the public may still object to."""
    what = str(words.WORK["publicity"])
    rows = bidding.awards().exclude(outcome__in=Award.OVER).filter(publicity_ends_at__gt=now)
    for row in rows.order_by("publicity_ends_at")[:MOST]:
        title = f"{row.need.title} · {row.agency}"
        yield Item("publicity", what, title, f"/awards/{row.pk}/", None, row.decided_at, row.publicity_ends_at, RUNNING)


def _supervised(now: datetime) -> Iterator[Item]:
    """Steps of supervision itself, read from where they are kept: what was filed a second ago is here."""
    rows = {(row.kind, row.reference): row for row in _open_rows().exclude(source__in=LOWER)}
    for source in clocks.SOURCES:
        if source.name not in LOWER:
            for step in source.read(now):
                if step.closed_at is None and not step.right and (kind := group(step.kind)):
                    yield _item(kind, step, rows.get(step.key), now)


def _item(kind: str, step: Step, row: Row | None, now: datetime) -> Item:
    """`row`: the same step as the clock keeps it, with stops and the moment of its yellow card."""
    due = row.due_at if row else step.due_at
    yellow = row.yellow_at if row else step.yellow_at
    state = PAUSED if step.paused else LATE if due < now else SOON if yellow and yellow <= now else RUNNING
    path = row.get_absolute_url() if row and step.kind in ERRANDS else step.path
    return Item(kind, label(step.kind), step.title, path, step.owner_org, step.started_at, due, state)


def _carded(now: datetime) -> Iterator[Item]:
    """Steps of other rooms that have a card, and appeals, as the clock saw them a minute ago at most."""
    rows = _open_rows().filter(source__in=LOWER, right=False).filter(Q(yellow_at__lte=now) | Q(kind__in=APPEALS))
    for row in rows.order_by("due_at")[:MOST]:
        state = LATE if row.due_at < now else SOON if row.yellow_at <= now else RUNNING
        kind = "appeal" if row.kind in APPEALS else "card"
        path = row.path if kind == "appeal" else row.get_absolute_url()
        yield Item(kind, label(row.kind), row.title, path, row.owner_id, row.started_at, row.due_at, state)


def group(kind: str) -> str:
    """The kind of work a kind of step belongs to, "" for none."""
    return "appeal" if kind in APPEALS else GROUPS.get(kind.partition(".")[0], "")


def steps_of(org_id: int) -> QuerySet[Row]:
    """Open steps of supervision that an organisation has to take."""
    return _open_rows().exclude(source__in=LOWER).filter(owner_id=org_id, right=False).order_by("due_at")


def _open_rows() -> QuerySet[Row]:
    return Row.objects.filter(closed_at=None)


ERRANDS = ("listing.receive",)  # whose pages open only for whoever runs them
LOWER = ("marketplace", "bidding", "contracts", "payments", "ratings", "agencies")
APPEALS = ("rating.appeal", "rating.regulator", "grade.decide", "credit.objection", "appeal.decide")
GROUPS = {
    "case": "case",
    "complaint": "complaint",
    "clause": "complaint",
    "appeal": "appeal",
    "listing": "listing",
    "list": "listing",
    "share": "listing",
    "repair": "repair",
    "inspection": "inspection",
    "consultation": "consultation",
    "question": "question",
}
READERS: tuple[Callable[[datetime], Iterable[Item]], ...] = (_supervised, _carded, _flags, _disputes, _publicity)
KINDS = ("case", "complaint", "appeal", "listing", "repair", "inspection", "consultation", "question", "card", "flag",
         "dispute", "publicity")  # fmt: skip
