"""The seeded past of supervision: every state a visitor may look into is there, and each was reached by the rules."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from portal.demo import history
from supervision.models import Card, Case, Complaint, Inspection, InspectionPlan, ListImport, Listing, Repair

NOW = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)


def states(rows, field="state"):
    return set(rows.values_list(field, flat=True))


@pytest.mark.django_db
def test_a_short_history_has_supervision_in_every_state(monkeypatch):
    cache.clear()
    monkeypatch.setattr(history, "USUAL", 4)
    monkeypatch.setattr(history, "RECENT", 12)
    history.make(NOW)
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
    assert states(Card.objects, "colour") == {"yellow", "red"}
