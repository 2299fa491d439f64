"""The platform's own list: nobody unheard, nobody by one person, never without end, off by itself."""

import pytest
from django.db import DatabaseError, transaction

from core import audit, clock
from core.errors import Refusal
from ratings.models import CreditEvent
from supervision.models import JointMeasure, Listing, ListingEvent, Relation, Share
from supervision.services import listings, shares
from supervision.services.notices import Notice
from tests.accounts import people
from tests.supervision.listing import NOW, WORDS, candidate, later, listed, published_case, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        yield


def code_of(verb, **given):
    with pytest.raises(Refusal) as refused, transaction.atomic():
        verb(**given)
    return refused.value.code


def test_a_listing_is_felt_shared_and_off_by_itself_at_its_end():
    made = world()
    row = listed(made, months=12)
    assert "restricted" in made.kinds
    share = Share.objects.get(listing=row, news="listed")
    assert share.department_id == made.department.org_id
    assert CreditEvent.objects.filter(agency_id=made.agency.pk, kind="listing").exists()
    with later(364):
        assert listings.end_due() == 0
    with later(370):
        assert (listings.end_due(), listings.end_due()) == (1, 0)
        assert "restricted" not in made.kinds
    row.refresh_from_db()
    assert row.state == "delisted"
    assert Share.objects.filter(listing=row, news="delisted", department_id=made.department.org_id).exists()
    assert audit.verify(f"listing:{row.pk}") is None


def test_nobody_is_listed_unheard_or_by_who_proposed_it():
    made = world()
    row = candidate(made)
    given = {"listing_id": row.pk, "reason": WORDS}
    assert code_of(listings.approve, **given, by=made.officers[3]) == "listing.order"
    listings.give_notice(listing_id=row.pk, text=WORDS, by=made.officers[0])
    assert code_of(listings.approve, **given, by=made.officers[3]) == "listing.unheard"
    listings.defend(listing_id=row.pk, text="我们没有串通，电脑是会议室公用的。", by=made.ana)
    assert code_of(listings.approve, **given, by=made.officers[0]) == "listing.second"
    assert listings.approve(**given, by=made.officers[3]).state == "listed"


def test_silence_until_the_end_of_the_hearing_lets_the_decision_be_taken():
    made = world()
    row = candidate(made)
    listings.give_notice(listing_id=row.pk, text=WORDS, by=made.officers[0])
    with later(9):
        assert listings.approve(listing_id=row.pk, reason=WORDS, by=made.officers[3]).state == "listed"


