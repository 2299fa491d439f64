"""How long a need must be announced, and what follows for its schedule."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any


def notice_limit(
    ceiling: Decimal | None, tiers: Sequence[Mapping[str, Any]], *, urgent: bool, urgent_notice: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The notice period {n, unit} for a ceiling in yuan: the first tier the ceiling is below; 1 tier has no bound.

    An unknown ceiling gets the longest period, so that nothing promised early has to be taken back.
    """
    if urgent:
        return urgent_notice
    for tier in tiers:
        if "below" not in tier or (ceiling is not None and ceiling < Decimal(tier["below"])):
            return dict(tier["limit"])
    raise ValueError("the last notice tier must have no bound")
