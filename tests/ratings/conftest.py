"""Tests of this room live on a fixed day, after the contracts they rate were completed."""

from datetime import datetime

import pytest

from core import clock
from core.workdays import LOCAL
from tests.ratings import grading


@pytest.fixture(autouse=True)
def _today():
    with clock.at(datetime(2026, 6, 30, 12, tzinfo=LOCAL)):
        yield


@pytest.fixture
def market(db):
    return grading.market()