def test_the_database_knows_no_way_around_either():
    made = world()
    row = candidate(made)
    listings.give_notice(listing_id=row.pk, text=WORDS, by=made.officers[0])
    for user, seq, at in (
        (made.officers[3].user_id, 3, NOW),  # unheard
        (made.officers[0].user_id, 3, NOW),  # the proposer
        (None, 3, NOW),  # nobody
        (made.officers[3].user_id, 4, NOW),  # a gap
        (made.officers[3].user_id, 3, NOW.replace(year=2025)),  # backdated
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            ListingEvent.objects.create(listing=row, seq=seq, kind="listed", at=at, by_user_id=user)
    with pytest.raises(DatabaseError), transaction.atomic():
        ListingEvent.objects.filter(listing=row).update(text="改写")
    with pytest.raises(DatabaseError), transaction.atomic():
        Listing.objects.filter(pk=row.pk).update(ground="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        Listing.objects.filter(pk=row.pk).update(state="listed")


def test_a_listing_needs_a_published_case_of_an_agency_and_an_end():
    made = world()
    case = published_case(made)
    given = {"case_number": case.number, "ground": "串通投标", "months": 12}
    by = made.officers[0]
    assert code_of(listings.propose_listing, **{**given, "case_number": "CF-2026-999999"}, by=by) == "listing.case"
    for months in (0, 11, 37):
        assert code_of(listings.propose_listing, **{**given, "months": months}, by=by) == "listing.months"
    assert code_of(listings.propose_listing, **{**given, "ground": " "}, by=by) == "listing.blank"
    assert code_of(listings.propose_listing, **given, by=made.ana) == "process.related"
    assert code_of(listings.propose_listing, **given, by=made.department) == "listing.authority"
    row = listings.propose_listing(**given, by=by)
    assert (row.authority, row.ground_code) == ("廊坊市市场监督管理局", "collusion")
    assert "第七十七条" in row.legal_basis
    assert code_of(listings.propose_listing, **given, by=by) == "listing.twice"


def test_tied_officers_have_no_say():
    made = world()
    row = candidate(made)
    listings.give_notice(listing_id=row.pk, text=WORDS, by=made.officers[0])
    listings.waive(listing_id=row.pk, by=made.ana)
    Relation.objects.create(
        user_id=made.officers[3].user_id, organisation_id=made.agency.pk, ground="亲属任职", declared_at=NOW
    )
    assert code_of(listings.approve, listing_id=row.pk, reason=WORDS, by=made.officers[3]) == "process.related"


def test_a_review_stays_the_listing_and_is_somebody_elses():
    made = world()
    row = listed(made)
    left = row.ends_at - NOW
    listings.ask_review(listing_id=row.pk, text="证据不足，请求复核本决定。", by=made.ana)
    assert "restricted" not in made.kinds
    given = {"listing_id": row.pk, "reason": WORDS}
    for officer in (0, 3):
        refused = code_of(listings.decide_review, **given, outcome="upheld", by=made.officers[officer])
        assert refused == "listing.same_officer"
    with later(5):
        row = listings.decide_review(**given, outcome="upheld", by=made.officers[4])
        assert "restricted" in made.kinds
        assert row.ends_at == clock.now() + left
        assert code_of(listings.ask_review, listing_id=row.pk, text=WORDS, by=made.ana) == "listing.reviewed"


def test_a_revoked_listing_never_counted():
    made = world()
    row = listed(made)
    listings.ask_review(listing_id=row.pk, text="证据不足，请求复核本决定。", by=made.ana)
    listings.decide_review(listing_id=row.pk, outcome="revoked", reason=WORDS, by=made.officers[4])
    assert "restricted" not in made.kinds
    wrong = CreditEvent.objects.get(kind="listing")
    assert CreditEvent.objects.filter(kind="correction", corrects=wrong).exists()


def test_a_wrong_listing_is_corrected_with_a_public_note(client):
    made = world()
    row = listed(made)
    listings.correct(listing_id=row.pk, note="主体认定错误，向该机构致歉。", by=made.officers[4])
    assert "restricted" not in made.kinds
    assert Share.objects.filter(listing=row, news="corrected").exists()
    page = client.get(row.public_path).content.decode()
    assert "向该机构致歉" in page


def test_departments_receive_report_and_lift_and_others_cannot():
    made = world()
    row = listed(made)
    share = Share.objects.get(listing=row)
    with pytest.raises(Share.DoesNotExist):
        shares.receive(share_id=share.pk, by=made.ana)
    until = NOW.replace(year=2027)
    given = {"share_id": share.pk, "text": "取消评优资格", "legal_basis": "《条例》第三条"}
    assert code_of(shares.report_measure, **given, until=until, by=made.department) == "share.unread"
    shares.receive(share_id=share.pk, by=made.department)
    assert code_of(shares.receive, share_id=share.pk, by=made.department) == "share.done"
    assert code_of(shares.report_measure, **given, until=NOW, by=made.department) == "share.end"
    measure = shares.report_measure(**given, until=until, by=made.department)
    shares.lift_measure(measure_id=measure.pk, reason="已移出名单", by=made.department)
    lift = {"measure_id": measure.pk, "reason": "已移出名单", "by": made.department}
    assert code_of(shares.lift_measure, **lift) == "share.lifted"
    assert JointMeasure.objects.count() == 2


def test_the_agency_hears_of_every_step_and_strangers_cannot_speak_for_it():
    made = world()
    row = candidate(made)
    listings.give_notice(listing_id=row.pk, text=WORDS, by=made.officers[0])
    assert Notice.objects.filter(organisation_id=made.agency.pk, path=f"/agency/listings/{row.number}/").exists()
    stranger = people.agency(2, name="廊坊市他人咨询有限公司")
    for by in (made.officers[0], made.department, type(made.ana)(made.ana.user_id, stranger.pk)):
        with pytest.raises(Listing.DoesNotExist):
            listings.defend(listing_id=row.pk, text=WORDS, by=by)
