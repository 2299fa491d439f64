"""A buyer's board: every need with its next action and clock."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.functional import Promise

from core import clock
from marketplace.models import Method, Need
from marketplace.rules import lifecycle
from marketplace.selectors.needs import needs_of, state_of
from marketplace.selectors.questions import AnswerClock
from marketplace.wording import NEXT_ACTIONS

_ENDED = (lifecycle.CLOSED, lifecycle.CANCELLED)


@dataclass(frozen=True)
class BoardRow:
    """`action` is a code of wording.NEXT_ACTIONS, `label` its words, `mine`: the buyer must act, `due_at` by when."""

    need: Need
    state: str
    action: str
    label: str | Promise
    url: str
    mine: bool
    due_at: datetime | None
    unanswered: int


def board(org_id: int, limit: int = 200) -> list[BoardRow]:
    """A buyer's needs, what is to be done first on top; two queries however many there are."""
    now = clock.now()
    open_questions = Q(questions__answered_at=None, questions__isnull=False)
    needs = needs_of(org_id).annotate(
        unanswered=Count("questions", filter=open_questions),
        waiting_since=Min("questions__asked_at", filter=open_questions & Q(questions__answer_by=None)),
        moved_until=Min("questions__answer_by", filter=open_questions),
    )
    answer_by = AnswerClock()
    rows = [_row(need, now, answer_by) for need in needs[:limit]]
    return sorted(rows, key=lambda row: (row.state in _ENDED, not row.mine, row.due_at is None, row.due_at or now))


def _row(need: Need, now: datetime, answer_by: AnswerClock) -> BoardRow:
    state = state_of(need, now)
    unanswered, due = _waiting(need, answer_by)
    page = need.get_absolute_url()
    if state == lifecycle.DRAFT:
        action = "choose_item" if need.item and need.item.cancelled_at else "finish"
        step = "item" if action == "choose_item" else "check"
        edit = reverse("marketplace:edit", args=[need.pk, step])
        return BoardRow(need, state, action, NEXT_ACTIONS[action], edit, mine=True, due_at=None, unanswered=0)
    if unanswered and due and state in (lifecycle.PUBLISHED, lifecycle.COMPETING):
        label = NEXT_ACTIONS["answer"]
        return BoardRow(need, state, "answer", label, f"{page}#questions", mine=True, due_at=due, unanswered=unanswered)
    action, mine, due_at = _next(need, state)
    return BoardRow(need, state, action, NEXT_ACTIONS[action], page, mine=mine, due_at=due_at, unanswered=unanswered)


def _waiting(need: Need, answer_by: AnswerClock) -> tuple[int, datetime | None]:
    """How many questions wait, and the first end among them."""
    since: datetime | None = getattr(need, "waiting_since", None)
    ends = (answer_by.due(since) if since else None, getattr(need, "moved_until", None))
    return getattr(need, "unanswered", 0), min((end for end in ends if end), default=None)


def _next(need: Need, state: str) -> tuple[str, bool, datetime | None]:
    if state == lifecycle.PUBLISHED and need.method == Method.DIRECT:
        return "choose", True, need.entry_closes_at
    return {
        lifecycle.PUBLISHED: ("wait_entries", False, need.entry_closes_at),
        lifecycle.COMPETING: ("watch", False, None),
        lifecycle.SELECTED: ("wait_confirmation", False, None),
        lifecycle.AWARDED: ("contract", True, None),
        lifecycle.IN_SERVICE: ("accept", False, None),
        lifecycle.COMPLETED: ("rate", True, None),
        lifecycle.FAILED: ("relist", not need.copied_from_id, None),
    }.get(state, ("none", False, None))
