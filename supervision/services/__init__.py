"""Verbs of supervision."""

from supervision.services.flags import judge, look

__all__ = ["judge", "look"]
