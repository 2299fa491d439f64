"""What every database of the market holds before anybody uses it: rule sets, calendar, regions, catalogue.

Shipping again adds what is new and leaves alone what is there.
"""

from collections.abc import Callable
from importlib.util import find_spec

from django.utils.module_loading import import_string

from config.paths import BASE
from core import calendar_seed, rulesets

# In the order in which they refer to each other.
_ROOMS = ("accounts.regions", "marketplace.catalogue")


def ship() -> dict[str, int]:
    """Ship everything; returns how many rows each part added."""
    added = {path.parent.name: rulesets.ship(path) for path in sorted(BASE.glob("*/rulesets.toml"))}
    added["calendar"] = calendar_seed.ship()
    for room in _ROOMS:
        if find_spec(room):
            added[room] = _shipper(room)()
    return added


def _shipper(room: str) -> Callable[[], int]:
    shipper: Callable[[], int] = import_string(f"{room}.ship")
    return shipper
