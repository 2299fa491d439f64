"""Short limits for the demo, as dated new versions of the rule sets: a whole walk takes minutes, not weeks.

The history before was made under the shipped versions, and its decisions keep saying so.
"""

from typing import Any

from core import clock, rulesets, upkeep
from core.audit import SYSTEM
from core.models import RuleSet

NOTE = "演示：缩短时限"


def _limit(n: int, unit: str) -> dict[str, Any]:
    return {"n": n, "unit": unit}


# What differs from the version that was shipped.
QUICK: dict[str, dict[str, Any]] = {
    "marketplace": {
        "notice_tiers": [{"below": "200000.00", "limit": _limit(40, "seconds")}, {"limit": _limit(90, "seconds")}],
        "urgent_notice": _limit(20, "seconds"),
        "choice_period": _limit(1, "days"),
        "answer_limit": _limit(30, "minutes"),
        "auction_minutes": [1, 2, 3, 5, 6, 10, 15, 20, 30, 45, 60, 90, 120],
        "default_auction_minutes": 2,
    },
    "bidding": {
        "soft_close_seconds": 20,
        "extension_seconds": 20,
        "hard_end_minutes": 3,
        "closing_grace_seconds": 1,
        "publicity": _limit(10, "seconds"),
        "confirm": _limit(30, "minutes"),
    },
    "contracts": {"sign": _limit(1, "days"), "answer": _limit(1, "days")},
    "budget": {"pay": _limit(2, "days")},
    "complaints": {"reply": _limit(10, "minutes"), "accept": _limit(1, "hours")},
    "objections": {"reply": _limit(10, "minutes")},
    "cases": {"defence": _limit(10, "minutes"), "publish": _limit(1, "hours")},
    "listings": {"defence": _limit(10, "minutes"), "notify": _limit(1, "hours")},
    "repair": {
        "publicity": {
            "minor": _limit(0, "days"),
            "general": _limit(5, "seconds"),
            "serious": _limit(10, "seconds"),
        },
        "check": _limit(1, "hours"),
    },
    "inspections": {"draw_after": _limit(15, "seconds"), "notice_ahead": _limit(5, "seconds")},
    "ratings": {"window": _limit(1, "days"), "edit": _limit(1, "hours"), "reply": _limit(1, "days")},
}


def quickened() -> bool:
    return _was("bidding")


def _was(name: str) -> bool:
    return RuleSet.objects.filter(name=name, note=NOTE).exists()


def quicken() -> None:
    """Add the short versions, in force from now on. Doing it again changes nothing."""
    now = clock.now()
    with clock.at(now):
        for name, changes in QUICK.items():
            rules = rulesets.current(name)
            if not _was(name):
                parameters = {**rules.parameters, **changes}
                upkeep.add_version(
                    name=name, effective_from=now, parameters=parameters, draft=True, note=NOTE, by=SYSTEM
                )
