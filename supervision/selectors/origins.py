"""Cases that grow from a card or a rating: what is proposed, which case it was, and who may know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts import selectors as accounts
from accounts.models import Organisation
from core.workdays import LOCAL
from ratings import selectors as ratings
from ratings.models import Rating
from ratings.texts import DIMENSIONS, LABELS
from supervision import kinds
from supervision.models import Card, Case, FlagHit, Step
from supervision.rules import origins as rules

CARD, RATING = Case.Origin.CARD, Case.Origin.RATING


@dataclass(frozen=True)
class Proposal:
    """What the form says before anybody has written in it; `subjects`: on whom a case may be opened."""

    subjects: Sequence[Organisation]
    ground: str
    facts: str


def reference(kind: str, pk: int) -> str:
    """What a case remembers of its card or rating; the database lets each be remembered once."""
    return f"{kind}:{pk}"


def case_of(kind: str, pk: int) -> Case | None:
    """The case that grew from a step's card or a rating."""
    return Case.objects.filter(origin_reference=reference(kind, pk)).select_related("subject").first()


def path_for(row: Case, org_id: int | None, *, supervises: bool) -> str:
    """Where this reader may read it: officers at once, the respondent from the notice on, anybody once published."""
    if org_id == row.subject_id:
        return "" if row.state == Case.Stage.OPEN else f"/cases/{row.number}/"
    if supervises:
        return row.get_absolute_url()
    return row.public_path if row.published_at else ""


SIDES: Mapping[str, tuple[Any, Sequence[str]]] = {
    CARD: (Step, ("owner_id", "respondent_id")),
    RATING: (Rating, ("rater_id", "ratee_id")),
}


def concerned(row: Case) -> frozenset[int]:
    """Everyone the card, rating or flag behind a case concerns; of other cases nobody is named here."""
    kind, _colon, number = row.origin_reference.partition(":")
    if not number.isdecimal():
        return frozenset()
    if kind == Case.Origin.FLAG:
        hit = FlagHit.objects.filter(pk=int(number)).first()
        return frozenset(hit.organisations if hit else ())
    if kind not in SIDES:
        return frozenset()
    model, sides = SIDES[kind]
    found = model.objects.filter(pk=int(number)).values_list(*sides).first() or ()
    return frozenset(one for one in found if one is not None)


def of_card(step: Any) -> Proposal:
    """`step`: with its cards, as selectors.cards reads it; the end is quoted as it stood when the card was earned."""
    red = next((card for card in step.cards.all() if card.colour == Card.Colour.RED), None)
    facts = _("{who}的“{kind}”（{title}）应在 {due} 前办结，{red} 亮红牌，{end}。").format(
        who=step.owner.name,
        kind=kinds.label(step.kind),
        title=step.title,
        due=_day(red.due_at if red else step.due_at),
        red=_day(red.raised_at if red else None),
        end=_("{at} 办结").format(at=_day(step.closed_at)) if step.closed_at else _("至今没有办结"),
    )
    return Proposal([step.owner], rules.ground_of_step(step.kind), facts)


def of_rating(row: Rating) -> Proposal:
    withdrawn = is_withdrawn(row)
    may = rules.answerable(rater=row.rater_id, ratee=row.ratee_id, withdrawn=withdrawn)
    known = accounts.organisations(may)
    marks = {name: getattr(row, name) for name in DIMENSIONS}
    facts = _("{rater}对{ratee}的评价（合同 {contract}，{at} 公开）：{marks}。{text}").format(
        rater=row.rater.name,
        ratee=row.ratee.name,
        contract=row.window.contract.number,
        at=_day(row.window.revealed_at),
        marks=_("，").join(f"{LABELS[row.side][name]} {stars}" for name, stars in marks.items()),
        text=row.text,
    )
    ground = rules.ground_of_rating(marks, of_service=row.side == "buyer", withdrawn=withdrawn)
    return Proposal([known[one] for one in may], ground, facts)


def appealed(row: Rating) -> bool:
    """An appeal against it waits for its decision."""
    appeal = ratings.of_rating(row.pk)
    return appeal is not None and getattr(appeal, "decision", None) is None


def is_withdrawn(row: Rating) -> bool:
    """An appeal against it was upheld."""
    decision = getattr(ratings.of_rating(row.pk), "decision", None)
    return bool(decision and decision.upheld)


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(LOCAL):%Y-%m-%d %H:%M}" if moment else ""
