"""Promises for everybody, cards for supervisors, one step for those it concerns."""

import io

import pytest
from openpyxl import load_workbook

from core import clock
from supervision.models import ClockStop, Step
from supervision.selectors import cards
from tests.accounts import people
from tests.supervision.clockwork import MONDAY, days, department, look, row
from tests.supervision.test_clocks import DUE, room, work  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(room):  # noqa: F811
    """Two departments: one kept two and broke one, the other has one overdue and one running."""
    one, dora = department()
    two, _dan = department(9710, "廊坊市水务局")
    room.add(one.pk, reference="a", closed_at=MONDAY + days(1))
    room.add(one.pk, reference="b", closed_at=DUE)
    room.add(one.pk, reference="c", closed_at=DUE + days(1))
    room.add(two.pk, reference="d")
    room.add(two.pk, reference="e", start=DUE)
    company = people.organisation("enterprise", 9711, people.user("bea@example.com"), name="廊坊精工机械制造有限公司")
    room.add(company.pk, reference="f")
    look(DUE + days(2))
    with clock.at(DUE + days(3)):
        yield one, two, dora


def tallies():
    return {one.organisation.name: one.tally for one in cards.by_department()}


def test_what_was_kept_and_broken_is_counted_by_department(market):
    assert tallies() == {"廊坊市生态环境局": cards.Tally(2, 1, 0, 0), "廊坊市水务局": cards.Tally(0, 1, 1, 1)}
    assert tallies()["廊坊市生态环境局"].share == 66
    assert [of.tally for of in cards.by_kind(None, MONDAY)] == [cards.Tally(2, 2, 1, 1)]
    march = cards.months(None, clock.now())[-1]
    assert (march.month.month, march.kept, march.broken) == (3, 2, 2)
    assert sum(month.kept + month.broken for month in cards.months(None, clock.now())) == 4


def test_an_invitation_nobody_took_is_no_broken_promise(market, room):  # noqa: F811
    Step.objects.filter(reference="c").update(right=True)
    assert tallies()["廊坊市生态环境局"].broken == 0


def test_anybody_reads_the_promises_without_signing_in(market, client):
    one, _two, _dora = market
    page = client.get("/promises/").content.decode()
    assert "廊坊市生态环境局" in page
    assert "廊坊精工机械制造有限公司" not in page
    assert "66%" in page
    detail = client.get(f"/promises/{one.pk}/").content.decode()
    assert detail.count("warning-card is-red") == 1
    assert client.get("/promises/999999/").status_code == 404
    company = Step.objects.get(reference="f").owner_id
    assert client.get(f"/promises/{company}/").status_code == 404
    rows = client.get("/promises/data.csv").content.decode("utf-8-sig").splitlines()
    assert rows[1].startswith("廊坊市水务局,0,1,0,1,1")


def test_an_empty_platform_says_what_will_be_there(client):
    assert client.get("/promises/").status_code == 200


def test_a_regulator_filters_cards_and_takes_them_along(market, client):
    _one, two, _dora = market
    sol = people.user("sol@example.com")
    people.organisation("regulator", 9500, sol, name="廊坊市市场监督管理局")
    client.force_login(sol)
    page = client.get("/supervision/cards/").content.decode()
    assert "廊坊市水务局" in page
    assert f"/supervision/cards/{row('d').pk}/" in page
    assert f"/supervision/cards/{row('a').pk}/" not in page  # closed
    red = client.get(f"/supervision/cards/?owner={two.pk}&colour=red&state=").content.decode()
    assert f"/supervision/cards/{row('d').pk}/" in red
    assert f"/supervision/cards/{row('e').pk}/" not in red
    assert client.get("/supervision/cards/?owner=x&colour=blue&state=maybe&page=99").status_code == 200
    book = load_workbook(io.BytesIO(client.get("/supervision/cards/data.xlsx?colour=red&state=").content))
    assert len(list(book.active.rows)) == 1 + 3


def test_a_step_is_nobodys_but_its_owners_the_other_sides_and_supervisors(market, client):
    one, _two, dora = market
    address = row("c").get_absolute_url()
    client.force_login(people.user("nora@example.com"))
    assert client.get(address).status_code == 404
    client.force_login(dora)
    assert client.get(address).status_code == 200
    assert client.get(row("d").get_absolute_url()).status_code == 404
    answer = client.post(f"{address}excuse/", {"reason": "短"})
    assert answer.status_code == 422
    assert "短" in answer.content.decode()
    client.post(f"{address}excuse/", {"reason": "系统升级两天，无法办理。"})
    client.logout()
    assert "系统升级两天" in client.get(f"/promises/{one.pk}/").content.decode()


@pytest.mark.parametrize(
    ("path", "leads"), [("/department/lists/", False), ("/agency/check/", False), ("/contracts/1/", True)]
)
def test_a_card_leads_to_the_page_of_the_work_only_whom_that_opens_for(market, client, path, leads):
    _one, _two, dora = market
    Step.objects.filter(reference="c").update(path=path)
    client.force_login(dora)
    assert f'href="{path}"' in client.get(row("c").get_absolute_url()).content.decode()
    sol = people.user("sol@example.com")
    people.organisation("regulator", 9500, sol, name="廊坊市市场监督管理局")
    client.force_login(sol)
    assert (f'href="{path}"' in client.get(row("c").get_absolute_url()).content.decode()) is leads


def test_waiting_is_asked_for_confirmed_and_ended_on_the_steps_page(work, client):  # noqa: F811
    w, _contract, step = work
    with clock.at(step.started_at + days(1)):
        client.force_login(w.ana)
        client.post(f"{step.get_absolute_url()}stop/", {"ground": "waiting_for_other", "reason": "等待委托方提供资料"})
        stop = ClockStop.objects.get()
        client.force_login(w.bea)
        assert "申请停止计时" in client.get(step.get_absolute_url()).content.decode()
        client.post(f"/supervision/stops/{stop.pk}/answer/", {"answer": "yes"})
        client.force_login(people.user("nora@example.com"))
        assert client.post(f"/supervision/stops/{stop.pk}/end/").status_code == 404
    with clock.at(step.started_at + days(4)):
        client.force_login(w.ana)
        client.post(f"/supervision/stops/{stop.pk}/end/")
    before = step.due_at
    step.refresh_from_db()
    assert step.due_at > before


def test_an_owner_fills_the_line_and_a_member_may_not(client):
    body, dora = department()
    colleague = people.user("dirk@example.com")
    body.memberships.create(user=colleague, role="member")
    client.force_login(dora)
    client.post("/supervision/posts/", {"level": "head", "user": colleague.pk, "phone": "13900001234"})
    page = client.get("/supervision/posts/").content.decode()
    assert "dirk@example.com" in page
    assert "13900001234" in page
    wrong = client.post("/supervision/posts/", {"level": "leader", "user": colleague.pk, "phone": "123"})
    assert wrong.status_code == 422
    assert 'value="123"' in wrong.content.decode()
    nora = people.user("nora@example.com")
    assert client.post("/supervision/posts/", {"level": "head", "user": nora.pk}).status_code == 422
    client.force_login(colleague)
    assert client.get("/supervision/posts/").status_code == 403
