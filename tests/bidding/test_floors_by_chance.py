"""Whatever happens with floors on the real engine, its record can be worked out again by the verifier, and a floor is
always heeded: nobody with a floor that could still bid is left behind.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies import services as agencies
from bidding import committer, log, selectors, services
from bidding.rules import proxy
from bidding.rules.auction import Offer
from bidding.rules.proxy import Deposit
from bidding.services.floors import Book
from bidding.verify import verify
from core import clock
from tests.bidding import world
from tests.bidding.test_floors import NOW, record

pytestmark = pytest.mark.django_db
BIDDERS = 4
START, END = NOW - timedelta(minutes=1), NOW + timedelta(minutes=29)
moments = st.integers(-600, 1900).map(lambda seconds: START + timedelta(seconds=seconds, milliseconds=seconds % 7))
amounts = st.integers(4000, 5100).map(lambda tens: Decimal(tens) * 10 + Decimal("0.25") * (tens % 4))
steps = st.tuples(
    st.sampled_from(["bid", "bid", "floor", "floor", "back", "least", "look", "bar"]),
    st.integers(0, BIDDERS - 1), amounts, moments,
)  # fmt: skip
# Moments come roughly in order, as they do; some are late, as a queue makes them.
courses = st.lists(steps, min_size=1, max_size=14).map(lambda course: sorted(course, key=lambda step: step[3].minute))


def take(place, number, step):
    """One thing that somebody does, at its moment."""
    what, index, amount, at = step
    by, ref = place.entries[index].pseudonym, f"{what}-{number:08d}"
    with clock.at(at):
        if what == "look":
            services.begin(competition_id=place.pk)
        elif what == "bar":
            agencies.restrict(
                agency_id=place.agencies[index].pk, kind="suspended", starts_at=at, ends_at=END + timedelta(days=9),
                ground="test", source="/",
            )  # fmt: skip
        else:
            asked = Deposit(by, None if what == "back" else amount, ref) if what in ("floor", "back") else None
            least = log.board(place.pk).next_max or amount
            offer = asked or Offer(by, least if what == "least" else amount, ref)
            committer.place_all(competition_id=place.pk, offers=[(offer, at)])


def heeded(place):
    """After everything nobody who may still bid has a floor that the engine left out."""
    board = log.board(place.pk)
    if not board.begun:
        return True
    due = proxy.automatic(board, proxy.in_force(board, Book(board).seals))
    barred = {entry.pseudonym for entry in place.entries if services.barred(entry.agency_id, END)}
    return all(by in barred for by, _amount in due)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(courses)
def test_every_course_of_events_can_be_worked_out_again(course):
    with transaction.atomic():
        place = world.competition(bidders=BIDDERS, now=NOW)
        for number, step in enumerate(course):
            take(place, number, step)
            assert heeded(place)
        with clock.at(NOW + timedelta(hours=3)):
            services.finalise(competition_id=place.pk)
        assert place.reload().closed_at
        findings = verify(record(place))
        assert not findings[-1].fault, (findings[-1], selectors.record_file(place.pk)["records"])
        transaction.set_rollback(True)
