"""Supervision from card to delisting, and an inspection: the same that bin/journey --supervision plays."""

import pytest
from django.core.management import call_command

from portal.journey.__main__ import SUPERVISION, play
from portal.journey.walk import Walk


@pytest.mark.slow
def test_supervision_from_card_to_delisting_is_green(live_market):
    call_command("seed_demo", "--no-history")
    walk = Walk(live_market.url)
    try:
        play(walk, SUPERVISION)
    finally:
        walk.close()
