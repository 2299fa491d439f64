"""Verbs of the competition. Bids have a road of their own: bidding.committer."""

from bidding.services.awards import choose_directly, confirm_award, decline_award, pass_over, take_silence, wait_longer
from bidding.services.closing import finalise
from bidding.services.entries import barred, eligibility, enter, withdraw
from bidding.services.floors import begin
from bidding.services.opening import cancel_competition, open_competition

__all__ = [
    "barred",
    "begin",
    "cancel_competition",
    "choose_directly",
    "confirm_award",
    "decline_award",
    "eligibility",
    "enter",
    "finalise",
    "open_competition",
    "pass_over",
    "take_silence",
    "wait_longer",
    "withdraw",
]
