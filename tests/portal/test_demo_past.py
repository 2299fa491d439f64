"""The seeded past: every state a visitor may look into is there, and each was reached by the rules."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from agencies.models import Agency
from core import clock
from core.models import Job
from marketplace import selectors as marketplace
from marketplace.models import Need
from portal.demo import history, supervision
from supervision.models import (
    Card,
    Case,
    Complaint,
    Consultation,
    Inspection,
    InspectionPlan,
    ListImport,
    Listing,
    Opinion,
    Question,
    QuestionEvent,
    Repair,
)
from supervision.selectors import consultations, entrance
from tests import database

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def _short_past(django_db_setup, django_db_blocker):
    cache.clear()
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "USUAL", 4)
        patch.setattr(history, "RECENT", 6)
        patch.setattr(supervision.log, "exception", pytest.fail)  # no life ends early
        history.make(NOW)
        yield
        database.restore()


def states(rows, field="state"):
    return set(rows.values_list(field, flat=True))


def test_needs_are_in_every_state_and_nothing_failed():
    assert {"draft", "published", "competing", "closed"} <= {
        marketplace.state_of(need, NOW) for need in Need.objects.all()
    }
    assert not Job.objects.exclude(last_error="").exists()
    assert history.complete()


def test_supervision_is_in_every_state():
    assert states(Case.objects) == set(Case.Stage.values)
    assert states(Listing.objects) == set(Listing.Stage.values)
    assert states(Repair.objects) == set(Repair.Stage.values)
    assert states(Complaint.objects) == {
        "filed", "incomplete", "rejected", "transferred", "investigating", "paused", "decided", "review", "closed",
        "withdrawn",
    }  # fmt: skip
    assert states(Inspection.objects) >= {"drawn", "noticed", "concluded", "fixing", "closed"}
    assert set(Inspection.objects.exclude(published_at=None).values_list("outcome", flat=True)) == {"ok", "fix", "case"}
    assert InspectionPlan.objects.filter(published_at=None).exists()
    assert InspectionPlan.objects.filter(drawings__result=None, drawings__isnull=False).exists()
    assert states(ListImport.objects) == {"applied", "preview"}
    assert {consultations.stage(row) for row in Consultation.objects.all()} == set(consultations.STAGES)
    assert Opinion.objects.filter(answer=None).exists()
    assert states(Question.objects) == set(Question.Stage.values)
    assert QuestionEvent.objects.filter(kind="passed").exists()
    assert states(Card.objects, "colour") == {"yellow", "red"}
    late = Case.objects.get(origin_kind=Case.Origin.CARD)
    assert (
        Card.objects.get(step=late.origin_reference.removeprefix("card:"), colour="red").step.owner_id
        == late.subject_id
    )


def test_whoever_entered_was_checked_in_time_and_three_met_an_objection():
    with clock.at(NOW):
        assert [step.title for step in entrance.open_steps() if step.kind == "agency.check"] == []
    late = [
        row
        for row in Agency.objects.exclude(verified_at=None)
        if row.verified_at > row.committed_at + timedelta(days=1)
    ]
    assert late == []
