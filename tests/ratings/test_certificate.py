"""A certificate says what the file of a day that is over adds up to, and can be checked by computing it again."""

from datetime import timedelta

import pytest

from accounts.errors import NOT_YOURS
from core import clock, jobs, papers
from core.models import Paper
from core.workdays import LOCAL
from ratings import selectors, services
from tests.contracts.test_award import refused
from tests.contracts.world import completed
from tests.ratings.test_pages import page
from tests.ratings.test_rating import rate

pytestmark = pytest.mark.django_db


def today():
    return clock.now().astimezone(LOCAL).date()


def yesterday():
    return today() - timedelta(days=1)


def certify(w, day=None, by=None):
    return services.certify(agency_id=w.agency.pk, day=day or yesterday(), by=by or w.as_agency)


def test_the_same_day_gives_the_same_paper_with_the_lines_of_that_day():
    w, contract = completed()
    paper = certify(w)
    rate(w, contract, "buyer", stars=1)
    rate(w, contract, "supplier")
    jobs.drain()
    assert certify(w) == paper
    file = selectors.credit_file(w.agency.pk, services.end_of(yesterday()))
    assert paper.data["total"] == str(file.score.total)
    assert paper.data["hash"] == services.lines_hash(w.agency.pk, file)
    assert papers.pdf(paper).size > 5000


def test_the_page_of_that_day_shows_the_same_hash_and_another_day_does_not(client):
    w, contract = completed()
    rate(w, contract, "buyer", stars=1)
    rate(w, contract, "supplier")
    jobs.drain()
    paper = certify(w)
    assert paper.data["hash"] in page(client, paper.page)
    assert paper.data["hash"] not in page(client, f"/agencies/{w.agency.pk}/credit/")


def test_a_day_that_is_not_over_is_not_certified():
    w, _contract = completed()
    refused("certificate.day_not_over", certify, w=w, day=today())
    assert not Paper.objects.filter(kind="credit").exists()


def test_only_the_agency_itself_gets_one():
    w, _contract = completed()
    with pytest.raises(type(NOT_YOURS())) as refusal:
        certify(w, by=w.as_buyer)
    assert refusal.value.code == "access.not_yours"


@pytest.mark.parametrize("typed", ["", "x", "2026-13-01"])
def test_without_a_proper_day_it_is_yesterdays(client, typed):
    w, _contract = completed()
    client.force_login(w.ana)
    answer = client.post(f"/agencies/{w.agency.pk}/credit/certificate/", {"as_of": typed})
    paper = Paper.objects.get(kind="credit")
    assert answer["Location"] == f"/papers/{paper.number}/"
    assert paper.data["day"] == yesterday().isoformat()
    assert "信用证明" in page(client, answer["Location"])


def test_a_held_certificate_is_checked_by_its_hash(client):
    w, _contract = completed()
    paper = certify(w)
    agrees = client.get(paper.page, {"as_of": yesterday().isoformat(), "hash": f" {paper.data['hash'].upper()}"})
    assert "证明与这一天的档案相符" in agrees.content.decode()
    forged = client.get(paper.page, {"as_of": yesterday().isoformat(), "hash": "0" * 64})
    assert "或者证明被改动过" in forged.content.decode()


def test_the_hash_printed_on_it_leads_to_it_from_the_page_that_verifies(client):
    w, _contract = completed()
    paper = certify(w)
    found = client.get("/verify/", {"hash": f" {paper.data['hash'].upper()} "})
    assert f"/papers/{paper.number}/" in found.content.decode()
    for other in ("0" * 64, ""):
        assert f"/papers/{paper.number}/" not in client.get("/verify/", {"hash": other}).content.decode()


def test_a_row_written_later_about_a_day_that_is_over_does_not_change_that_day():
    w, _contract = completed()
    paper = certify(w)
    services.record_credit(
        agency_id=w.agency.pk, kind="honour", source="/", source_key="late", summary={"reason": "表彰"},
        happened_at=services.end_of(yesterday()) - timedelta(hours=3),
    )  # fmt: skip
    file = selectors.credit_file(w.agency.pk, services.end_of(yesterday()))
    assert services.lines_hash(w.agency.pk, file) == paper.data["hash"]
    assert selectors.credit_file(w.agency.pk, clock.now()).score.total > file.score.total
