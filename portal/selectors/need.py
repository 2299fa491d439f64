"""One need's page: the track with each step's documents, and what the person looking may do.

Nothing here reads a bid or names a bidder before the award: names come from the standing award only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.actor import Actor
from accounts.models import Organisation
from bidding import services as bidding
from bidding.models import Competition, Entry
from bidding.selectors import entry_of
from core.errors import Refusal
from marketplace import selectors as marketplace
from marketplace.models import Need, Notice
from portal import words
from portal.rules.turns import BUYER, SUPPLIER, Turn
from portal.selectors.stories import Story, stories, with_stories
from ratings.models import Rating

# Where the way out of each refusal begins.
WAYS_OUT = {
    "entry.service": "/agency/services/",
    "entry.licence": "/agency/qualifications/",
    "entry.not_agency": "/join/agency/",
    "entry.closed": "/needs/?state=open",
    "entry.own_need": "/needs/?state=open",
}
ORDER = ("notice", "questions", "competition", "award", "contract", "delivery", "rating")
ENDS = {
    "notice": "published_at",
    "questions": "entry_closes_at",
    "competition": "selected_at",
    "award": "awarded_at",
    "contract": "contracted_at",
    "delivery": "completed_at",
    "rating": "closed_at",
}


@dataclass(frozen=True)
class Document:
    """Something to read that belongs to a step."""

    title: str
    url: str
    number: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Step:
    """One step of the track; `state` is done, now, todo or failed, `at` when it ended or is due."""

    key: str
    label: str
    state: str
    at: datetime | None
    note: str = ""
    who: str = ""
    documents: Sequence[Document] = ()

    @property
    def url(self) -> str:
        return "" if self.state == "todo" else f"#step-{self.key}"


@dataclass(frozen=True)
class Reason:
    """Why an agency cannot enter, and the page where the way out begins."""

    refusal: Refusal
    url: str


@dataclass(frozen=True)
class Panel:
    """What the person looking may do here. `role`: buyer, winner, entrant, agency, stranger or watcher."""

    role: str
    turns: Sequence[Turn] = ()
    entry: Entry | None = None
    reasons: Sequence[Reason] = field(default=())
    may_enter: bool = False
    may_withdraw: bool = False

    @property
    def tasks(self) -> list[tuple[str, Turn]]:
        """Each turn with its words."""
        return [(str(words.TASKS[turn.what]), turn) for turn in self.turns]


def find(pk: int, actor: Actor, now: datetime) -> Story | None:
    """The story of a need the actor may see: a draft exists for its buyer only."""
    need = with_stories(Need.objects.filter(pk=pk)).first()
    if need is None or (need.published_at is None and not actor.acts_for(need.buyer_id)):
        return None
    return stories([need], now)[0]


def notices_of(need: Need) -> list[Notice]:
    return list(marketplace.notices(need.pk).order_by("published_at"))


def revealed_ratings(found: Story) -> list[Rating]:
    """Both sides' ratings once they are revealed, without what an appeal took out; before that none, not even how
    many there are.
    """
    if found.window is None or found.window.revealed_at is None:
        return []
    rows = found.window.ratings.exclude(appeal__decision__upheld=True)
    return list(rows.select_related("rater").order_by("side"))


def is_party(found: Story, actor: Actor) -> bool:
    """May the actor open the contract?"""
    contract = found.contract
    return contract is not None and actor.org_id in (contract.buyer_id, contract.supplier_id)


def steps(found: Story, notices: Sequence[Notice], actor: Actor, now: datetime) -> list[Step]:
    """The whole way, each step with its clock, who acts and its documents."""
    made, stopped = [], False
    for key in ORDER:
        done = _done(key, found.need, now)
        state = _step_state(found, done=done, stopped=stopped)
        stopped = stopped or not done
        papers = _papers(found, key, notices, actor)
        at, note = _step_time(found, key, state), _note(found, key, state)
        made.append(Step(key, _label(key, found.need), state, at, note, _who(found, key), papers))
    return made


def _done(key: str, need: Need, now: datetime) -> bool:
    if key == "questions":
        closed = need.entry_closes_at is not None and need.entry_closes_at <= now and need.method != "direct"
        return need.published_at is not None and (closed or need.selected_at is not None)
    return getattr(need, ENDS[key]) is not None


def _step_state(found: Story, *, done: bool, stopped: bool) -> str:
    if done:
        return "done"
    if stopped or found.state == "draft":
        return "todo"
    return "failed" if found.need.failed_at or found.need.cancelled_at else "now"


def _step_time(found: Story, key: str, state: str) -> datetime | None:
    if state == "done":
        moment: datetime | None = getattr(found.need, ENDS[key])
        return moment
    if state == "failed":
        return found.need.failed_at or found.need.cancelled_at
    if state == "todo":
        return None
    return next((turn.due for turn in found.turns if turn.step == key and turn.due), _clock(found, key))


def _clock(found: Story, key: str) -> datetime | None:
    if key == "questions":
        return found.need.entry_closes_at
    if key == "competition" and found.competition:
        return found.competition.ends_at
    return None


def waiting_for(found: Story) -> str:
    """Who has to act now, in words; empty when nobody has."""
    return "、".join(dict.fromkeys(str(words.ACTORS[turn.who]) for turn in found.turns))


def _label(key: str, need: Need) -> str:
    if key == "competition" and need.method == "random_draw":
        return str(words.DRAW_STEP)
    if key == "competition" and need.method == "direct":
        return str(words.DIRECT_STEP)
    return str(words.STEPS[key])


def _note(found: Story, key: str, state: str) -> str:
    if state == "failed":
        return words.failure(found.need.end_reason)
    if key == "award" and found.award and state == "done":
        return found.award.agency.organisation.name
    if key == "questions" and state == "now" and found.need.method != "direct":
        return str(words.ENTRY_OPEN)
    return ""


def _who(found: Story, key: str) -> str:
    actors = list(dict.fromkeys(turn.who for turn in found.turns if turn.step == key))
    if set(actors) == {BUYER, SUPPLIER} and key != "delivery":
        actors = ["both"]
    return "、".join(str(words.ACTORS[who]) for who in actors)


_NOTICES_OF = {
    "notice": ("need",),
    "competition": ("failed", "cancelled"),
    "award": ("award",),
    "contract": ("contract",),
}


def _papers(found: Story, key: str, notices: Sequence[Notice], actor: Actor) -> list[Document]:
    shown = [
        Document(notice.title, f"/papers/{notice.paper.number}/", notice.paper.number, notice.published_at)
        for notice in notices
        if notice.kind in _NOTICES_OF.get(key, ()) and notice.paper and notice.paper.public
    ]
    return shown + [Document(str(title), url) for title, url in _pages(found, key, actor)]


def _pages(found: Story, key: str, actor: Actor) -> list[tuple[Any, str]]:
    pages = words.PAGES
    if key == "competition" and found.competition:
        return _room_pages(found.competition)
    if key == "award" and found.award:
        return [(pages["award"], f"/awards/{found.award.pk}/")]
    if key in ("contract", "delivery") and found.contract and is_party(found, actor):
        return [(pages["contract"], f"/contracts/{found.contract.pk}/")]
    if key == "rating" and found.award and found.window and found.window.revealed_at:
        return [(pages["credit"], f"/agencies/{found.award.agency_id}/credit/")]
    return []


def _room_pages(competition: Competition) -> list[tuple[Any, str]]:
    room = f"/competitions/{competition.pk}/"
    if competition.closed_at is None:
        return [(words.PAGES["room"], room)]
    verify = f"/verify/?competition={competition.pk}#records"
    return [(words.PAGES["replay"], room), (words.PAGES["verify"], verify), (words.PAGES["record"], f"{room}record/")]


def panel(found: Story, actor: Actor) -> Panel:
    """What the actor may do on this need now."""
    if actor.acts_for(found.need.buyer_id):
        return Panel("buyer", found.turns_of(BUYER))
    if found.award and actor.acts_for(found.award.agency_id):
        return Panel("winner", found.turns_of(SUPPLIER))
    if actor.of(Organisation.Kind.AGENCY) and found.competition and actor.org_id:
        return _agency_panel(found, actor.org_id)
    if actor.user is None:
        return Panel("stranger", may_enter=_open_for_entry(found))
    return Panel("watcher")


def _open_for_entry(found: Story) -> bool:
    return found.state == "published" and found.competition is not None


def _agency_panel(found: Story, agency_id: int) -> Panel:
    competition = found.competition
    if competition is None:
        return Panel("agency")
    entry = entry_of(competition.pk, agency_id)
    if entry is not None:
        return Panel("entrant", entry=entry, may_withdraw=found.state == "published")
    if found.state != "published":
        return Panel("agency")
    reasons = [
        _reason(refusal, agency_id)
        for refusal in bidding.eligibility(competition_id=competition.pk, agency_id=agency_id)
    ]
    return Panel("agency", reasons=reasons, may_enter=not reasons)


def _reason(refusal: Refusal, agency_id: int) -> Reason:
    return Reason(refusal, WAYS_OUT.get(refusal.code, f"/agencies/{agency_id}/"))
