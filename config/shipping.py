"""What every database of the market holds before anybody uses it: rule sets, calendar, regions, catalogue.

Shipping again adds what is new and leaves alone what is there.
"""

from pathlib import Path

from accounts import regions
from config.paths import BASE
from core import calendar_seed, rulesets
from marketplace import catalogue


def ship() -> dict[str, int]:
    """Ship everything, in the order in which it refers to each other; returns how many rows each part wrote."""
    return {
        "rule sets": rulesets.ship(_rulesets()),
        "calendar": calendar_seed.ship(),
        "regions": regions.ship(),
        "catalogue": catalogue.ship(),
    }


def _rulesets() -> list[Path]:
    """A room's rule sets in one file, and in a folder of the same name once one file is too long."""
    return sorted([*BASE.glob("*/rulesets.toml"), *BASE.glob("*/rulesets/*.toml")])
