"""Everything held about an agency: complete, its own alone, each with what can be done and until when."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies import services as agencies
from core import clock
from portal.selectors import held
from ratings.services import record_credit
from tests.accounts import people


@pytest.fixture
def agency(db):
    return people.agency(7301)


def restrict(agency, source="/decisions/CF-1/", days=90):
    now = clock.now()
    return agencies.restrict(
        agency_id=agency.pk, kind="suspended", starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=days),
        ground="弄虚作假", source=source,
    )  # fmt: skip


def page_of(client, agency):
    client.force_login(agency.organisation.memberships.get().user)
    return client.get("/agency/held/").content.decode()


def rows(agency, name):
    return next(one.rows for one in held.everything(agency.pk, clock.now()).sections if one.name == name)


def test_an_agency_of_whom_nothing_is_held_reads_so(client, agency):
    page = page_of(client, agency)
    for _title, empty in held.words.HELD.values():
        assert str(empty) in page


def test_a_restriction_says_why_until_when_and_what_can_be_done(client, agency):
    restrict(agency)
    (row,) = rows(agency, "restrictions")
    assert (row.tone, row.may) == ("bad", "repair")
    assert row.until
    page = page_of(client, agency)
    assert "弄虚作假" in page
    assert "申请信用修复" in page
    assert "/agency/held/" in client.get("/desk/").content.decode()


def test_a_restriction_that_is_over_asks_for_nothing(agency):
    restrict(agency)
    with clock.at(clock.now() + timedelta(days=91)):
        (row,) = rows(agency, "restrictions")
    assert (row.tone, row.may, row.until) == ("ended", "", None)


def test_rows_that_cost_points_can_be_objected_to(agency):
    record_credit(
        agency_id=agency.pk, kind="award_silent", source="/needs/1/", source_key="s:1", summary={"need": "环评"}
    )
    record_credit(agency_id=agency.pk, kind="award_won", source="/needs/1/", source_key="s:2", summary={"need": "环评"})
    (row,) = rows(agency, "deductions")
    assert (row.may, row.may_path) == ("object", f"/agencies/{agency.pk}/credit/")


def test_nobody_sees_what_is_held_about_another(client, agency):
    restrict(agency)
    assert "弄虚作假" not in page_of(client, people.agency(7302))


def test_queries_do_not_grow_with_what_is_held(agency):
    def count():
        with CaptureQueriesContext(connection) as asked:
            held.everything(agency.pk, clock.now())
        return len(asked)

    few = count()
    for number in range(5):
        restrict(agency, f"/decisions/CF-{number}/", 30 + number)
    assert count() == few
