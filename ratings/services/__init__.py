"""Verbs of this room: rating each other without seeing the other's words, and keeping the credit file."""

from ratings.services.credit import correct, record_credit, rescore
from ratings.services.rating import open_window, rate, reply, reveal

__all__ = ["correct", "open_window", "rate", "record_credit", "reply", "rescore", "reveal"]
