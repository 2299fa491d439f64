"""Restrictions that can be lifted, accounts that are checked, leaving and coming back."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from agencies import selectors, services
from agencies.models import Agency, Restriction
from agencies.rules import standing
from core import audit, clock
from core.audit import By
from core.errors import Refusal
from tests.accounts import people

A_DAY = timedelta(days=1)


def restricted(agency, kind="suspended", days=90):
    now = clock.now()
    return services.restrict(
        agency_id=agency.pk, kind=kind, starts_at=now, ends_at=now + days * A_DAY, ground="围标", source="/decisions/1/"
    )


def lifted(row):
    return services.lift(restriction_id=row.pk, reason="已整改", source="/repairs/1/")


@pytest.mark.django_db
def test_a_lifted_restriction_is_felt_nowhere_and_stays_readable():
    agency = people.agency()
    row = restricted(agency)
    moment = clock.now()
    assert selectors.facts(agency.pk).restrictions == ("suspended",)
    row = lifted(row)
    assert selectors.facts(agency.pk).restrictions == ()
    assert selectors.restricted([agency.pk], ["suspended"], clock.now()) == frozenset()
    assert [found.lifted_reason for found in selectors.every_restriction(agency.pk)] == ["已整改"]
    assert [found.pk for found in selectors.restrictions(agency.pk, moment)] == [row.pk]
    assert audit.verify(f"agency:{agency.pk}") is None


@pytest.mark.django_db
def test_a_restriction_is_lifted_once_and_only_for_a_reason():
    row = restricted(people.agency())
    with pytest.raises(Refusal) as refused:
        services.lift(restriction_id=row.pk, reason=" ", source="/x/")
    assert refused.value.code == "restriction.lift_ground"
    lifted(row)
    for pk, code in ((row.pk, "restriction.lifted"), (0, "restriction.unknown")):
        with pytest.raises(Refusal) as refused:
            services.lift(restriction_id=pk, reason="已整改", source="/x/")
        assert refused.value.code == code


@pytest.mark.django_db
def test_the_database_keeps_a_restriction_as_it_was():
    row = restricted(people.agency())
    for changed in ({"kind": "warned"}, {"ground": "别的"}, {"ends_at": row.ends_at - A_DAY}, {"source": "/y/"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Restriction.objects.filter(pk=row.pk).update(**changed)
    with pytest.raises(DatabaseError), transaction.atomic():
        Restriction.objects.filter(pk=row.pk).delete()
    lifted(row)
    with pytest.raises(DatabaseError), transaction.atomic():
        Restriction.objects.filter(pk=row.pk).update(lifted_at=None, lifted_reason="", lifted_source="")


@pytest.mark.django_db
def test_a_confirmed_restriction_runs_on_but_never_shorter():
    row = restricted(people.agency(), "restricted", 30)
    services.confirm_until(restriction_id=row.pk, ends_at=row.ends_at + 30 * A_DAY)
    assert Restriction.objects.get(pk=row.pk).ends_at == row.ends_at + 30 * A_DAY
    with pytest.raises(Refusal) as refused:
        services.confirm_until(restriction_id=row.pk, ends_at=row.ends_at)
    assert refused.value.code == "restriction.shorter"


@pytest.mark.django_db
def test_who_leaves_takes_nothing_new_and_is_gone_when_nothing_runs():
    agency, by = people.agency(), By()
    services.ask_to_leave(agency=agency, by=by)
    assert selectors.facts(agency.pk).door == "leaving"
    with pytest.raises(Refusal) as refused:
        services.ask_to_leave(agency=agency, by=by)
    assert refused.value.code == "exit.already"
    services.leave(agency_id=agency.pk, back_from=clock.now())
    assert selectors.facts(agency.pk).door == "left"
    assert not selectors.directory(selectors.Filters()).filter(pk=agency.pk).exists()
    assert selectors.find(agency.pk)
    services.come_back(agency=agency, by=by)
    assert selectors.facts(agency.pk).door == ""


@pytest.mark.django_db
def test_a_wish_to_leave_can_be_taken_back_a_removal_cannot():
    agency, by = people.agency(), By()
    services.ask_to_leave(agency=agency, by=by)
    services.stay(agency=agency, by=by)
    assert selectors.facts(agency.pk).door == ""
    row = restricted(agency, "removed", 365)
    with pytest.raises(Refusal) as refused:
        services.stay(agency=agency, by=by)
    assert refused.value.code == "exit.forced"
    lifted(row)
    assert selectors.facts(agency.pk).door == ""


@pytest.mark.django_db
def test_a_removed_agency_returns_only_after_its_term():
    agency, by = people.agency(), By()
    row = restricted(agency, "removed", 365)
    services.leave(agency_id=agency.pk, back_from=clock.now())
    agency = Agency.objects.get(pk=agency.pk)
    assert (agency.forced, agency.back_from) == (True, row.ends_at)
    with pytest.raises(Refusal) as refused:
        services.come_back(agency=agency, by=by)
    assert refused.value.code == "return.early"
    lifted(row)
    assert services.come_back(agency=agency, by=by).left_at is None


@pytest.mark.django_db
def test_an_unanswered_question_freezes_and_an_answer_thaws():
    agency = people.agency()
    services.ask_correction(agency_id=agency.pk, faults=["name_form"], due_at=clock.now())
    assert agency in selectors.unanswered(clock.now())
    services.freeze(agency_id=agency.pk)
    assert selectors.facts(agency.pk).door == "frozen"
    services.check_again(agency_id=agency.pk, by=By())
    assert selectors.facts(agency.pk).door == ""
    services.mark_verified(agency_id=agency.pk)
    agency.refresh_from_db()
    assert standing.state(agency, ()) == "verified"


class Account:
    def __init__(self, **dates):
        for name in ("verified_at", "correction_asked_at", "frozen_at", "leaving_at", "left_at"):
            setattr(self, name, dates.get(name))


@given(
    dates=st.fixed_dictionaries(
        dict.fromkeys(
            ("verified_at", "correction_asked_at", "frozen_at", "leaving_at", "left_at"), st.none() | st.datetimes()
        )
    ),
    kinds=st.sets(st.sampled_from(standing.HEAVIEST)),
)
def test_every_account_is_in_one_state_and_the_heaviest_restriction_shows(dates, kinds):
    state = standing.state(Account(**dates), kinds)
    assert state in {*standing.HEAVIEST, "exited", "exiting", "frozen", "correction", "verified", "registered"}
    if "removed" in kinds:
        assert state == "removed"
    if not kinds and state in {"verified", "registered"}:
        assert not dates["left_at"]
        assert not dates["leaving_at"]
