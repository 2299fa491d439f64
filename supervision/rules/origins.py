"""What a card or a rating may become a case about: against whom, and the ground of the published scale it points to."""

from collections.abc import Mapping

LATE_WORK = ("contract.deliver", "contract.rework")
LOW = 2  # stars; more than that is no reason to ask
SERVICE = {
    "quality": "service_complaint",
    "timeliness": "late_delivery",
    "attitude": "service_complaint",
    "fees": "fee_complaint",
    "compliance": "service_complaint",
}
BUYING = {"timeliness": "late_step", "fees": "late_step", "compliance": "wrong_procedure"}


def ground_of_step(kind: str) -> str:
    """What being late with a step is called on the scale."""
    return "late_delivery" if kind in LATE_WORK else "late_step"


def ground_of_rating(marks: Mapping[str, int], *, of_service: bool, withdrawn: bool) -> str:
    """What the lowest mark points to, "" where nothing on the scale fits; a rating that did not stand is its own."""
    if withdrawn:
        return "false_praise"
    lowest = min(marks, key=lambda name: marks[name])
    if marks[lowest] > LOW:
        return ""
    return (SERVICE if of_service else BUYING).get(lowest, "")


def answerable(*, rater: int, ratee: int, withdrawn: bool) -> tuple[int, ...]:
    """Whom a rating may lead to a case on, the likelier first: one that did not stand says nothing about the rated."""
    return (rater,) if withdrawn else (ratee, rater)
