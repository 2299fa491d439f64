"""When a certificate counts. Dates are whole days in Beijing; the last day still counts."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol


class Dated(Protocol):
    """Anything with a first and a last day of validity; an open end lasts."""

    valid_from: date
    valid_until: date


class Validity(StrEnum):
    FUTURE = "future"
    VALID = "valid"
    EXPIRING = "expiring"
    LAPSED = "lapsed"


def validity(paper: Dated, day: date, *, notice_days: int) -> Validity:
    """How a paper stands on a day; within `notice_days` before its last day it is expiring."""
    if day < paper.valid_from:
        return Validity.FUTURE
    if day > paper.valid_until:
        return Validity.LAPSED
    if day >= paper.valid_until - timedelta(days=notice_days):
        return Validity.EXPIRING
    return Validity.VALID


def counts(paper: Dated, day: date) -> bool:
    """Does the paper open what it is required for on this day?"""
    return paper.valid_from <= day <= paper.valid_until
