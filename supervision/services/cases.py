"""Cases: opened from anything, noticed, defended, decided, published, reviewed, in force, ended."""

from dataclasses import dataclass

from core.audit import By
from supervision.models import Case


@dataclass(frozen=True)
class Origin:
    """What a case grows from. `kind`: complaint, card, flag, inspection, rating or report; `path` of its page."""

    kind: str
    reference: str
    title: str
    path: str = ""


def open_case(*, origin: Origin, subject_id: int, ground: str, facts: str, by: By) -> Case:
    """Open a case on an organisation. `ground`: a code of the published scale."""
    raise NotImplementedError
