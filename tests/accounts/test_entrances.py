"""The demo's one-click entrance, the second factor of supervisors, and the operator's admin."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user
from django.contrib.auth.models import Permission

from accounts.models import Organisation, User
from tests.accounts import people

pytestmark = pytest.mark.django_db
DEMO = "/demo/sign-in/"


def test_one_click_signs_a_demo_person_in(client, settings):
    settings.DEMO = True
    people.user("bea@demo.example")
    answer = client.post(DEMO, {"email": "bea@demo.example", "next": "/needs/"})
    assert answer.url == "/needs/"
    assert get_user(client).email == "bea@demo.example"


@pytest.mark.parametrize(
    "email", ["nora@example.com", "", "x@demo.example", "a@b@demo.example.com", "bea@notdemo.example"]
)
def test_nobody_else_can_be_signed_in_so(client, settings, email):
    settings.DEMO = True
    people.user()
    people.user("bea@notdemo.example")
    assert client.post(DEMO, {"email": email}).status_code == 404
    assert not get_user(client).is_authenticated


def test_outside_the_demo_the_entrance_does_not_exist(client, settings):
    settings.DEMO = False
    people.user("bea@demo.example")
    assert client.post(DEMO, {"email": "bea@demo.example"}).status_code == 404
    assert client.get(DEMO).status_code == 404


def test_the_entrance_is_a_button_not_a_link(client, settings):
    settings.DEMO = True
    assert client.get(DEMO).status_code == 405


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_it_never_leads_away_from_here(client, settings, wanted):
    settings.DEMO = True
    people.user("bea@demo.example")
    assert client.post(DEMO, {"email": "bea@demo.example", "next": wanted}).url == "/desk/"


@pytest.mark.parametrize("kind", ["regulator", "operator"])
@pytest.mark.parametrize("path", ["/agencies/", "/organisation/", "/join/"])
def test_a_supervisor_without_second_factor_reaches_only_account_pages(client, settings, kind, path):
    settings.DEMO = False
    sol = people.user("sol@example.com")
    people.organisation(kind, 5, owner=sol, name="廊坊市监管机构")
    client.force_login(sol)
    assert client.get(path).url.startswith("/account/")
    assert client.get("/account/email/").status_code == 200


def test_staff_without_second_factor_are_kept_out_whoever_they_act_for(client, settings):
    settings.DEMO = False
    staff = people.user("staff@example.com", is_staff=True)
    people.organisation("enterprise", 5, owner=staff)
    client.force_login(staff)
    assert client.get("/agencies/").url.startswith("/account/")


def test_with_a_second_factor_the_supervisor_is_let_in(client, settings):
    settings.DEMO = False
    sol = people.user("sol@example.com")
    people.organisation("regulator", 5, owner=sol, name="廊坊市监管机构")
    Authenticator.objects.create(user=sol, type=Authenticator.Type.TOTP, data={})
    client.force_login(sol)
    assert client.get("/agencies/").status_code == 200


def test_an_enterprise_needs_no_second_factor(client, settings):
    settings.DEMO = False
    bea = people.user("bea@example.com")
    people.organisation("enterprise", 5, owner=bea)
    client.force_login(bea)
    assert client.get("/agencies/").status_code == 200


@pytest.fixture
def operator(client, settings):
    settings.DEMO = True
    person = people.user("op@demo.example", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    people.organisation("operator", 6, owner=person, name="平台运营中心")
    client.force_login(person)
    return person


def test_the_admin_shows_no_password_and_gives_no_powers_away(client, operator):
    nora = people.user()
    page = client.get(f"/operator/admin/accounts/user/{nora.pk}/change/").text
    assert "argon2" not in page
    assert 'name="password"' not in page
    client.post(
        f"/operator/admin/accounts/user/{nora.pk}/change/",
        {"email": nora.email, "name": "诺拉", "is_active": "on", "is_staff": "on", "is_superuser": "on"},
    )
    nora.refresh_from_db()
    assert (nora.name, nora.is_staff, nora.is_superuser) == ("诺拉", False, False)


def test_the_operator_opens_a_person_without_a_password_and_a_department(client, operator):
    client.post("/operator/admin/accounts/user/add/", {"email": "Dept@Example.com", "name": "陈科", "is_active": "on"})
    person = User.objects.get(email="dept@example.com")
    assert not person.has_usable_password()
    inline = {
        f"memberships-{name}": value
        for name, value in {
            "TOTAL_FORMS": "1",
            "INITIAL_FORMS": "0",
            "0-user": str(person.pk),
            "0-role": "owner",
        }.items()
    }
    filled = {
        "kind": "department",
        "name": "廊坊市行政审批局",
        "credit_code": people.code(9),
        "region": "131000",
        "contact_name": "陈科",
        "contact_phone": "0316-2012345",
        **inline,
    }
    client.post("/operator/admin/accounts/organisation/add/", filled)
    assert Organisation.objects.get(kind="department").memberships.get().user == person


def test_the_operator_opens_no_agency_and_no_wrong_code(client, operator):
    filled = {
        "name": "某公司",
        "region": "131000",
        "contact_name": "x",
        "contact_phone": "0316-2012345",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    for kind, code in (("agency", people.code(9)), ("department", "911310000000000000")):
        client.post("/operator/admin/accounts/organisation/add/", {**filled, "kind": kind, "credit_code": code})
    assert not Organisation.objects.exclude(kind="operator").exists()


@pytest.mark.parametrize("path", ["user", "organisation", "region"])
def test_nobody_is_deleted(client, operator, path):
    keys = {"user": operator.pk, "organisation": Organisation.objects.get().pk, "region": "131000"}
    assert client.post(f"/operator/admin/accounts/{path}/{keys[path]}/delete/", {"post": "yes"}).status_code == 403


def test_nora_the_outsider_cannot_open_the_admin(client, operator):
    client.force_login(people.user())
    assert client.get("/operator/admin/accounts/user/").status_code in {302, 403}


def test_letters_about_accounts_are_in_chinese_and_name_no_third_party(client, mailoutbox):
    people.user("bea@example.com")
    client.post("/account/password/reset/", {"email": "bea@example.com"})
    (letter,) = mailoutbox
    assert letter.subject == "重设密码"
    assert "请打开下面的链接设置新密码" in letter.body
    assert "example.com" not in letter.body.replace("testserver", "")


def test_who_joins_gets_a_letter_to_confirm_the_address(client, mailoutbox):
    filled = {
        "email": "ana@example.com",
        "password": "correct horse battery 9",
        "name": "廊坊清源环境咨询有限公司",
        "credit_code": people.code(1),
        "region": "131003",
        "contact_name": "王安娜",
        "contact_phone": "0316-2051234",
        "commitment": "on",
    }
    client.post("/join/agency/", filled)
    (letter,) = mailoutbox
    assert (letter.subject, letter.to) == ("请确认您的邮箱", ["ana@example.com"])
    assert "http://testserver/account/confirm-email/" in letter.body
