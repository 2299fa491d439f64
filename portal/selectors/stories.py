"""Needs with everything that happened to them, however many, in a constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from bidding import selectors as bidding
from bidding.models import Award, Competition
from contracts.models import Contract, Milestone
from contracts.services import amending, terminating
from marketplace.models import Need, Question
from marketplace.selectors import state_of
from marketplace.selectors.questions import AnswerClock
from marketplace.wording import STATE_TONES, STATES
from portal import words
from portal.rules.turns import MilestoneFacts, NeedFacts, Turn, by_due, turns
from ratings.models import RatingWindow


@dataclass(frozen=True)
class Story:
    """A need and what became of it. `award` is the standing one; earlier declined ones are not here."""

    need: Need
    state: str
    competition: Competition | None
    award: Award | None
    contract: Contract | None
    window: RatingWindow | None
    turns: list[Turn] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(STATES[self.state])

    @property
    def kind(self) -> str:
        return STATE_TONES[self.state]

    @property
    def next(self) -> Turn | None:
        return self.turns[0] if self.turns else None

    @property
    def next_words(self) -> str:
        """The next step and who takes it, as on a card of the board."""
        if self.next is None:
            return ""
        return _("{who}：{what}").format(who=self._actors(self.next.what), what=words.TASKS[self.next.what])

    def _actors(self, what: str) -> str:
        sides = {turn.who for turn in self.turns if turn.what == what}
        return str(words.ACTORS["both" if len(sides) > 1 else sides.pop()])

    @property
    def milestones_total(self) -> int:
        return len(self.contract.milestones.all()) if self.contract and self.contract.signed_at else 0

    @property
    def milestones_done(self) -> int:
        return sum(row.accepted_at is not None for row in self.contract.milestones.all()) if self.contract else 0

    def turns_of(self, *who: str) -> list[Turn]:
        return [turn for turn in self.turns if turn.who in who]


def with_stories(needs: QuerySet[Need]) -> QuerySet[Need]:
    """The same needs with what `stories` reads prefetched; filter and slice them before."""
    awards = (
        bidding.awards()
        .exclude(outcome__in=Award.OVER)
        .select_related("paper", "contract__ratingwindow")
        .prefetch_related(
            "contract__milestones__deliverables",
            "contract__amendments__answer",
            "contract__terminations__answer",
            "contract__ratingwindow__ratings",
        )
    )
    return needs.select_related("item", "region", "buyer", "competition").prefetch_related(
        Prefetch("awards", queryset=awards, to_attr="standing"), "questions"
    )


def stories(needs: Iterable[Need], now: datetime) -> list[Story]:
    """One story per need that came through `with_stories`, in the order given."""
    answer_by = AnswerClock()
    return [_story(need, now, answer_by) for need in needs]


def _story(need: Need, now: datetime, answer_by: AnswerClock) -> Story:
    state = state_of(need, now)
    award: Award | None = next(iter(need.standing), None)  # type: ignore[attr-defined]
    contract: Contract | None = getattr(award, "contract", None)
    window: RatingWindow | None = getattr(contract, "ratingwindow", None)
    competition: Competition | None = getattr(need, "competition", None)
    found = Story(need, state, competition, award, contract, window)
    return replace(found, turns=by_due(turns(_facts(found, answer_by))))


def _facts(found: Story, answer_by: AnswerClock) -> NeedFacts:
    need, competition, award = found.need, found.competition, found.award
    questions: list[Question] = [question for question in need.questions.all() if question.answered_at is None]
    return NeedFacts(
        need=need.pk,
        state=found.state,
        direct=need.method == "direct",
        entry_closes_at=need.entry_closes_at,
        open_questions=len(questions),
        question_due=min((answer_by.of(question) for question in questions), default=None),
        competition=competition.pk if competition else None,
        starts_at=competition.starts_at if competition else None,
        ends_at=competition.ends_at if competition else None,
        award=award.pk if award else None,
        confirm_by=award.confirm_by if award else None,
        **_contract_facts(found.contract),
        rating_ends_at=found.window.ends_at if found.window else None,
        rated=frozenset(rating.side for rating in found.window.ratings.all()) if found.window else frozenset(),
    )


def _contract_facts(contract: Contract | None) -> dict[str, Any]:
    if contract is None:
        return {}
    return {
        "contract": contract.pk,
        "drafted": bool(contract.drafted_by),
        "sign_by": contract.sign_by,
        "confirmed": _confirmed(contract),
        "milestones": [_milestone(row) for row in contract.milestones.all()],
        "asked": _asked(contract),
    }


def _asked(contract: Contract) -> list[tuple[str, str, datetime]]:
    """Who has to answer a change or an end the other side proposed, and by when."""
    found = [("answer_change", amending.waiting(contract)), ("answer_ending", terminating.waiting(contract))]
    return [(_other(one.proposed_by), what, one.answer_by) for what, one in found if one]


def _other(side: str) -> str:
    return "supplier" if side == "buyer" else "buyer"


def _confirmed(contract: Contract) -> frozenset[str]:
    sides = {"buyer": contract.buyer_confirmed_at, "supplier": contract.supplier_confirmed_at}
    return frozenset(side for side, at in sides.items() if at)


def _milestone(row: Milestone) -> MilestoneFacts:
    handed_in = list(row.deliverables.all())
    waiting = next((d for d in handed_in if d.accepted_at is None and d.returned_at is None), None)
    returned = next((d for d in handed_in if d.returned_at), None)
    return MilestoneFacts(
        title=row.title,
        due_at=row.due_at,
        accepted=row.accepted_at is not None,
        answer_by=waiting.answer_by if waiting else None,
        rework_by=returned.rework_by if returned and waiting is None else None,
    )
