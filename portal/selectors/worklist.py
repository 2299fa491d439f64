"""The regulator's worklist: everything that is open anywhere, one line each, the earliest due first.

SOURCES is the registry: a kind of work and who tells what is open of it. Filters come from the address.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import QueryDict

from accounts import selectors as accounts
from bidding import selectors as bidding
from bidding.models import Award
from payments.selectors import payables
from payments.selectors.chores import disputes
from portal import words
from supervision.selectors import flags

LATE, SOON, RUNNING, PAUSED, OPEN = "late", "soon", "running", "paused", "open"
STATES = (LATE, SOON, RUNNING, PAUSED, OPEN)
MINE, OTHERS = "mine", "others"
MOST = 500  # of one kind


@dataclass(frozen=True)
class Item:
    """A line of the worklist. `kind`: a key of SOURCES; `what`: what is to be done; `owner`: who has to do it, None
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
            kind=_known(query.get("kind", ""), SOURCES),
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
    everything = [item for source in SOURCES.values() for item in source(now)]
    kept = [item for item in everything if filters.keeps(item, org_id)]
    return Worklist(
        filters,
        sorted((item for item in kept if filters.kind in ("", item.kind)), key=_urgency),
        _counted(SOURCES, Counter(item.kind for item in kept)),
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


def _state(due: datetime | None, now: datetime) -> str:
    if due is None:
        return OPEN
    return LATE if due < now else RUNNING


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
    rows = bidding.awards().exclude(outcome=Award.Outcome.DECLINED).filter(publicity_ends_at__gt=now)
    for row in rows.order_by("publicity_ends_at")[:MOST]:
        title = f"{row.need.title} · {row.agency}"
        yield Item("publicity", what, title, f"/awards/{row.pk}/", None, row.decided_at, row.publicity_ends_at, RUNNING)


def _unpaid(now: datetime) -> Iterator[Item]:
    """What departments should have paid by now."""
    what = str(words.WORK["late_payment"])
    for row in payables.late(now)[:MOST]:
        path = f"/money/departments/{row.department_id}/"
        yield Item("card", what, row.title, path, row.department_id, row.due_at - timedelta(days=30), row.due_at, LATE)


SOURCES: Mapping[str, Callable[[datetime], Iterable[Item]]] = {
    "card": _unpaid,
    "flag": _flags,
    "dispute": _disputes,
    "publicity": _publicity,
}
