"""A Stripe that nobody has talked to yet, for every test of this room."""

import pytest

from payments import gateway
from payments.stripe_double.shelf import Memory


@pytest.fixture(autouse=True)
def fresh_stripe():
    double = gateway.double()
    kept, double.store = double.store, Memory()
    yield double
    double.store = kept
    double.troubles.clear()
