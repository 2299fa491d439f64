"""Threads of rooms and committers end with each test, so that no connection outlives its database."""

import pytest

from bidding import threads


@pytest.fixture(autouse=True)
def _closed_threads():
    yield
    threads.close_all()
