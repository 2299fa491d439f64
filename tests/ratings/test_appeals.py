"""An appeal is filed by whom it is about, heard, decided by somebody uninvolved; what is upheld counts no longer."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Membership
from agencies import selectors as agencies
from core import clock, jobs
from core.audit import By
from core.workdays import LOCAL
from ratings import selectors, services
from ratings.models import Appeal, AppealDecision, CreditEvent, MarketScale
from tests.accounts import people
from tests.contracts.test_award import refused
from tests.contracts.world import completed
from tests.ratings.test_rating import rate

pytestmark = pytest.mark.django_db
GROUNDS, REASONS = "评价所说的延误是委托方迟交资料造成的。", "往来函件表明延误由资料迟交造成，评价与事实不符。"


def rated(stars=1):
    """A contract both have rated: the buyer with few stars."""
    w, contract = completed()
    rating = rate(w, contract, "buyer", stars=stars, text="报告一再延误，多次催促才交。")
    rate(w, contract, "supplier")
    jobs.drain()
    return w, rating


def officer(kind="operator", number=8100):
    user = people.user(f"{kind}{number}@example.com")
    row = people.organisation(kind, number, user, name=f"{kind}{number}")
    return By(user.pk, row.pk)


def appealed(stars=1):
    w, rating = rated(stars)
    return w, rating, services.appeal(rating_id=rating.pk, grounds=GROUNDS, by=w.as_agency)


def decide(row, by, *, upheld=True, **more):
    return services.decide_appeal(appeal_id=row.pk, upheld=upheld, reasons=REASONS, by=by, **more)


def heard(row, w):
    services.state_on_appeal(appeal_id=row.pk, text="资料按合同约定的时间交付了。", by=w.as_buyer)


def test_an_upheld_appeal_takes_the_rating_out_by_a_row_with_its_source():
    w, rating, row = appealed()
    assert agencies.get(w.agency.pk).score == Decimal("97.50")
    heard(row, w)
    decision = decide(row, officer())
    assert agencies.get(w.agency.pk).score == Decimal("100.50")
    assert decision.correction.corrects.source_key == f"rating:{rating.pk}"
    assert decision.correction.source == row.get_absolute_url()
    file = selectors.credit_file(w.agency.pk, clock.now())
    assert (len(file.ratings), len(file.withdrawn)) == (0, 1)


def test_the_day_before_still_reads_as_it_was():
    w, _rating, row = appealed()
    heard(row, w)
    before = clock.now()
    with clock.at(before + timedelta(hours=1)):
        decide(row, officer())
    file = selectors.credit_file(w.agency.pk, before)
    assert (file.score.total, len(file.ratings), len(file.withdrawn)) == (Decimal("97.50"), 1, 0)


def test_a_rejected_appeal_changes_no_score():
    w, _rating, row = appealed()
    heard(row, w)
    decide(row, officer(), upheld=False)
    assert agencies.get(w.agency.pk).score == Decimal("97.50")
    assert not CreditEvent.objects.filter(kind="correction").exists()


def test_a_buyer_appeals_against_what_the_agency_said_of_it():
    w, contract = completed()
    rate(w, contract, "buyer")
    rating = rate(w, contract, "supplier", stars=1)
    row = services.appeal(rating_id=rating.pk, grounds=GROUNDS, by=w.as_buyer)
    services.state_on_appeal(appeal_id=row.pk, text="委托方确实没有按时配合。", by=w.as_agency)
    assert decide(row, officer()).correction is None


def test_only_the_rated_side_appeals_once_in_time_and_with_grounds():
    w, rating = rated()
    call = {"rating_id": rating.pk, "grounds": GROUNDS}
    refused("access.not_yours", services.appeal, **call, by=w.as_buyer)
    refused("access.not_yours", services.appeal, **call, by=officer())
    refused("appeal.grounds_short", services.appeal, rating_id=rating.pk, grounds=" 不服 ", by=w.as_agency)
    with clock.at(clock.now() + timedelta(days=9)):
        refused("appeal.over", services.appeal, **call, by=w.as_agency)
    services.appeal(**call, by=w.as_agency)
    refused("appeal.twice", services.appeal, **call, by=w.as_agency)


def test_a_sealed_rating_cannot_be_appealed_against():
    w, contract = completed()
    rating = rate(w, contract, "buyer", stars=1)
    refused("access.not_yours", services.appeal, rating_id=rating.pk, grounds=GROUNDS, by=w.as_agency)


def test_the_other_side_is_heard_first_or_lets_its_time_pass():
    w, _rating, row = appealed()
    by = officer()
    refused("appeal.not_heard", decide, row=row, by=by)
    refused("access.not_yours", services.state_on_appeal, appeal_id=row.pk, text="我们也想说几句话。", by=w.as_agency)
    with clock.at(row.heard_by):
        decide(row, by)
        refused("appeal.decided", services.state_on_appeal, appeal_id=row.pk, text=GROUNDS, by=w.as_buyer)
        refused("appeal.decided", decide, row=row, by=by)


def test_the_other_side_answers_once():
    w, _rating, row = appealed()
    heard(row, w)
    refused("appeal.stated", services.state_on_appeal, appeal_id=row.pk, text=GROUNDS, by=w.as_buyer)


def involved_people(w):
    """Everybody tied to the matter, each acting for a supervisor."""
    by = officer("regulator", 8200)
    for user in (w.ana, w.bea):
        Membership.objects.create(user=user, organisation_id=by.org_id, role="member")
    moonlighter = people.user("moonlighter@example.com")
    for org in (by.org_id, w.buyer.pk):
        Membership.objects.create(user=moonlighter, organisation_id=org, role="member")
    return [By(user.pk, by.org_id) for user in (w.ana, w.bea, moonlighter)]


def test_nobody_involved_decides():
    w, _rating, row = appealed()
    heard(row, w)
    for by in involved_people(w):
        refused("appeal.involved", decide, row=row, by=by)
    refused("appeal.involved", decide, row=row, by=officer(), related=[w.buyer.pk])
    for by in (w.as_agency, w.as_buyer, By(None, None), officer("enterprise", 8300), officer("department", 8301)):
        refused("access.not_yours", decide, row=row, by=by)


def test_the_database_refuses_a_decider_who_is_involved_or_early():
    w, _rating, row = appealed()
    facts = {"appeal": row, "upheld": True, "reasons": REASONS, "decided_at": clock.now()}
    neutral = officer()
    with pytest.raises(DatabaseError, match="heard"), transaction.atomic():
        AppealDecision.objects.create(**facts, by_user_id=neutral.user_id, by_org_id=neutral.org_id)
    heard(row, w)
    for by in (*involved_people(w), w.as_agency, w.as_buyer):
        with pytest.raises(DatabaseError, match="involved"), transaction.atomic():
            AppealDecision.objects.create(**facts, by_user_id=by.user_id, by_org_id=by.org_id)
    outsider = officer("enterprise", 8400)
    with pytest.raises(DatabaseError, match="supervisors"), transaction.atomic():
        AppealDecision.objects.create(**facts, by_user_id=outsider.user_id, by_org_id=outsider.org_id)


@pytest.mark.parametrize("table", ["appeal", "appealstatement", "appealdecision"])
def test_what_was_said_and_decided_stays(table):
    w, _rating, row = appealed()
    heard(row, w)
    decide(row, officer())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM ratings_{table}")


def test_reasons_are_compulsory():
    w, _rating, row = appealed()
    heard(row, w)
    call = {"appeal_id": row.pk, "upheld": True, "reasons": "好", "by": officer()}
    refused("appeal.reasons_short", services.decide_appeal, **call)


def test_an_objection_marks_the_row_at_once_and_is_decided_without_another_side():
    w, _contract = completed()
    event = CreditEvent.objects.get(kind="milestone_on_time")
    row = services.object_to(event_id=event.pk, grounds=GROUNDS, by=w.as_agency)
    file = selectors.credit_file(w.agency.pk, clock.now())
    assert [one.objection.number for one in file.rows if one.objection] == [row.number]
    decide(row, officer())
    assert agencies.get(w.agency.pk).score == Decimal("100.00")


def test_only_the_agency_objects_and_not_where_something_else_is_meant():
    w, rating = rated()
    event = CreditEvent.objects.get(kind="milestone_on_time")
    call = {"grounds": GROUNDS}
    refused("access.not_yours", services.object_to, event_id=event.pk, by=w.as_buyer, **call)
    received = CreditEvent.objects.get(source_key=f"rating:{rating.pk}")
    refused("objection.not_here", services.object_to, event_id=received.pk, by=w.as_agency, **call)
    measure = services.record_credit(
        agency_id=w.agency.pk, kind="measure_warning", source="/", source_key="m", summary={}
    )
    refused("objection.elsewhere", services.object_to, event_id=measure.pk, by=w.as_agency, **call)
    services.correct(event_id=event.pk, reason="误记", source="/", by=officer())
    refused("objection.ended", services.object_to, event_id=event.pk, by=w.as_agency, **call)


def test_a_row_is_objected_to_once():
    w, _contract = completed()
    event = CreditEvent.objects.get(kind="milestone_on_time")
    services.object_to(event_id=event.pk, grounds=GROUNDS, by=w.as_agency)
    refused("appeal.twice", services.object_to, event_id=event.pk, grounds=GROUNDS, by=w.as_agency)


def test_the_market_forgets_a_withdrawn_rating_from_that_day_on():
    w, _rating, row = appealed()
    with clock.at(clock.now() + timedelta(days=1)):
        heard(row, w)
        decide(row, officer())
    with clock.at(clock.now() + timedelta(days=2)):
        services.measure_market()
    day = clock.now().astimezone(LOCAL).date()
    scales = dict(MarketScale.objects.values_list("day", "marks"))
    assert (scales[day], scales[day + timedelta(days=1)]) == (1, 0)
    assert Appeal.objects.count() == 1
