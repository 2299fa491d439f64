"""The door of complaints stays open and cannot be flooded: limits per address and account, guesses, added evidence."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from core import clock
from core.audit import By
from core.errors import Refusal
from supervision.models import Complaint
from supervision.selectors import complaints as seen
from supervision.services import allowances, complaints
from supervision.services.allowances import Asker
from tests.bidding import world
from tests.supervision.hearing import NOW
from tests.supervision.test_complaints import SAID, a_file

pytestmark = pytest.mark.django_db
OFFICE, ELSEWHERE = "203.0.113.7", "203.0.113.8"


@pytest.fixture(autouse=True)
def _nobody_counted_yet():
    cache.clear()


@pytest.fixture
def place():
    return world.competition(now=NOW)


def send(place, address, *, browser=None, **more):
    data = {"statement": SAID, "hidden": "on", **more}
    with clock.at(NOW):
        path = f"/complaints/new/?about=need:{place.need.pk}"
        return (browser or Client()).post(path, data, REMOTE_ADDR=address)


def code_of(work, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        work(*args, **kwargs)
    return caught.value.code


def test_an_office_files_several_and_a_flood_from_one_address_is_refused_with_what_was_typed(place):
    answers = [send(place, OFFICE).status_code for _ in range(10)]
    assert answers == [302] * 10
    refused = send(place, OFFICE, name="赵举报")
    assert refused.status_code == 429
    page = refused.content.decode()
    assert SAID in page
    assert "赵举报" in page
    assert "2026-03-02 11:00" in page  # when the next one is taken, in local time
    assert Complaint.objects.count() == 10
    assert send(place, ELSEWHERE).status_code == 302


def test_the_refusal_speaks_english_too(place):
    for _ in range(10):
        send(place, OFFICE)
    browser = Client(headers={"Accept-Language": "en"})
    assert "not been filed" in send(place, OFFICE, browser=browser).content.decode()


def test_the_next_hour_takes_more_and_the_day_ends_it():
    asker = Asker(OFFICE)
    for hour in range(3):
        with clock.at(NOW + timedelta(hours=hour)):
            for _ in range(10):
                allowances.spend(allowances.FILING, asker)
            assert code_of(allowances.spend, allowances.FILING, asker) == "complaint.too_many"
    with clock.at(NOW + timedelta(hours=4)):
        assert code_of(allowances.spend, allowances.FILING, asker) == "complaint.too_many"
    with clock.at(NOW + timedelta(days=1)):
        allowances.spend(allowances.FILING, asker)


def test_an_account_is_counted_wherever_it_comes_from(place):
    browser = Client()
    browser.force_login(place.owner)
    answers = [send(place, f"198.51.100.{n}", browser=browser).status_code for n in range(6)]
    assert answers == [302] * 5 + [429]


def test_who_complained_cannot_be_read_from_what_is_counted(place, monkeypatch):
    keys = []
    monkeypatch.setattr(allowances.cache, "add", lambda key, *_, **__: keys.append(key))
    allowances.spend(allowances.FILING, Asker(OFFICE, place.owner.pk))
    assert len(keys) == 4
    assert not any(OFFICE in key or f":{place.owner.pk}:" in key for key in keys)


def test_a_form_that_was_refused_counts_for_nothing(place):
    for _ in range(12):
        assert send(place, OFFICE, statement="太短").status_code == 422
    assert send(place, OFFICE).status_code == 302


def test_a_proxy_that_does_not_say_for_whom_it_asks_shuts_nobody_out(place):
    assert {send(place, "127.0.0.1").status_code for _ in range(12)} == {302}


def guess(number, secret, address=OFFICE):
    with clock.at(NOW):
        return Client().post("/complaints/", {"number": number, "secret": secret}, REMOTE_ADDR=address)


def test_guessing_at_receipts_ends_soon_and_right_codes_are_never_counted(place):
    with clock.at(NOW):
        receipt = complaints.file(matter=seen.matter(f"need:{place.need.pk}"), statement=SAID, hidden=True, contact={},
                                  by=By())  # fmt: skip
    number, secret = receipt.complaint.number, receipt.secret
    assert {guess(number, secret).status_code for _ in range(12)} == {302}
    assert {guess(number, "AAAA-BBBB-CCCC-DDDD").status_code for _ in range(10)} == {422}
    wrong = guess(number, "AAAA-BBBB-CCCC-DDDD")
    assert wrong.status_code == 429
    assert number in wrong.content.decode()
    assert guess(number, secret).status_code == 429  # nobody learns that this one would have been right
    assert guess(number, secret, ELSEWHERE).status_code == 302


def test_evidence_is_added_so_often_and_no_more_but_what_was_asked_for_always_comes_in(place):
    with clock.at(NOW):
        row = complaints.file(matter=seen.matter(f"need:{place.need.pk}"), statement=SAID, hidden=True, contact={},
                              by=By(), uploads=[a_file() for _ in range(5)]).complaint  # fmt: skip
        for _ in range(3):
            complaints.complete(complaint_id=row.pk, text="补充证据", uploads=[a_file() for _ in range(5)])
        more = {"complaint_id": row.pk, "text": "补充证据"}
        assert code_of(complaints.complete, **more, uploads=[a_file()]) == "complaint.evidence_full"
        for _ in range(17):
            complaints.complete(**more)
        assert code_of(complaints.complete, **more) == "complaint.evidence_full"
