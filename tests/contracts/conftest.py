"""Everybody who may come to a contract's pages."""

import pytest

from tests.accounts import people


@pytest.fixture
def client_of(client):
    """Sign somebody in: `client_of(user)`."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def everybody(db):
    """One user of every kind of organisation that has nothing to do with the contract."""
    users = {"outsider": None, "nobody": people.user("nora@example.com")}
    for number, kind in enumerate(("enterprise", "department", "regulator", "operator"), start=9001):
        users[kind] = people.user(f"{kind}@example.com")
        people.organisation(kind, number, users[kind], name=f"另一家{kind}")
    users["agency"] = people.user("tom@example.com")
    people.agency(9100, users["agency"], name="廊坊市求实测绘有限公司")
    return users
