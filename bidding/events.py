"""What the competition tells the rooms above and below."""

from dataclasses import dataclass

from core.outbox import Event


@dataclass(frozen=True)
class CompetitionOpened(Event):
    competition_id: int
    need_id: int


@dataclass(frozen=True)
class CompetitionFailed(Event):
    competition_id: int
    need_id: int
    reason: str


@dataclass(frozen=True)
class AwardDecided(Event):
    award_id: int
    need_id: int


@dataclass(frozen=True)
class AwardDeclined(Event):
    award_id: int
    need_id: int
    silent: bool


@dataclass(frozen=True)
class BidderPassedOver(Event):
    """Its turn to be awarded had come and it could not be: `reason` is restricted, service, licence or own_need."""

    competition_id: int
    need_id: int
    agency_id: int
    reason: str
