"""Changing the catalogue: new versions and cancellation. What was published under an old version keeps it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from core import audit, clock
from core.audit import By
from core.outbox import emit
from marketplace import errors
from marketplace.events import ItemCancelled
from marketplace.models import ServiceItem

CHANGEABLE = frozenset({
    "name_zh", "name_en", "approval_zh", "payer", "self_service_allowed", "legal_basis_zh", "legal_basis_confirmed",
    "licence_kind", "licence_en", "licence_basis_zh", "licence_confirmed",
})  # fmt: skip


@transaction.atomic
def new_version(
    *, code: str, changes: Mapping[str, Any], by: By, effective_from: datetime | None = None
) -> ServiceItem:
    """The next version of an item, in force from a moment (default now). Raises item.unknown, .cancelled, .change."""
    item = _lock_latest(code)
    if item.cancelled_at:
        raise errors.ITEM_CANCELLED(name=item.name_zh)
    for name, value in changes.items():
        if name not in CHANGEABLE:
            raise errors.ITEM_CHANGE(field=name)
        setattr(item, name, value)
    item.pk, item.version = None, item.version + 1
    item.effective_from = max(effective_from or clock.now(), item.effective_from)
    item.save(force_insert=True)
    data = {"version": item.version, "changes": {name: str(value) for name, value in changes.items()}}
    audit.record(stream=f"item:{code}", action="new_version", by=by, data=data)
    return item


@transaction.atomic
def cancel_item(*, code: str, reason: str, by: By) -> ServiceItem:
    """Cancel an item at once, in every version. Cancelling twice changes nothing."""
    item = _lock_latest(code)
    if item.cancelled_at:
        return item
    ServiceItem.objects.filter(code=code, cancelled_at=None).update(
        cancelled_at=clock.now(), cancel_reason=reason[:200]
    )
    audit.record(stream=f"item:{code}", action="cancelled", by=by, reason=reason)
    emit(ItemCancelled(code))
    item.refresh_from_db()
    return item


def _lock_latest(code: str) -> ServiceItem:
    """The newest version; its lock orders whoever changes the item or publishes a need for it."""
    rows = ServiceItem.objects.select_for_update(no_key=True).filter(code=code)
    newest = rows.aggregate(version=Max("version"))["version"]
    if newest is None:
        raise errors.ITEM_UNKNOWN()
    return rows.get(version=newest)
