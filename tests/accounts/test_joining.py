"""Joining: one form from stranger to live organisation, for enterprises and agencies."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts import services
from accounts.models import Membership, Organisation, Region, User
from agencies.models import Agency
from core import audit
from core.errors import Refusal
from tests.accounts import people

pytestmark = pytest.mark.django_db
DOORS = ["/join/enterprise/", "/join/agency/"]


@pytest.fixture(autouse=True)
def no_rate_limits_left_over():
    cache.clear()


def form(**changes):
    filled = {
        "email": "ana@example.com",
        "password": "correct horse battery 9",
        "name": "廊坊市清源环境咨询有限公司",
        "credit_code": people.code(1),
        "region": "131003",
        "contact_name": "王安娜",
        "contact_phone": "0316-2051234",
        "commitment": "on",
    }
    return {**filled, **changes}


@pytest.mark.parametrize("door", DOORS)
def test_a_stranger_becomes_the_owner_of_a_live_organisation_with_one_form(client, door):
    answer = client.post(door, form())
    assert answer.status_code == 302
    organisation = Organisation.objects.get(credit_code=people.code(1))
    membership = Membership.objects.get(organisation=organisation)
    assert (membership.user.email, membership.role) == ("ana@example.com", "owner")
    assert get_user(client) == membership.user
    assert Agency.objects.filter(pk=organisation.pk).exists() == (organisation.kind == "agency")


def test_an_agency_is_in_the_directory_the_moment_it_registers(client):
    client.post("/join/agency/", form())
    assert "廊坊市清源环境咨询有限公司" in client.get("/agencies/").text


def test_the_version_of_the_commitment_is_kept(client):
    client.post("/join/agency/", form())
    agency = Agency.objects.get()
    assert agency.commitment_version == "2026-1"
    assert client.get("/agencies/commitment/2026-1/").status_code == 200
    assert client.get("/agencies/commitment/1999-1/").status_code == 404
    entry = audit.AuditEntry.objects.get(stream=f"organisation:{agency.pk}")
    assert entry.data["commitment"] == "2026-1"


@pytest.mark.parametrize("door", DOORS)
def test_who_is_signed_in_is_not_asked_for_an_account(client, door):
    client.force_login(people.user())
    assert 'name="password"' not in client.get(door).text
    assert client.post(door, form(email="", password="")).status_code == 302
    assert Membership.objects.get().user.email == "nora@example.com"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"credit_code": "9113100"}, "应为 18 位"),
        ({"credit_code": "91131000MI00000010"}, "不含 I、O、S、V、Z"),
        ({"credit_code": "9113A000MA00000010"}, "行政区划码"),
        ({"credit_code": people.code(1)[:-1] + ("0" if people.code(1)[-1] != "0" else "1")}, "校验码对不上"),
        ({"contact_phone": "12345"}, "联系电话不正确"),
        ({"name": "\u202e\u200b我"}, "至少要有两个字"),
        ({"name": "很" * 121}, "120"),
        ({"region": "999999"}, "有效的选项"),
        ({"commitment": ""}, "唯一条件"),
        ({"password": "short"}, "密码"),
        ({"password": "password1234"}, "密码"),
        ({"email": "not an address"}, "Email"),
    ],
)
def test_a_refusal_says_why_and_loses_nothing_typed(client, changes, words):
    answer = client.post("/join/agency/", form(**changes))
    assert answer.status_code == 422
    assert words in answer.text
    for name, typed in form(**changes).items():
        if name not in {"password", "commitment", "region", "name"}:
            assert typed in answer.text
    assert not Organisation.objects.exists()
    assert not User.objects.exists()


@pytest.mark.parametrize("typed", ["９１１３１０００ＭＡ０００００01{}", " 9113 1000-ma00 00001{} "])
def test_a_code_is_read_however_it_was_typed(client, typed):
    code = people.code(1)
    client.post("/join/agency/", form(credit_code=typed.format(code[-1])))
    assert Organisation.objects.get().credit_code == code


def test_a_code_can_be_registered_once(client, django_user_model):
    client.post("/join/agency/", form())
    client.logout()
    answer = client.post("/join/enterprise/", form(email="eve@example.com"))
    assert answer.status_code == 422
    assert "已经登记过" in answer.text
    assert not django_user_model.objects.filter(email="eve@example.com").exists()


def test_an_address_in_use_is_refused_and_the_organisation_is_not_made(client):
    people.user("ana@example.com")
    answer = client.post("/join/agency/", form(email="ANA@example.com"))
    assert "已经有账号" in answer.text
    assert not Organisation.objects.exists()


def test_a_double_click_makes_one_organisation(client):
    first, second = client.post("/join/agency/", form()), client.post("/join/agency/", form())
    assert (first.status_code, second.status_code) == (302, 302)
    assert Organisation.objects.count() == 1


def test_a_double_click_of_a_stranger_is_refused_in_words(client):
    client.post("/join/agency/", form())
    answer = Client().post("/join/agency/", form())
    assert answer.status_code == 422
    assert "已经有账号" in answer.text
    assert Organisation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_registering_one_code_at_the_same_moment_make_one_organisation():
    people_ = [people.user(f"p{n}@example.com") for n in range(4)]

    def register(user):
        try:
            services.register_organisation(
                user=user, kind="enterprise", name="廊坊远望实业有限公司", credit_code=people.code(7),
                region=Region.objects.get(pk="131000"), contact_name="李梅", contact_phone="13800138000",
            )  # fmt: skip
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "registered"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(register, people_))
    assert outcomes == ["credit_code.taken"] * 3 + ["registered"]
    assert Organisation.objects.count() == Membership.objects.count() == 1


def test_many_sign_ups_from_one_address_are_slowed_down(client):
    answers = [client.post("/join/agency/", form(email="x")).status_code for _ in range(22)]
    assert answers[-1] == 429


def test_the_doors_say_who_opens_accounts_for_departments(client):
    assert "运营机构核实后开通" in client.get("/join/").text
