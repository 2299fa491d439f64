"""Rings of praise and what ties both sides: what is found, and what an ordinary lively market never shows."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Membership
from core import clock
from supervision import services
from supervision.flags import BY_CODE
from supervision.flags.base import Market, Praise, bidder, day, market, need
from supervision.models import FlagHit
from supervision.rules import graphs
from supervision.selectors import flags as seen
from tests.bidding import world
from tests.bidding.test_competition import NOW, bid, closed
from tests.supervision.test_flag_rules import PARAMETERS


def hits(code, found):
    return BY_CODE[code].check(found, PARAMETERS[code])


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=30))
def test_a_ring_is_exactly_who_reaches_each_other(arcs):
    reach = {one: {one} for pair in arcs for one in pair}
    for _step in range(9):
        for a, b in arcs:
            for known in reach.values():
                if a in known:
                    known.add(b)
    wanted = {frozenset(b for b in reach[a] if a in reach[b]) for a in reach}
    assert set(graphs.rings(arcs)) == {ring for ring in wanted if len(ring) > 1}


@given(st.dictionaries(st.integers(0, 9), st.frozensets(st.integers(20, 26), max_size=3)))
def test_who_shares_a_trace_is_of_one_house(traces):
    house = graphs.tied(traces)
    for a in traces:
        for b in traces:
            if traces[a] & traces[b]:
                assert house[a] == house[b]
    assert all(house[house[one]] == house[one] <= one for one in traces)


def test_two_who_praise_each_others_agencies_make_a_ring_and_one_way_does_not():
    traces = {1: {"person:1"}, 11: {"person:1"}, 2: {"person:2"}, 12: {"person:2"}}
    there = [Praise(n, 1, 12, Decimal("4.9"), None, day(n)) for n in range(2)]
    back = [Praise(n + 5, 2, 11, Decimal("4.8"), None, day(n)) for n in range(2)]
    assert [hit.organisations for hit in hits("praise_ring", Market((), [*there, *back], traces))] == [(1, 2, 11, 12)]
    assert hits("praise_ring", Market((), [*there, *there], traces)) == []
    assert (
        hits("praise_ring", Market((), [*there, *(replace(one, given=Decimal("4.2")) for one in back)], traces)) == []
    )


def test_a_lively_market_full_of_fives_is_no_circle():
    draw = Random(7)
    five = Decimal("5.0")
    praise = [Praise(n, draw.randrange(20), 100 + draw.randrange(15), five, five, day(n / 4)) for n in range(600)]
    assert hits("praise_circle", Market((), praise)) == []
    assert hits("praise_ring", Market((), praise)) == []


def test_a_chain_of_good_customers_is_no_circle():
    chain = ((1, 7), (2, 7), (3, 7))
    praise = [Praise(n, *chain[n % 3], Decimal("5.0"), Decimal("5.0"), day(n)) for n in range(9)]
    assert hits("praise_circle", Market((), praise)) == []


def test_nearly_full_marks_are_praise_too_and_four_and_a_half_are_not():
    def given_each(mark):
        return Market((), [Praise(n, 1, 7, Decimal(mark), Decimal("4.8"), day(n)) for n in range(4)])

    assert hits("mutual_praise", given_each("4.8"))
    assert hits("mutual_praise", given_each("4.6")) == []


def test_three_at_one_price_are_one_matter_and_two_prices_are_two():
    one = need(1, bidder(7, 90_000), bidder(8, 90_000), bidder(9, 90_000), bidder(10, 95_000), bidder(11, 95_000))
    assert [hit.evidence["n"] for hit in hits("identical_prices", market(one))] == ["3", "2"]


@pytest.mark.django_db
def test_a_buyers_person_in_an_agency_that_bids_is_raised_after_the_close_with_who_and_how_often():
    place = world.competition(now=NOW)
    Membership.objects.create(user=place.owner, organisation=place.agencies[0].organisation)
    bid(place, place.entries[0], "49000.00")
    with clock.at(NOW):
        services.look()
    assert not FlagHit.objects.filter(rule="same_people").exists()
    closed(place)
    with clock.at(NOW.replace(hour=NOW.hour + 4)):
        services.look()
    hit = next(
        one for one in FlagHit.objects.filter(rule="same_people") if one.organisations[0] == place.agencies[0].pk
    )
    assert hit.organisations == [place.agencies[0].pk, place.buyer.pk]
    assert "person" in hit.evidence["kinds"]
    assert "参加 1 次" in seen.sentence(hit)
