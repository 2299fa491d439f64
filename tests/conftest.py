"""Fixtures every room's tests share."""

import os

import pytest
from hypothesis import HealthCheck, settings

from bidding import threads
from tests import database, template

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
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """What test databases are copied from (TEMPLATE in tests/settings.py) is there before the first is made."""
    template.put_on(os.environ["MARKET_EMBEDDED_URL"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Every test database ships with rule sets, calendar, regions and catalogue, as a real one does."""
    database.install()
    yield
    with django_db_blocker.unblock():
        database.hang_up()


@pytest.fixture(autouse=True)
def _closed_threads():
    """Threads of rooms and committers end with each test, so that no connection outlives its database."""
    yield
    threads.close_all()
