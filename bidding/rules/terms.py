"""What is fixed when a competition opens. Everything a decision needs is here, so anyone can decide again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from bidding.rules.record import stamp, unstamp

FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Terms:
    """Amounts in yuan with two places. `step` is the least improvement; `hard_ends_at` is never passed.

    `rules` names the rule set, `rules_digest` is SHA-256 over its parameters in canonical form ("" in old records).
    """

    method: str
    ceiling: Decimal
    step: Decimal
    starts_at: datetime
    ends_at: datetime
    hard_ends_at: datetime
    soft_close: timedelta
    extension: timedelta
    min_entrants: int
    rules: str
    draw_commitment: str = ""
    rules_digest: str = ""

    def as_json(self) -> dict[str, Any]:
        named = {"rules_digest": self.rules_digest} if self.rules_digest else {}
        return named | {
            "method": self.method,
            "ceiling": str(self.ceiling),
            "step": str(self.step),
            "starts_at": stamp(self.starts_at),
            "ends_at": stamp(self.ends_at),
            "hard_ends_at": stamp(self.hard_ends_at),
            "soft_close_seconds": int(self.soft_close.total_seconds()),
            "extension_seconds": int(self.extension.total_seconds()),
            "min_entrants": self.min_entrants,
            "rules": self.rules,
            "draw_commitment": self.draw_commitment,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Terms":
        return cls(
            method=stored["method"],
            ceiling=Decimal(stored["ceiling"]),
            step=Decimal(stored["step"]),
            starts_at=unstamp(stored["starts_at"]),
            ends_at=unstamp(stored["ends_at"]),
            hard_ends_at=unstamp(stored["hard_ends_at"]),
            soft_close=timedelta(seconds=stored["soft_close_seconds"]),
            extension=timedelta(seconds=stored["extension_seconds"]),
            min_entrants=stored["min_entrants"],
            rules=stored["rules"],
            draw_commitment=stored["draw_commitment"],
            rules_digest=stored.get("rules_digest", ""),
        )


def step_for(ceiling: Decimal, *, share: Decimal, rounding: Decimal) -> Decimal:
    """The least improvement: a share of the ceiling, rounded up to a multiple of `rounding`, at most the ceiling.

    Example: ceiling 48,500.00, share 0.005, rounding 50 -> 242.50 -> 250.00.
    """
    raw = (ceiling * share / rounding).to_integral_value(ROUND_CEILING) * rounding
    return min(max(raw, FEN), ceiling).quantize(FEN)
