"""Fixtures every room's tests share."""

import pytest
from hypothesis import HealthCheck, settings

from bidding import threads
from tests import database

pytest_plugins = ["tests.live"]

# How fast examples come says something about the machine, nothing about the rules.
settings.register_profile("market", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", settings.get_profile("market"), max_examples=1000)  # --hypothesis-profile=long
settings.load_profile("market")


def pytest_collection_modifyitems(items):
    """Files with a long scenario first, so that no worker is left alone with one at the end."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Every test database ships with rule sets, calendar, regions and catalogue, as a real one does."""
    from config import shipping

    with django_db_blocker.unblock():
        shipping.ship()
        database.keep_copy()
    database.install()
    yield
    with django_db_blocker.unblock():
        database.hang_up()


@pytest.fixture(autouse=True)
def _closed_threads():
    """Threads of rooms and committers end with each test, so that no connection outlives its database."""
    yield
    threads.close_all()
