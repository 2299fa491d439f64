"""Past the services: measures have bounds, reviews their people, and clocks, holds and imports stay as written."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Membership
from core import clock
from core.audit import SYSTEM
from marketplace import services as marketplace
from marketplace.models import Suspension
from supervision.models import CaseEvent, ClockStop, ListImport, ListingEvent, Relation, Step
from supervision.services import cases, imports, listings, stops
from tests.bidding import world as market
from tests.supervision.clockwork import MONDAY, Room, look, order, row, watched
from tests.supervision.hearing import WHY, hearing
from tests.supervision.listing import NOW, WORDS, listed, world
from tests.supervision.test_imports import csv_of
from tests.supervision.test_imports import row as line

pytestmark = pytest.mark.django_db


def refused(match, sql):
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def forced(match, case, kind, by, at, *, until=None, **data):
    """An event that no service would have written."""
    last = case.events.order_by("-seq").first()
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        CaseEvent.objects.create(
            case=case, seq=last.seq + 1, kind=kind, at=at, until=until, data=data, by_user_id=by.user_id,
            by_org_id=by.org_id,
        )  # fmt: skip


def test_nothing_is_decided_heavier_than_announced():
    h = hearing()
    case = h.noticed("warning", 200)
    late = case.events.get(kind="noticed").until
    for data in ({"measure": "suspension", "days": 30}, {"measure": "warning", "days": 201}):
        forced("heavier", case, "proposed", h.first, late, **data)
        forced("heavier|second person", case, "decided", h.first, late, **data)


def test_two_decide_one_of_a_regulator_nothing_heavier_than_proposed():
    h = hearing()
    case = h.noticed("suspension", 60)
    with h.later(hours=1):
        cases.waive(case_id=case.pk, by=h.respondent)
    with h.later(hours=1):
        cases.propose(case_id=case.pk, measure="suspension", days=30, reasons=WHY, by=h.first)
    forced("two decide", case, "decided", h.second, h.now + timedelta(hours=1), measure="suspension", days=31)
    case = h.noticed("suspension", 30)
    with h.later(hours=1):
        cases.waive(case_id=case.pk, by=h.respondent)
    with h.later(hours=1):
        cases.propose(case_id=case.pk, measure="suspension", days=30, reasons=WHY, by=h.third)
    operator = h.third
    colleague = type(operator)(h.second.user_id, operator.org_id)
    forced("two decide", case, "decided", colleague, h.now + timedelta(hours=1), measure="suspension", days=30)
    with h.later(hours=1):
        assert cases.decide(case_id=case.pk, measure="suspension", days=30, reasons=WHY, by=h.second)


def test_a_proposal_that_was_sent_back_is_none_any_more():
    h = hearing()
    case = h.noticed("suspension", 60)
    with h.later(hours=1):
        cases.waive(case_id=case.pk, by=h.respondent)
    with h.later(hours=1):
        cases.propose(case_id=case.pk, measure="suspension", days=30, reasons=WHY, by=h.first)
    with h.later(hours=1):
        cases.send_back(case_id=case.pk, reasons=WHY, by=h.second)
    forced("two decide", case, "decided", h.second, h.now + timedelta(hours=1), measure="suspension", days=30)
    with h.later(hours=1):
        assert cases.decide(case_id=case.pk, measure="warning", days=180, reasons=WHY, by=h.first)


def test_a_review_only_reduces_and_no_term_grows():
    h = hearing()
    case = h.published("suspension", 30)
    at = h.now + timedelta(days=10)
    forced("left of the term", case, "enforced", h.second, at, until=at + timedelta(days=21))
    with clock.at(at):
        cases.ask_review(case_id=case.pk, reasons="认定有误，请求复核并附上新的证据。", by=h.respondent)
    later = at + timedelta(days=2)
    harder = {"outcome": "changed", "measure": "suspension", "days": 31}
    forced("only reduces", case, "review_decided", h.third, later, **harder)
    with clock.at(later):
        cases.decide_review(case_id=case.pk, outcome="upheld", reasons=WHY, by=h.third)
    running = case.events.filter(kind="enforced").last()
    assert running.until - running.at == timedelta(days=20)


def test_nobody_tied_to_the_agency_and_no_second_time_the_same_decides_a_listing():
    with clock.at(NOW):
        made = world()
        entry = listed(made)
        listings.ask_review(listing_id=entry.pk, text="列入依据不足，请求复核。", by=made.ana)
        tied, insider = made.officers[1], made.officers[2]
        subject = made.agency.organisation
        Relation.objects.create(user_id=tied.user_id, organisation=subject, ground="亲属任职", declared_at=NOW)
        Membership.objects.create(user_id=insider.user_id, organisation=subject)
        for by, match in ((made.officers[0], "somebody else"), (made.officers[3], "somebody else"),
                          (tied, "own matter"), (insider, "own matter")):  # fmt: skip
            with pytest.raises(DatabaseError, match=match), transaction.atomic():
                ListingEvent.objects.create(
                    listing=entry, seq=entry.events.count() + 1, kind="review_decided", at=NOW,
                    data={"outcome": "upheld"}, by_user_id=by.user_id, by_org_id=by.org_id,
                )  # fmt: skip
        assert listings.decide_review(listing_id=entry.pk, outcome="upheld", reason=WORDS, by=made.officers[4])


def test_a_stop_begins_when_it_is_asked_for_and_stays():
    with watched(Room()) as room:
        h = hearing()
        room.add(h.first.org_id)
        room.change(kind="complaint.decide")
        look(MONDAY)
        step = row()
        facts = {"step": step, "ground": "expert_opinion", "reason": "等待专家意见"}
        with pytest.raises(DatabaseError, match="when it is asked for"), transaction.atomic():
            ClockStop.objects.create(**facts, starts_at=step.first_seen_at - timedelta(days=1))
        with clock.at(MONDAY + timedelta(hours=1)):
            ask = {"step_id": step.pk, "ground": "expert_opinion", "reason": "等待专家组出具书面意见。"}
            stop = stops.ask_stop(**ask, evidence=order(), by=h.third)
        where = f"WHERE id = {stop.pk}"
        refused(
            "as it was asked", f"UPDATE supervision_clockstop SET starts_at = starts_at - interval '2 days' {where}"
        )
        refused("as it was asked", f"UPDATE supervision_clockstop SET confirmed_at = NULL {where}")
        refused("as it was asked", f"UPDATE supervision_clockstop SET confirmed_by_id = NULL {where}")
        refused("as it was asked", f"DELETE FROM supervision_clockstop {where}")
        with clock.at(MONDAY + timedelta(hours=5)):
            assert stops.end_stop(stop_id=stop.pk, by=h.third).ends_at
        refused("as it was asked", f"UPDATE supervision_clockstop SET ends_at = now() {where}")


@pytest.mark.parametrize("change", [
    "kind = 'need.choose'", "rules_ref = 'clocks@9'", "first_seen_at = first_seen_at - interval '3 days'",
])  # fmt: skip
def test_a_step_stays_the_one_it_was(change):
    with watched(Room()) as room:
        room.add(hearing().first.org_id)
        look(MONDAY)
    refused("the one it was", f"UPDATE supervision_step SET {change}")
    refused("the one it was", "DELETE FROM supervision_step")
    assert Step.objects.exists()


@pytest.mark.parametrize("change", ["ends_at = ends_at + interval '1 day'", "source = 'complaint:9'", "reason = ''"])
def test_a_hold_stays_as_it_was_ordered_and_is_lifted_once(change):
    place = market.competition(now=NOW)
    with clock.at(NOW):
        facts = {"need_id": place.need.pk, "source": "order:1", "by": SYSTEM}
        marketplace.suspend(**facts, until=NOW + timedelta(days=20), reason="投诉可能影响结果")
    refused("as it was ordered", f"UPDATE marketplace_suspension SET {change}")
    refused("as it was ordered", "DELETE FROM marketplace_suspension")
    with clock.at(NOW + timedelta(hours=1)):
        assert marketplace.resume(need_id=place.need.pk, source="order:1", reason="处理完毕")
    refused("as it was ordered", "UPDATE marketplace_suspension SET lifted_at = NULL")
    assert Suspension.objects.get().lifted_at


def test_an_import_is_settled_once():
    with clock.at(NOW):
        by = world().officers[0]
        seen = imports.look(content=csv_of(line()), name="信用中国", as_of=NOW.date(), by=by)
        refused("as it was settled", f"UPDATE supervision_listimport SET as_of = as_of - 1 WHERE id = {seen.pk}")
        imports.take(import_id=seen.pk, by=by)
    for change in ("state = 'discarded'", "gone = 0, added = 9", "settled_at = now()"):
        refused("as it was settled", f"UPDATE supervision_listimport SET {change} WHERE id = {seen.pk}")
    refused("as it was settled", f"DELETE FROM supervision_listimport WHERE id = {seen.pk}")
    assert ListImport.objects.get().state == "applied"


@pytest.mark.parametrize("table", [
    "marketplace_suspension", "ratings_rating", "ratings_ratingwindow", "supervision_clockstop", "supervision_step",
    "supervision_listimport",
])  # fmt: skip
def test_none_of_these_is_emptied(table):
    refused("append-only", f"TRUNCATE {table} CASCADE")
