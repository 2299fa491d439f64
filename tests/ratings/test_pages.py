"""The credit file and the rating page: who sees what, when."""

import csv
from datetime import timedelta

import pytest

from core import clock, jobs
from ratings import selectors, services
from ratings.models import CreditEvent
from ratings.texts import DIMENSIONS
from tests.contracts.conftest import everybody  # noqa: F401 - a fixture
from tests.contracts.world import completed, signed, world
from tests.ratings.test_rating import rate

pytestmark = pytest.mark.django_db
WORDS = "只有评价人知道的话"


def page(client, path, user=None):
    if user:
        client.force_login(user)
    return client.get(path).content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("outsider", 302), ("nobody", 403), ("enterprise", 403), ("department", 403), ("agency", 403),
        ("regulator", 200), ("operator", 200), ("buyer", 200), ("supplier", 200),
    ],
)  # fmt: skip
def test_the_rating_page_is_for_parties_and_supervisors(client, everybody, settings, who, status):  # noqa: F811
    settings.DEMO = True
    w, contract = completed()
    user = {**everybody, "buyer": w.bea, "supplier": w.ana}[who]
    if user:
        client.force_login(user)
    assert client.get(f"/contracts/{contract.pk}/rate/").status_code == status


@pytest.mark.parametrize("who", ["outsider", "nobody", "enterprise", "department", "agency", "regulator", "operator"])
def test_the_credit_file_is_public(client, everybody, settings, who):  # noqa: F811
    settings.DEMO = True
    w, _contract = completed()
    if everybody[who]:
        client.force_login(everybody[who])
    assert client.get(f"/agencies/{w.agency.pk}/credit/").status_code == 200


def test_supervisors_and_the_other_side_cannot_read_a_sealed_rating(client, everybody, settings):  # noqa: F811
    settings.DEMO = True
    w, contract = completed()
    rate(w, contract, "buyer", stars=1, text=WORDS)
    path = f"/contracts/{contract.pk}/rate/"
    for user in (w.ana, everybody["regulator"], everybody["operator"]):
        assert WORDS not in page(client, path, user)
    assert "对方已提交" in page(client, path, w.ana)
    assert WORDS in page(client, path, w.bea)
    client.logout()
    assert WORDS not in page(client, f"/agencies/{w.agency.pk}/credit/")
    rate(w, contract, "supplier")
    assert WORDS in page(client, f"/agencies/{w.agency.pk}/credit/")


def test_a_supervisor_does_not_rate(client, everybody, settings):  # noqa: F811
    settings.DEMO = True
    _w, contract = completed()
    client.force_login(everybody["operator"])
    assert client.post(f"/contracts/{contract.pk}/rate/", dict.fromkeys(DIMENSIONS, "5")).status_code == 403


def test_rating_by_the_form(client):
    w, contract = completed()
    client.force_login(w.bea)
    path = f"/contracts/{contract.pk}/rate/"
    answer = client.post(path, {"quality": "5", "text": WORDS})
    assert answer.status_code == 422
    assert WORDS in answer.content.decode()
    assert client.post(path, {**dict.fromkeys(DIMENSIONS, "6")}).status_code == 422
    assert client.post(path, {**dict.fromkeys(DIMENSIONS, "4"), "text": WORDS}).url == path


def test_a_contract_at_work_says_when_it_can_be_rated(client):
    w, contract = signed()
    client.force_login(w.bea)
    answer = client.get(f"/contracts/{contract.pk}/rate/")
    assert answer.status_code == 409
    assert "rating.not_open" in answer.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_file_of_a_newcomer_and_of_an_old_hand(client, language):
    client.cookies["django_language"] = language
    new = world()
    assert client.get(f"/agencies/{new.agency.pk}/credit/").status_code == 200
    w, contract = completed()
    rating = rate(w, contract, "buyer", stars=2)
    rate(w, contract, "supplier")
    jobs.drain()
    services.reply(rating_id=rating.pk, text="谢谢指正", by=w.as_agency)
    text = page(client, f"/agencies/{w.agency.pk}/credit/")
    assert "99.50" in text
    assert "谢谢指正" in text


@pytest.mark.parametrize("day", ["2026-13-01", "x", "2999-01-01", "1999-01-01", "０"])
def test_an_impossible_day_shows_the_file_of_now_and_says_so(client, day):
    w, _contract = completed()
    answer = client.get(f"/agencies/{w.agency.pk}/credit/", {"as_of": day})
    assert answer.status_code == 200
    assert "as_of_problem" in answer.content.decode()


def test_the_export_has_every_row_and_adds_up(client):
    w, _contract = completed()
    text = client.get(f"/agencies/{w.agency.pk}/credit/export.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert len(rows) == 6
    assert sum(float(row[4]) for row in rows[1:]) == 100.5


def test_an_unknown_agency_is_not_found(client):
    assert client.get("/agencies/999999/credit/").status_code == 404


def test_the_page_asks_the_database_no_more_for_a_longer_file(client, django_assert_max_num_queries):
    w, contract = completed()
    rate(w, contract, "buyer")
    rate(w, contract, "supplier")
    jobs.drain()
    client.get(f"/agencies/{w.agency.pk}/credit/")
    with django_assert_max_num_queries(12):
        client.get(f"/agencies/{w.agency.pk}/credit/", {"as_of": clock.now().date().isoformat()})


def test_a_long_file_is_read_page_by_page_and_still_adds_up(client):
    w, _contract = completed()
    for number in range(120):
        services.record_credit(
            agency_id=w.agency.pk, kind="milestone_late", source="/", source_key=f"late {number}",
            summary={"need": "环评", "milestone": f"第{number}份", "days": 1},
        )  # fmt: skip
    file = selectors.credit_file(w.agency.pk, clock.now())
    seen, path = [], f"/agencies/{w.agency.pk}/credit/"
    for number in (1, 2, 3):
        shown = client.get(path, {"rows": number, "page": 1})
        seen += shown.context["counting"].object_list
        assert f"<strong>{file.score.total}</strong>" in shown.content.decode()
    assert seen == file.counting
    assert 'href="?rows=3&amp;page=1" rel="next"' in client.get(path, {"rows": 2, "page": 1}).content.decode()
    assert client.get(path).content.decode().count("<tr") < 60


def test_a_row_says_when_it_was_published_only_where_that_was_later(client):
    w = world()
    row = {"agency_id": w.agency.pk, "kind": "milestone_late", "source": "/", "points": -1, "rules_ref": "credit@1",
           "summary": {"need": "环评", "milestone": "报告", "days": 1}, "published_at": clock.now()}  # fmt: skip
    CreditEvent.objects.create(**row, source_key="at once", happened_at=clock.now() - timedelta(minutes=1))
    CreditEvent.objects.create(**row, source_key="late", happened_at=clock.now() - timedelta(days=2))
    file = selectors.credit_file(w.agency.pk, clock.now())
    assert {one.event.source_key: one.told_later for one in file.rows if one.event} == {"at once": False, "late": True}
    assert page(client, f"/agencies/{w.agency.pk}/credit/").count("公开</small>") == 1
