"""Verbs of this room: rating each other without seeing the other's words, and keeping the credit file."""

from ratings.services.certificate import certify, end_of, lines_hash
from ratings.services.credit import correct, record_credit, repair
from ratings.services.rating import open_window, rate, reply, reveal
from ratings.services.scale import measure_market
from ratings.services.tally import rescore, rescore_all

__all__ = [
    "certify",
    "correct",
    "end_of",
    "lines_hash",
    "measure_market",
    "open_window",
    "rate",
    "record_credit",
    "repair",
    "reply",
    "rescore",
    "rescore_all",
    "reveal",
]
