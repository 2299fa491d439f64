"""Who reaches what: every address of this room walked by every kind of visitor."""

import pytest

from tests.contracts.world import delivered, signed, world

pytestmark = pytest.mark.django_db

# Expected answers: outsider goes to sign-in (302), a signed-in stranger is refused (403), 405 is the wrong verb.
STRANGERS = ("nobody", "enterprise", "department", "agency")
SUPERVISORS = ("regulator", "operator")


@pytest.fixture
def place(everybody):
    """A signed contract with a result waiting, and everybody around it."""
    w, contract = signed()
    deliverable = delivered(w, contract)
    everybody |= {"buyer": w.bea, "supplier": w.ana}
    ids = {
        "award": w.award.pk,
        "contract": contract.pk,
        "milestone": contract.milestones.get().pk,
        "deliverable": deliverable.pk,
    }
    return everybody, ids


def visit(client, people, who, path, method="get"):
    if people[who]:
        client.force_login(people[who])
    else:
        client.logout()
    answer = getattr(client, method)(path)
    if answer.streaming:
        answer.getvalue()  # reading it to the end closes the file
    return answer


@pytest.mark.parametrize("who", ["outsider", *STRANGERS, *SUPERVISORS, "buyer", "supplier"])
def test_the_award_page_is_public(client, place, who):
    people, ids = place
    assert visit(client, people, who, "/awards/{award}/".format(**ids)).status_code == 200


@pytest.mark.parametrize(
    "path", ["/contracts/{contract}/", "/contracts/{contract}/contract.pdf", "/deliverables/{deliverable}/file/"]
)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("outsider", 302),
        *[(who, 403) for who in STRANGERS],
        *[(who, 200) for who in (*SUPERVISORS, "buyer", "supplier")],
    ],
)
def test_a_contract_and_its_files_are_for_the_parties_and_supervisors(  # noqa: PLR0917 - fixtures and parameters
    client, place, who, status, path, monkeypatch, settings
):
    people, ids = place
    monkeypatch.setattr("core.papers.render", lambda _paper: b"%PDF-1.7 test")
    settings.DEMO = True  # supervisors without a second factor
    assert visit(client, people, who, path.format(**ids)).status_code == status


WRITES = [
    ("/awards/{award}/confirm/", "supplier"),
    ("/awards/{award}/decline/", "supplier"),
    ("/contracts/{contract}/confirm/", "both"),
    ("/contracts/{contract}/draft/", "both"),
    ("/contracts/{contract}/return-draft/", "both"),
    ("/milestones/{milestone}/deliver/", "supplier"),
    ("/deliverables/{deliverable}/accept/", "buyer"),
    ("/deliverables/{deliverable}/return/", "buyer"),
]


@pytest.mark.parametrize(("path", "_whose"), WRITES)
@pytest.mark.parametrize(("who", "status"), [("outsider", 302), *[(who, 403) for who in (*STRANGERS, *SUPERVISORS)]])
def test_nobody_but_a_party_acts(client, place, settings, who, status, path, _whose):  # noqa: PLR0917
    people, ids = place
    settings.DEMO = True
    assert visit(client, people, who, path.format(**ids), "post").status_code == status


@pytest.mark.parametrize(("path", "whose"), [row for row in WRITES if row[1] != "both"])
def test_one_party_does_not_act_for_the_other(client, place, path, whose):
    people, ids = place
    other = {"buyer": "supplier", "supplier": "buyer"}[whose]
    assert visit(client, people, other, path.format(**ids), "post").status_code == 403


@pytest.mark.parametrize(("path", "_whose"), [row for row in WRITES if "draft" not in row[0] or "return" in row[0]])
def test_reading_an_address_never_writes(client, place, path, _whose):
    people, ids = place
    assert visit(client, people, "supplier", path.format(**ids)).status_code == 405


@pytest.mark.parametrize(
    "path", ["/awards/999/", "/contracts/999/", "/milestones/999/deliver/", "/deliverables/999/file/"]
)
def test_what_does_not_exist_is_not_found(client, place, path):
    people, _ids = place
    method = "post" if "deliver/" in path else "get"
    assert visit(client, people, "supplier", path, method).status_code == 404


def test_the_list_shows_only_ones_own(client, place):
    people, ids = place
    assert f"/contracts/{ids['contract']}/" in visit(client, people, "buyer", "/contracts/").content.decode()
    assert f"/contracts/{ids['contract']}/" not in visit(client, people, "enterprise", "/contracts/").content.decode()


def test_the_winner_alone_is_asked_to_answer(client, everybody):
    w = world()
    path = f"/awards/{w.award.pk}/"
    assert f"{path}confirm/" not in client.get(path).content.decode()
    client.force_login(w.bea)
    assert f"{path}confirm/" not in client.get(path).content.decode()
    client.force_login(w.ana)
    assert f"{path}confirm/" in client.get(path).content.decode()
