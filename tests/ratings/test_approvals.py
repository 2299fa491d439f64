"""A result used in an approval is written down with its grounds and rated by a regulator who has no part in it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Membership
from agencies import selectors as agencies
from core import clock
from core.audit import By
from ratings import selectors, services
from ratings.models import CreditEvent, RegulatorRating
from tests.accounts import people
from tests.contracts.test_award import refused
from tests.contracts.world import completed, signed
from tests.ratings.test_appeals import officer

pytestmark = pytest.mark.django_db


def used(contract, by, *, number="廊环审〔2026〕12号", outcome="accepted", **more):
    return services.use_in_approval(
        contract_number=contract.number, approval_number=number, outcome=outcome, by=by, **more
    )


def rated(use, by, *, quality=5, compliance=5, text="数据可靠，结论清楚，程序完备。"):
    return services.rate_result(use_id=use.pk, quality=quality, compliance=compliance, text=text, by=by)


def test_a_use_is_public_and_costs_nothing():
    w, contract = completed()
    use = used(contract, officer("department", 8500))
    assert CreditEvent.objects.get(kind="approval_used").source == use.get_absolute_url()
    assert agencies.get(w.agency.pk).score == Decimal("100.50")


@pytest.mark.parametrize("kind", ["enterprise", "operator"])
def test_only_departments_and_regulators_write_a_use_down(kind):
    w, contract = completed()
    for by in (officer(kind, 8503), w.as_agency, w.as_buyer, By(None, None)):
        refused("access.not_yours", used, contract=contract, by=by)


def test_a_use_needs_a_contract_with_a_result_and_is_written_once():
    _w, contract = signed()
    by = officer("department", 8504)
    refused("approval.not_done", used, contract=contract, by=by)
    _w, done = completed()
    used(done, by)
    refused("approval.twice", used, contract=done, by=by)
    done.number = "HT-0000"
    refused("approval.no_contract", used, contract=done, by=by)


@pytest.mark.parametrize(("stars", "points"), [(5, "0.50"), (4, "0"), (2, "-1.00"), (1, "-3.00")])
def test_the_regulators_marks_move_the_score_by_their_step(stars, points):
    w, contract = completed()
    use = used(contract, officer("department", 8505))
    rated(use, officer("regulator", 8506), quality=stars, compliance=stars)
    event = CreditEvent.objects.get(kind="regulator_rating")
    assert (event.points, event.rules_ref) == (Decimal(points), "conduct@1")
    assert selectors.credit_file(w.agency.pk, clock.now()).uses[0].rating.quality == stars


def test_only_a_regulator_without_a_part_in_it_rates_once():
    w, contract = completed()
    by = officer("regulator", 8507)
    use = used(contract, by)
    refused("approval.involved", rated, use=use, by=by)
    for other in (officer("operator", 8508), officer("department", 8509), w.as_agency, w.as_buyer):
        refused("access.not_yours", rated, use=use, by=other)
    colleague = By(people.user("colleague@example.com").pk, by.org_id)
    refused("rating.stars", rated, use=use, by=colleague, quality=6)
    refused("appeal.reasons_short", rated, use=use, by=colleague, text="好")
    rated(use, colleague)
    refused("approval.rated", rated, use=use, by=colleague)


def test_a_rating_that_is_late_is_still_given_and_was_never_praise():
    w, contract = completed()
    use = used(contract, officer("department", 8510))
    assert list(selectors.unrated()) == [use]
    with clock.at(use.rate_by + timedelta(days=1)):
        assert not CreditEvent.objects.filter(kind="regulator_rating").exists()
        rated(use, officer("regulator", 8511))
        assert selectors.credit_file(w.agency.pk, clock.now()).uses[0].rating
    assert not selectors.unrated().exists()


def test_the_database_refuses_a_rating_by_somebody_involved():
    w, contract = completed()
    by, insider = officer("regulator", 8512), officer("regulator", 8516)
    use = used(contract, by)
    Membership.objects.create(user_id=insider.user_id, organisation=w.agency.organisation)
    facts = {"use": use, "quality": 5, "compliance": 5, "text": "好", "rated_at": clock.now()}
    for one in (by, w.as_buyer, w.as_agency, insider, officer("operator", 8513)):
        with pytest.raises(DatabaseError, match="involved"), transaction.atomic():
            RegulatorRating.objects.create(**facts, by_user_id=one.user_id, by_org_id=one.org_id)


@pytest.mark.parametrize("table", ["approvaluse", "regulatorrating"])
def test_uses_and_their_ratings_stay(table):
    _w, contract = completed()
    rated(used(contract, officer("department", 8514)), officer("regulator", 8515))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM ratings_{table}")
