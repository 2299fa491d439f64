"""Verbs of supervision."""

from supervision.services.flags import judge, look, open_case_on

__all__ = ["judge", "look", "open_case_on"]
