"""A small market with everybody in it: Bea buys, Dan of a department, Ana won, Tom did not enter, Sol, Olga, Nora."""

from dataclasses import dataclass

import pytest
from django.core.cache import cache

from accounts.models import Organisation, User
from tests.accounts import people
from tests.bidding import world as bidding_world


@dataclass
class Town:
    """Everybody by role; `market` is a running competition of Bea's with three bidders."""

    users: dict[str, User]
    market: bidding_world.World


@pytest.fixture(autouse=True)
def _no_memory_between_tests():
    cache.clear()


@pytest.fixture
def town(db):
    market = bidding_world.competition(bidders=3)
    users = {"enterprise": market.owner, "bidder": _member(market.agencies[0].organisation)}
    for number, role in enumerate(("other_enterprise", "department", "regulator", "operator")):
        kind = role.removeprefix("other_")
        users[role] = people.user(f"{role}@example.com", is_staff=role == "operator")
        people.organisation(kind, 300 + number, users[role], name=f"廊坊市{role}")
    users["agency"] = _member(people.agency(400).organisation)
    users["nobody"] = people.user("nobody@example.com")
    return Town(users, market)


def _member(organisation: Organisation) -> User:
    return organisation.memberships.get().user
