"""Which rooms tell the clock about their steps, and what moves an end that a room keeps itself: on one screen."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from agencies import steps as agencies
from bidding import steps as bidding
from contracts import steps as contracts
from contracts.services import dues
from core import steps
from marketplace import steps as marketplace
from payments import steps as payments
from ratings import grade_steps as grades
from ratings import steps as ratings
from supervision.selectors import (
    cases,
    clauses,
    complaints,
    consultations,
    entrance,
    inspections,
    listings,
    questions,
    repairs,
)
from supervision.services import ends
from supervision.services import entrance as entering


@dataclass(frozen=True)
class Source:
    """`read`: open now and ended since a moment. `movers`: kind -> moves its end in the room."""

    name: str
    read: steps.Source
    movers: Mapping[str, steps.Mover] = field(default_factory=dict)


def always(read: Callable[[], Iterable[steps.Step]]) -> steps.Source:
    """For parts of this room, which tell of everything that is open and need no moment."""
    return lambda _since: read()


def kept_here(prefix: str) -> Mapping[str, steps.Mover]:
    """The movers of one part of this room."""
    return {kind: move for kind, move in ends.movers().items() if kind.startswith(prefix)}


SOURCES: list[Source] = [
    Source("marketplace", marketplace.open_steps, {"need.answer": marketplace.move_answer}),
    Source("bidding", bidding.open_steps, {"award.confirm": bidding.move}),
    Source(
        "contracts",
        contracts.open_steps,
        {
            "contract.sign": dues.move_signing,
            "contract.deliver": dues.move_delivery,
            "contract.rework": dues.move_rework,
            "contract.accept": dues.move_answer,
            "contract.amend": dues.move_change,
            "contract.terminate": dues.move_ending,
            "contract.file": dues.move_filing,
        },
    ),
    Source("payments", payments.open_steps, {"payment.pay": payments.move}),
    Source(
        "ratings",
        ratings.open_steps,
        {
            "rating.rate": ratings.move,
            "rating.reply": ratings.move_reply,
            "rating.file_appeal": ratings.move_appeal,
            "rating.answer": ratings.move_answer,
            "rating.appeal": ratings.move_decision,
            "rating.regulator": ratings.move_regulator,
            "quality.answer": ratings.move_quality_answer,
            "quality.decide": ratings.move_quality_decision,
            "grade.object": grades.move_objection,
            "grade.decide": ratings.move_decision,
        },
    ),
    Source("agencies", agencies.open_steps),
    Source("entrance", always(entrance.open_steps), {"agency.correct": entering.move_correction}),
    Source("cases", cases.open_steps, kept_here("case.")),
    Source("complaints", complaints.open_steps, kept_here("complaint.")),
    Source("inspections", inspections.open_steps, kept_here("inspection.")),
    Source("listings", listings.open_steps, kept_here("listing.")),
    Source("clauses", clauses.open_steps),
    Source("consultations", consultations.open_steps),
    Source("questions", questions.open_steps, kept_here("question.")),
    Source("repairs", repairs.open_steps, kept_here("repair.")),
]


def mover(kind: str) -> steps.Mover | None:
    return next((source.movers[kind] for source in SOURCES if kind in source.movers), None)


def since_ever() -> datetime:
    """Before anything happened on the platform."""
    return datetime.fromisoformat("2000-01-01T00:00:00+00:00")
