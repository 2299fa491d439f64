"""The regulator's worklist: ordered by due time, filtered by the address, nobody else's."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from core.steps import Step
from portal.selectors import worklist as worklists
from portal.selectors.worklist import Filters, Item
from supervision import sources
from supervision.models import Step as Row
from supervision.services import clocks

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


def item(kind, days, *, owner=None, title="环评项目", state="running"):
    due = None if days is None else NOW + timedelta(days=days)
    return Item(kind, "要办的事", title, f"/{kind}/{days}/", owner, NOW, due, state)


@pytest.fixture
def four_rows(monkeypatch):
    rows = [
        item("case", 3, owner=7),
        item("flag", None, state="open"),
        item("complaint", 1, owner=None),
        item("card", -2, owner=9, title="逾期付款", state="late"),
    ]
    monkeypatch.setattr(worklists, "READERS", (lambda _now: rows,))


def kinds(filters, org=7):
    return [row.kind for row in worklists.worklist(filters, org, NOW).items]


@pytest.mark.usefixtures("four_rows")
def test_what_is_due_first_stands_first_and_what_has_no_limit_last():
    assert kinds(Filters()) == ["card", "complaint", "case", "flag"]


@pytest.mark.usefixtures("four_rows")
@pytest.mark.parametrize(
    ("filters", "left"),
    [
        (Filters(kind="case"), ["case"]),
        (Filters(state="late"), ["card"]),
        (Filters(who="mine"), ["complaint", "case", "flag"]),
        (Filters(who="others"), ["card"]),
        (Filters(q="逾期"), ["card"]),
        (Filters(kind="case", who="others"), []),
    ],
)
def test_filters_narrow_the_list(filters, left):
    assert kinds(filters) == left


@pytest.mark.usefixtures("four_rows")
def test_kinds_are_counted_whatever_kind_is_shown():
    found = worklists.worklist(Filters(kind="case"), 7, NOW)
    assert found.kinds == {"case": 1, "flag": 1, "complaint": 1, "card": 1}
    assert found.total == 4


def test_the_address_keeps_what_is_known_and_ignores_the_rest(client, town):
    client.force_login(town.users["regulator"])
    for query in ("", "?kind=flag&state=open&who=mine&q=x", "?kind=../&state=1&who=%00&page=99"):
        assert client.get(f"/desk/{query}").status_code == 200


def step(kind, owner, *, hours):
    now = clock.now()
    return Step(kind=kind, reference=f"{kind}:{hours}", owner_org=owner, title="评审材料", path="/x/",
                started_at=now - timedelta(days=3), due_at=now + timedelta(hours=hours))  # fmt: skip


def test_steps_of_supervision_are_there_at_once_and_on_their_owner_s_desk_once_the_clock_saw_them(
    client, town, monkeypatch
):
    buyer, regulator = (town.users[who].memberships.get().organisation_id for who in ("enterprise", "regulator"))
    told = [step("case.defence", buyer, hours=-1), step("complaint.accept", regulator, hours=200)]
    monkeypatch.setattr(sources, "SOURCES", [sources.Source("cases", sources.always(lambda: told))])
    monkeypatch.setattr(clocks, "SOURCES", sources.SOURCES)
    client.force_login(town.users["regulator"])
    found = worklists.worklist(Filters(), regulator, clock.now())
    assert [(row.kind, row.state) for row in found.items if row.kind in {"case", "complaint"}] == [
        ("case", "late"), ("complaint", "running"),
    ]  # fmt: skip
    assert "评审材料" in client.get("/desk/?kind=case").content.decode()
    clocks.watch()
    client.force_login(town.users["enterprise"])
    assert "评审材料" in client.get("/desk/").content.decode()


def test_a_step_whose_page_opens_for_its_owner_alone_leads_the_regulator_to_its_card(client, town, monkeypatch):
    department = town.users["department"].memberships.get().organisation_id
    told = [step("listing.receive", department, hours=-1)]
    monkeypatch.setattr(sources, "SOURCES", [sources.Source("lists", sources.always(lambda: told))])
    monkeypatch.setattr(clocks, "SOURCES", sources.SOURCES)
    clocks.watch()
    (found,) = worklists.worklist(Filters(kind="listing"), 1, clock.now()).items
    assert found.path == Row.objects.get().get_absolute_url()
    client.force_login(town.users["regulator"])
    assert client.get(found.path).status_code == 200


def test_steps_of_other_rooms_are_there_once_they_have_a_card(town, monkeypatch):
    buyer = town.users["enterprise"].memberships.get().organisation_id
    told = [step("contract.sign", buyer, hours=-1), step("contract.deliver", buyer, hours=500)]
    monkeypatch.setattr(clocks, "SOURCES", [sources.Source("contracts", sources.always(lambda: told))])
    clocks.watch()
    found = worklists.worklist(Filters(kind="card"), 1, clock.now())
    assert [(row.kind, row.owner, row.state) for row in found.items] == [("card", buyer, "late")]


@pytest.mark.parametrize("role", ["enterprise", "department", "bidder", "agency", "operator"])
def test_others_cannot_take_the_worklist_along(client, town, role):
    client.force_login(town.users[role])
    assert client.get("/desk/worklist.csv").status_code == 403


def test_the_worklist_comes_as_a_table(client, town):
    client.force_login(town.users["regulator"])
    rows = list(csv.reader(io.StringIO(client.get("/desk/worklist.csv").content.decode("utf-8-sig"))))
    assert rows[0][0] == "类别"
    assert client.get("/desk/worklist.xlsx").status_code == 200
