"""Both ways to pay, against a living market: the same that bin/journey --money plays."""

import pytest
from django.core.management import call_command

from portal.journey.__main__ import MONEY, play
from portal.journey.walk import Walk


@pytest.mark.slow
def test_both_ways_to_pay_are_green(live_market):
    call_command("seed_demo", "--no-history")
    walk = Walk(live_market.url)
    try:
        play(walk, MONEY)
    finally:
        walk.close()
