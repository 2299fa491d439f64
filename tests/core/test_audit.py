"""An audit stream is numbered, chained, and cannot be rewritten."""

import pytest
from django.db import DatabaseError, connection, transaction

from core import audit
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_entries_are_numbered_and_chained():
    for action in ("drafted", "published", "closed"):
        audit.record(stream="need:1", action=action, by=audit.By(7, 3), data={"价": "1.00"})
    assert [e.seq for e in AuditEntry.objects.filter(stream="need:1")] == [1, 2, 3]
    assert audit.verify("need:1") is None


@pytest.mark.parametrize("sql", ["UPDATE core_auditentry SET reason = 'x'", "DELETE FROM core_auditentry"])
def test_the_database_refuses_to_change_an_entry(sql):
    audit.record(stream="need:1", action="drafted", by=audit.SYSTEM)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
