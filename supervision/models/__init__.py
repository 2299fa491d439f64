"""Tables of supervision."""

from supervision.models.flags import FlagHit, FlagVerdict, Turnout

__all__ = ["FlagHit", "FlagVerdict", "Turnout"]
