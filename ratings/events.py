"""What this room tells those above."""

from dataclasses import dataclass

from core.outbox import Event


@dataclass(frozen=True)
class RatingsRevealed(Event):
    """Both sides' ratings became readable; either may be missing."""

    window_id: int
    contract_id: int


@dataclass(frozen=True)
class AppealFiled(Event):
    """Somebody appealed against a rating or a row of its file; the other side may answer."""

    appeal_id: int


@dataclass(frozen=True)
class AppealDecided(Event):
    appeal_id: int
    upheld: bool


@dataclass(frozen=True)
class ResultUsed(Event):
    """A result was used in an approval; a regulator is to rate it."""

    use_id: int


@dataclass(frozen=True)
class QualityReported(Event):
    """An approving department sent a result back for its quality; the agency may answer before anything follows."""

    use_id: int


@dataclass(frozen=True)
class QualityDecided(Event):
    use_id: int
    confirmed: bool


@dataclass(frozen=True)
class RegulatorRated(Event):
    use_id: int


@dataclass(frozen=True)
class GradesProposed(Event):
    """The operator wants a year graded; the lines are to be computed."""

    list_id: int


@dataclass(frozen=True)
class GradesListed(Event):
    """Every line is there and public; each agency may object to its own."""

    list_id: int


@dataclass(frozen=True)
class GradesPublished(Event):
    """The grades of a year are final."""

    list_id: int
