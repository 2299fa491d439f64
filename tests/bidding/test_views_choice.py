"""A private buyer names an agency; for everybody else that page does not exist."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import Membership
from bidding.models import Award
from marketplace.models import Method
from tests.accounts import people
from tests.bidding import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return people.user("bea@example.com")


def direct(owner, kind="enterprise", method=Method.DIRECT):
    buyer = people.organisation(kind, 900, owner)
    starts = datetime.now(UTC) + timedelta(days=1)
    return world.need(buyer, owner, starts=starts, method=method)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def page(need):
    return f"/needs/{need.pk}/choose/"


def test_the_buyer_chooses_and_the_award_is_published(owner):
    need, chosen = direct(owner), world.agency(1)
    client = client_of(owner)
    assert chosen.organisation.name in client.get(page(need)).content.decode()
    answer = client.post(page(need), {"agency": chosen.pk, "amount": "42,000.00", "reason": "合作过两次，按期完成。"})
    award = Award.objects.get()
    assert answer.headers["Location"] == f"/awards/{award.pk}/"
    assert (award.agency_id, str(award.amount)) == (chosen.pk, "42,000.00")


@pytest.mark.parametrize(
    ("amount", "reason"), [("1e5", "好"), ("50000.01", "好"), ("42000", ""), ("", "好"), ("0", "好")]
)
def test_what_was_typed_stays_when_it_is_refused(owner, amount, reason):
    need, chosen = direct(owner), world.agency(1)
    answer = client_of(owner).post(page(need), {"agency": chosen.pk, "amount": amount, "reason": reason})
    assert answer.status_code == 422
    assert f'value="{amount}"' in answer.content.decode() or not amount
    assert not Award.objects.exists()


def test_a_second_choice_is_refused(owner):
    need, chosen = direct(owner), world.agency(1)
    given = {"agency": chosen.pk, "amount": "42000", "reason": "好"}
    client = client_of(owner)
    client.post(page(need), given)
    assert client.post(page(need), given).status_code == 422
    assert Award.objects.count() == 1


def test_without_a_candidate_the_page_says_what_to_do(owner):
    assert "还没有机构公布这项服务" in client_of(owner).get(page(direct(owner))).content.decode()


def test_competitive_needs_have_no_choice_page(owner):
    assert client_of(owner).get(page(direct(owner, method=Method.LIVE_AUCTION))).status_code == 404


def test_outsiders_cannot_choose(owner):
    need = direct(owner)
    rival = people.user("tom@example.com")
    people.organisation("enterprise", 901, rival)
    agent = Membership.objects.get(organisation_id=world.agency(1).pk).user
    assert Client().get(page(need)).headers["Location"].startswith("/account/login/")
    assert client_of(rival).post(page(need), {}).status_code == 404
    assert client_of(agent).post(page(need), {}).status_code == 403
