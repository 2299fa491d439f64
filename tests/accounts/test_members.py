"""Members and switching: owners manage, members act, Nora the outsider cannot."""

import pytest

from accounts.middleware import ACTING
from accounts.models import Membership
from accounts.services import add_member
from core import audit
from tests.accounts import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def bea():
    return people.user("bea@example.com", name="李蓓")


@pytest.fixture
def firm(bea):
    return people.organisation("enterprise", 1, owner=bea)


@pytest.fixture
def nora():
    return people.user()


def add(client, email, role="member"):
    return client.post("/organisation/members/add/", {"member-email": email, "member-role": role})


def test_an_owner_adds_a_colleague_who_has_an_account(client, bea, firm, nora):
    client.force_login(bea)
    assert add(client, "NORA@example.com").status_code == 302
    assert firm.memberships.count() == 2
    assert audit.AuditEntry.objects.filter(stream=f"organisation:{firm.pk}", action="member_added").exists()


@pytest.mark.parametrize(("email", "words"), [("who@example.com", "没有找到"), ("bea@example.com", "已经是本单位成员")])
def test_adding_says_why_not(client, bea, firm, email, words):
    client.force_login(bea)
    answer = add(client, email)
    assert answer.status_code == 422
    assert words in answer.text
    assert email in answer.text


def test_a_member_who_is_not_owner_cannot_manage_members(client, firm, bea, nora):
    add_member(organisation=firm, email=nora.email, role="member", by=audit.SYSTEM)
    client.force_login(nora)
    assert add(client, "bea@example.com").status_code == 403
    assert client.post(f"/organisation/members/{bea.pk}/remove/").status_code == 403
    assert client.post("/organisation/contact/", {}).status_code == 403
    assert firm.memberships.count() == 2


def test_a_member_may_leave_and_the_last_owner_may_not(client, firm, bea, nora):
    add_member(organisation=firm, email=nora.email, role="member", by=audit.SYSTEM)
    client.force_login(nora)
    assert client.post(f"/organisation/members/{nora.pk}/remove/").status_code == 302
    client.force_login(bea)
    assert client.post(f"/organisation/members/{bea.pk}/remove/").status_code == 409
    assert list(firm.memberships.values_list("user", flat=True)) == [bea.pk]


def test_nora_the_outsider_cannot_touch_the_firm(client, firm, bea, nora):
    client.force_login(nora)
    assert "廊坊远望" not in client.get("/organisation/").text
    assert add(client, "nora@example.com").status_code == 403
    assert client.post(f"/organisation/members/{bea.pk}/remove/").status_code == 403
    assert client.post("/organisation/switch/", {"organisation": firm.pk}).status_code == 404
    assert client.session.get(ACTING) is None


def test_a_stranger_is_asked_to_sign_in(client, firm):
    for path in ("/organisation/", "/agency/profile/", "/agency/qualifications/", "/agency/practitioners/"):
        assert client.get(path).url.startswith("/account/login/")


def test_somebody_of_two_organisations_acts_for_one_at_a_time(client, firm, bea):
    second = people.organisation("enterprise", 2, owner=bea, name="固安县恒信建设有限公司")
    client.force_login(bea)
    assert firm.credit_code in client.get("/organisation/").text
    client.post("/organisation/switch/", {"organisation": second.pk})
    assert client.session[ACTING] == second.pk
    assert second.credit_code in client.get("/organisation/").text


@pytest.mark.parametrize("typed", ["", "abc", "-1", "１", "9" * 400, "1 OR 1=1"])
def test_switching_to_nonsense_finds_nothing(client, firm, bea, typed):
    client.force_login(bea)
    assert client.post("/organisation/switch/", {"organisation": typed}).status_code == 404


def test_who_was_removed_acts_for_it_no_longer(client, firm, nora):
    membership = add_member(organisation=firm, email=nora.email, role="member", by=audit.SYSTEM)
    client.force_login(nora)
    client.post("/organisation/switch/", {"organisation": firm.pk})
    Membership.objects.filter(pk=membership.pk).delete()
    assert firm.credit_code not in client.get("/organisation/").text


@pytest.mark.parametrize("path", ["switch/", "members/add/", "members/1/remove/", "contact/"])
def test_changes_are_never_made_by_a_link(client, bea, firm, path):
    client.force_login(bea)
    assert client.get(f"/organisation/{path}").status_code == 405
