"""The account's way: checked after it is live, asked once, frozen, leaving with work finished, and back."""

from datetime import timedelta

import pytest

from agencies import selectors as agencies
from agencies import services as standing
from agencies.models import Agency
from core import clock
from core.audit import By
from core.workdays import Limit, load
from ratings import services as ratings
from ratings.models import CreditEvent
from supervision.models import Card, Honour, Step
from supervision.services import clocks, entrance, exits, honours
from supervision.services.notices import Notice
from tests.accounts import people
from tests.supervision.listing import NOW, later

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        yield


def test_good_data_is_verified_and_bad_data_asked_about_once_then_frozen():
    good, bad = people.agency(1), people.agency(2, name="测试")
    assert entrance.check_new() == 2
    assert entrance.check_new() == 0
    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.verified_at is not None
    assert bad.correction == ["name_form", "placeholder"]
    assert Notice.objects.filter(organisation_id=bad.pk, path="/agency/check/").count() == 1
    assert agencies.facts(bad.pk).door == ""
    with later(20):
        assert (entrance.freeze_silent(), entrance.freeze_silent()) == (1, 0)
        assert agencies.facts(bad.pk).door == "frozen"
        entrance.correct(agency=agencies.get(bad.pk), name="廊坊市改正咨询有限公司", contact_name="王安娜",
                         contact_phone=people.PHONE, by=By())  # fmt: skip
        assert agencies.facts(bad.pk).door == ""
        entrance.check_new()
        assert Agency.objects.get(pk=bad.pk).verified_at is not None


def test_the_check_of_a_newcomer_is_the_operators_duty_and_to_correct_is_the_agencys_right():
    olga = people.user("olga@example.com")
    operator = people.organisation("operator", 9700, olga)
    agency = people.agency(2, name="测试")
    clocks.watch()
    check = Step.objects.get(closed_at=None)
    assert (check.kind, check.owner_id, check.right) == ("agency.check", operator.pk, False)
    assert check.due_at == Limit(1, "working_days").end(agency.committed_at, load())
    entrance.check_new()
    clocks.watch()
    agency.refresh_from_db()
    ask = Step.objects.get(closed_at=None)
    assert (ask.kind, ask.owner_id, ask.right) == ("agency.correct", agency.pk, True)
    assert ask.due_at == agency.correction_due_at
    with later(20):
        entrance.freeze_silent()
        clocks.watch()
    ask.refresh_from_db()
    assert ask.lapsed
    assert not Card.objects.exists()


def test_of_two_namesakes_the_newer_is_asked():
    older = people.agency(1)
    with later(1):
        newer = people.agency(2)
        entrance.check_new()
    assert Agency.objects.get(pk=older.pk).correction == []
    assert Agency.objects.get(pk=newer.pk).correction == ["namesake"]


def test_who_has_nothing_running_is_out_at_once_and_may_come_back():
    agency = people.agency(1)
    assert exits.ask(agency=agency, by=By()).left_at is not None
    assert exits.come_back(agency=agency, by=By()).left_at is None


def test_who_has_something_running_finishes_it_first(monkeypatch):
    agency = people.agency(1)
    monkeypatch.setattr(exits, "running", lambda _pk: [exits.Running("contract", "环评", "/contracts/1/")])
    assert exits.ask(agency=agency, by=By()).left_at is None
    assert exits.finish() == 0
    monkeypatch.setattr(exits, "running", lambda _pk: [])
    assert exits.finish() == 1
    assert agencies.facts(agency.pk).door == "left"


def test_a_removal_ends_in_leaving_and_the_way_back_opens_after_its_term():
    agency, now = people.agency(1), clock.now()
    standing.restrict(
        agency_id=agency.pk,
        kind="removed",
        starts_at=now,
        ends_at=now + timedelta(days=365),
        ground="弄虚作假",
        source="/x/",
    )
    assert exits.finish() == 1
    row = Agency.objects.get(pk=agency.pk)
    assert (row.forced, row.back_from) == (True, now + timedelta(days=365))
    with later(366):
        assert exits.come_back(agency=row, by=By()).left_at is None


def test_the_red_list_follows_the_record_on_and_off(monkeypatch):
    agency = people.agency(1)
    entrance.check_new()
    standing.set_score(agency_id=agency.pk, score=95, grade="A", rules_ref="credit@1")
    monkeypatch.setattr(honours.contracts, "kept_since", lambda _since: {agency.pk: (4, 4)})
    assert honours.refresh() == (1, 0)
    assert honours.refresh() == (0, 0)
    now = clock.now()
    standing.restrict(
        agency_id=agency.pk, kind="warned", starts_at=now, ends_at=now + timedelta(days=9), ground="逾期", source="/x/"
    )
    assert honours.refresh() == (0, 1)
    assert Honour.objects.get().why == "restricted"


def test_an_honour_counts_once_a_year_and_does_not_hold_itself_up(monkeypatch):
    agency = people.agency(1)
    entrance.check_new()
    work = {agency.pk: (4, 4)}
    monkeypatch.setattr(honours.contracts, "kept_since", lambda _since: work)
    late = {"agency_id": agency.pk, "kind": "milestone_late", "source": "/x/", "summary": {}}
    ratings.record_credit(**late, source_key="a", times=4)
    assert honours.refresh() == (1, 0)
    row = CreditEvent.objects.get(kind="honour")
    assert (row.points, row.source, row.summary) == (3, "/redlist/", {"reason": "列入红名单"})
    work[agency.pk] = (0, 0)
    assert honours.refresh() == (0, 1)
    work[agency.pk] = (4, 4)
    assert honours.refresh() == (1, 0)
    assert CreditEvent.objects.filter(kind="honour").count() == 1
    ratings.record_credit(**late, source_key="b", times=8)
    agency.refresh_from_db()
    assert agency.score == 91
    assert honours.refresh() == (0, 1)
    assert Honour.objects.order_by("-pk")[0].why == "score"


def test_pages_of_the_account_answer_their_agency(client):
    owner = people.user("ana1@example.com")
    agency = people.agency(1, owner)
    client.force_login(owner)
    with clock.at(clock.now()):
        assert "申请退出" in client.get("/agency/exit/").content.decode()
        assert client.post("/agency/exit/", {"do": "leave"}).status_code == 302
        assert Agency.objects.get(pk=agency.pk).left_at is not None
        assert "重新入驻" in client.get("/agency/exit/").content.decode()
        assert client.post("/agency/exit/", {"do": "return"}).status_code == 302
        answer = client.post("/agency/exit/", {"do": "return"})
        assert (answer.status_code, "无需重新入驻" in answer.content.decode()) == (422, True)
        assert client.get("/agency/check/").status_code == 200
