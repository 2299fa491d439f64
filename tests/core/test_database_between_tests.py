"""Transactional tests leave nothing behind and take nothing away, append-only tables included."""

import pytest

from core import audit
from core.models import AuditEntry, CalendarDay


@pytest.mark.django_db(transaction=True)
def test_first_somebody_writes_and_deletes():
    audit.record(stream="test:1", action="made", by=audit.SYSTEM)
    CalendarDay.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_then_everything_is_as_shipped():
    assert not AuditEntry.objects.exists()
    assert CalendarDay.objects.exists()


@pytest.mark.django_db
def test_plain_tests_see_it_too():
    assert CalendarDay.objects.exists()
