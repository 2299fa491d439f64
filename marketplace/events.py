"""What the market announces to the rooms above."""

from dataclasses import dataclass

from core.outbox import Event


@dataclass(frozen=True)
class NeedPublished(Event):
    need_id: int


@dataclass(frozen=True)
class NeedCancelled(Event):
    need_id: int
    reason: str


@dataclass(frozen=True)
class QuestionAsked(Event):
    question_id: int


@dataclass(frozen=True)
class QuestionAnswered(Event):
    question_id: int


@dataclass(frozen=True)
class ItemCancelled(Event):
    code: str


@dataclass(frozen=True)
class SuspensionOver(Event):
    """A source holds the need no longer; another may."""

    need_id: int
    source: str


@dataclass(frozen=True)
class NeedResumed(Event):
    """Nothing holds the need any more. `seconds`: how long it was held; which suspension was the last."""

    need_id: int
    suspension_id: int
    seconds: int
