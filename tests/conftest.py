"""Fixtures every room's tests share."""

import pytest
from hypothesis import HealthCheck, settings

from tests import database

pytest_plugins = ["tests.live"]

# How fast examples come says something about the machine, nothing about the rules.
settings.register_profile("market", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", settings.get_profile("market"), max_examples=1000)  # --hypothesis-profile=long
settings.load_profile("market")


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
