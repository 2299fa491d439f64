"""Who may open what: every address of the portal for every role, and what stays unseen."""

import pytest
from django.urls import reverse

from core import papers
from marketplace.models import Need

ROLES = (
    "stranger",
    "nobody",
    "enterprise",
    "other_enterprise",
    "department",
    "bidder",
    "agency",
    "regulator",
    "operator",
)
OPEN = dict.fromkeys(ROLES, 200)
SIGNED_IN = OPEN | {"stranger": 302, "nobody": 302}
OPERATOR = dict.fromkeys(ROLES, 403) | {"stranger": 302, "operator": 200}
TABLE = {
    "/": OPEN,
    "/live/": OPEN,
    "/statistics/": OPEN,
    "/statistics/data.csv": OPEN,
    "/statistics/data.xlsx": OPEN,
    "/verify/": OPEN,
    "/healthz": OPEN,
    "/readyz": OPEN,
    "/desk/": SIGNED_IN,
    "/operator/rules/": OPERATOR,
    "/operator/rules/bidding/": OPERATOR,
    "/operator/rules/bidding/new/": OPERATOR,
    "/operator/calendar/": OPERATOR,
    "/operator/calendar/2027/": OPERATOR,
    "/operator/catalogue/01001/": OPERATOR,
    "/operator/admin/": OPERATOR,
}
POSTS = ("/operator/calendar/2027/day/", "/operator/calendar/2027/official/", "/operator/rules/bidding/new/")


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_every_role_as_stated(client, town, role):
    if role != "stranger":
        client.force_login(town.users[role])
    answers = {path: client.get(path).status_code for path in TABLE}
    assert answers == {path: expected[role] for path, expected in TABLE.items()}


@pytest.mark.parametrize("role", [role for role in ROLES if role != "operator"])
@pytest.mark.parametrize("path", POSTS)
def test_nobody_but_the_operator_changes_rules_or_calendar(client, town, role, path):
    if role != "stranger":
        client.force_login(town.users[role])
    assert client.post(path, {}).status_code in (302, 403)


def test_outside_the_demo_an_operator_without_a_second_factor_reaches_nothing(client, town, settings):
    settings.DEMO = False
    client.force_login(town.users["operator"])
    for path in ("/operator/rules/", "/operator/admin/", "/desk/"):
        assert client.get(path).headers["Location"] == reverse("mfa_index")


@pytest.mark.parametrize("role", ROLES)
def test_a_draft_exists_for_its_buyer_only(client, town, role):
    draft = Need.objects.create(
        buyer=town.market.buyer,
        buyer_kind="enterprise",
        created_by=town.market.owner,
        created_at=town.market.need.created_at,
        title="还没想好的需求",
    )
    if role != "stranger":
        client.force_login(town.users[role])
    assert client.get(f"/needs/{draft.pk}/").status_code == (200 if role == "enterprise" else 404)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", ["/", "/live/", "/needs/{need}/", "/desk/", "/statistics/"])
def test_before_the_close_no_page_names_a_bidder(client, town, role, page):
    if role != "stranger":
        client.force_login(town.users[role])
    text = client.get(page.format(need=town.market.need.pk)).content.decode()
    own = town.market.agencies[0].organisation.name if role == "bidder" else ""
    for agency in town.market.agencies:
        assert agency.organisation.name == own or agency.organisation.name not in text
    for entry in town.market.entries[1:]:
        assert f">{entry.pseudonym}<" not in text


def test_a_private_paper_is_not_there(client, db):
    secret = papers.issue(prefix="HT", kind="award", title="服务合同", page="/contracts/1/", data={}, public=False)
    assert client.get(f"/papers/{secret.number}/").status_code == 404
    assert client.get(f"/papers/{secret.number}.pdf").status_code == 404
    answer = client.get("/verify/", {"number": secret.number})
    assert "没有查到" in answer.content.decode()
