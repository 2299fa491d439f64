"""Who may open what: every address of the room with every kind of person."""

import pytest

from marketplace import services
from marketplace.models import Need
from tests.marketplace import world

pytestmark = pytest.mark.django_db
ROLES = ("stranger", "buyer", "other_buyer", "department", "agency", "regulator", "operator")
LOGIN = "/account/login/"


@pytest.fixture
def people():
    kinds = {"buyer": "enterprise", "other_buyer": "enterprise"}
    return {role: world.member(kinds.get(role, role)) if role != "stranger" else None for role in ROLES}


@pytest.fixture
def places(people):
    buyer = people["buyer"]
    need = world.published(buyer)
    question = services.ask(
        need_id=need.pk, organisation_id=people["agency"].org_id, text="什么时候交？", by=people["agency"].by
    )
    return {"need": need.pk, "draft": world.draft(buyer).pk, "question": question.pk, "item": world.ITEM}


OWN = {"buyer"}
BUYERS = {"buyer", "other_buyer", "department"}
EVERYBODY = set(ROLES)
# method, address, who gets in, what everybody else who is signed in gets
TABLE = [
    ("get", "/catalogue/", EVERYBODY, None),
    ("get", "/catalogue/{item}/", EVERYBODY, None),
    ("get", "/needs/", EVERYBODY, None),
    ("get", "/needs/export.csv", EVERYBODY, None),
    ("get", "/needs/export.xlsx", EVERYBODY, None),
    ("get", "/needs/new/", BUYERS, 403),
    ("post", "/needs/new/", BUYERS, 403),
    ("post", "/needs/check-text/", BUYERS, 403),
    ("get", "/needs/{draft}/edit/item/", OWN, {403, 404}),
    ("get", "/needs/{draft}/edit/scope/", OWN, {403, 404}),
    ("get", "/needs/{draft}/edit/money/", OWN, {403, 404}),
    ("get", "/needs/{draft}/edit/method/", OWN, {403, 404}),
    ("get", "/needs/{draft}/edit/schedule/", OWN, {403, 404}),
    ("get", "/needs/{draft}/edit/check/", OWN, {403, 404}),
    ("post", "/needs/{draft}/edit/money/", OWN, {403, 404}),
    ("post", "/needs/{draft}/publish/", OWN, {403, 404}),
    ("post", "/needs/{draft}/discard/", OWN, {403, 404}),
    ("get", "/needs/{draft}/cancel/", OWN, {403, 404}),
    ("get", "/needs/{need}/cancel/", OWN, 403),
    ("post", "/needs/{need}/cancel/", OWN, 403),
    ("post", "/needs/{need}/copy/", OWN, 403),
    ("get", "/needs/{need}/ask/", {"agency"}, 403),
    ("post", "/needs/{need}/ask/", {"agency"}, 403),
    ("get", "/questions/{question}/answer/", OWN, 403),
    ("post", "/questions/{question}/answer/", OWN, 403),
]


@pytest.mark.parametrize("row", TABLE, ids=[f"{method} {address}" for method, address, *_ in TABLE])
def test_who_gets_in(people, places, row):
    method, address, welcome, others = row
    # Those who may act come last, so that what they do is not in the way of the others.
    for role in sorted(ROLES, key=lambda role: role in welcome):
        answer = getattr(world.client_of(people[role]), method)(address.format(**places))
        asked_to_sign_in = answer.status_code == 302 and answer.url.startswith(LOGIN)
        if role in welcome:
            assert answer.status_code in {200, 302, 422}, role
            assert not asked_to_sign_in
        elif role == "stranger":
            assert asked_to_sign_in
        else:
            assert answer.status_code in (others if isinstance(others, set) else {others}), role


def test_what_does_not_exist_looks_like_anothers_draft(people, places):
    nora = world.client_of(people["other_buyer"])
    for address in ("/needs/{}/edit/item/", "/needs/{}/cancel/"):
        assert nora.get(address.format(places["draft"])).status_code == 404
        assert nora.get(address.format(987654321)).status_code == 404
        assert nora.get(address.format("9" * 30)).status_code == 404


def test_a_draft_is_in_no_list(people, places):
    Need.objects.filter(pk=places["draft"]).update(title="秘密草稿")
    for role in ROLES:
        client = world.client_of(people[role])
        for address in ("/needs/", "/needs/export.csv", f"/catalogue/{world.ITEM}/", "/needs/?q=秘密"):
            assert "秘密草稿" not in client.get(address).content.decode("utf-8-sig")


def test_reading_does_not_change_anything(people, places):
    client = world.client_of(people["buyer"])
    for address in ("/needs/{draft}/publish/", "/needs/{draft}/discard/", "/needs/{need}/copy/", "/needs/check-text/"):
        assert client.get(address.format(**places)).status_code == 405
