"""A Stripe that nobody has talked to yet, for every test of this room."""

import pytest

from payments import gateway


@pytest.fixture(autouse=True)
def fresh_stripe():
    gateway.double.cache_clear()
    return gateway.double()
