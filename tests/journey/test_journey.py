"""The whole walk, from registration to a rated award, against a living market: the same that bin/journey plays."""

import pytest
from django.core.management import call_command

from portal.journey.__main__ import play
from portal.journey.walk import Walk


@pytest.mark.slow
def test_the_whole_walk_is_green(live_market):
    call_command("seed_demo", "--no-history")
    walk = Walk(live_market.url)
    try:
        play(walk)
    finally:
        walk.close()
