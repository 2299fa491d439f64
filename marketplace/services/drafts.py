"""Writing a need: a draft that is saved at every step and never loses what was typed.

`save_step` takes clean values of one step; `keep_typed` keeps raw text that could not be taken yet, so that whoever
comes back finds it. A published need refuses both.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.actor import BUYERS, Actor
from accounts.errors import NOT_YOURS
from accounts.models import User
from core import audit, clock
from core.audit import By
from marketplace import errors, selectors
from marketplace.models import Need, ServiceItem
from marketplace.rules.publication import METHODS

# The columns each step may write. "item" and "region" are given as codes.
STEP_FIELDS: dict[str, tuple[str, ...]] = {
    "item": ("item", "own_project"),
    "scope": ("title", "scope", "region", "place"),
    "money": ("ceiling", "budget_line_id"),
    "method": ("method",),
    "schedule": ("entry_closes_at", "urgent_reason", "auction_minutes", "delivery_days"),
}
COPIED = ("item", "own_project", "title", "scope", "region", "place", "ceiling", "budget_line_id", "method",
          "auction_minutes", "delivery_days")  # fmt: skip
TYPED_LENGTH = 50_000


@transaction.atomic
def start_need(*, actor: Actor) -> Need:
    """A draft to write in: the person's untouched one when there is one, so that clicking twice starts one need."""
    if actor.user is None or actor.organisation is None or actor.kind not in BUYERS:
        raise NOT_YOURS()
    User.objects.select_for_update(no_key=True).get(pk=actor.user.pk)
    untouched = Need.objects.filter(
        buyer=actor.organisation, created_by=actor.user, published_at=None, cancelled_at=None,
        item=None, title="", scope="", ceiling=None, method="", typed={},
    ).first()  # fmt: skip
    return untouched or _create(actor.organisation.pk, actor.kind, actor.by)


def _create(buyer_id: int, kind: str, by: By, **values: Any) -> Need:
    if by.user_id is None:
        raise NOT_YOURS()
    writer = User.objects.get(pk=by.user_id)
    need = Need.objects.create(buyer_id=buyer_id, buyer_kind=kind, created_by=writer, created_at=clock.now(), **values)
    audit.record(stream=f"need:{need.pk}", action="started", by=by)
    return need


@transaction.atomic
def save_step(*, need_id: int, step: str, values: Mapping[str, Any], by: By) -> Need:
    """Write one step of a draft. Raises need.step, need.published, item.unknown, item.cancelled, need.designation."""
    if step not in STEP_FIELDS:
        raise errors.STEP_UNKNOWN()
    need = lock_draft(need_id, by)
    changed = {name: values[name] for name in STEP_FIELDS[step] if name in values}
    if "item" in changed:
        changed["item"] = _item(changed["item"])
    if "region" in changed:
        changed["region_id"] = changed.pop("region") or None
    _refuse_designation(need, changed)
    for name, value in changed.items():
        setattr(need, name, value)
    need.typed.pop(step, None)
    need.save()
    audit.record(stream=f"need:{need.pk}", action="saved", by=by, data={"step": step})
    return need


def _item(code: str) -> ServiceItem:
    item = selectors.item(code)
    if item is None:
        raise errors.ITEM_UNKNOWN()
    if item.cancelled_at:
        raise errors.ITEM_CANCELLED(name=item.name_zh)
    return item


def _refuse_designation(need: Need, changed: Mapping[str, Any]) -> None:
    method = changed.get("method")
    if method and method not in METHODS[need.buyer_kind]:
        raise errors.DESIGNATION()


@transaction.atomic
def keep_typed(*, need_id: int, step: str, typed: Mapping[str, str], by: By) -> Need:
    """Keep what was typed into a step and could not be taken yet."""
    if step not in STEP_FIELDS:
        raise errors.STEP_UNKNOWN()
    need = lock_draft(need_id, by)
    need.typed[step] = {name: text[:TYPED_LENGTH].replace("\0", "") for name, text in typed.items()}
    need.save(update_fields=["typed"])
    return need


@transaction.atomic
def discard(*, need_id: int, by: By) -> None:
    """Throw a draft away."""
    need = lock_draft(need_id, by)
    audit.record(stream=f"need:{need.pk}", action="discarded", by=by)
    need.delete()


@transaction.atomic
def copy_need(*, need_id: int, by: By) -> Need:
    """A new draft with the terms of an ended need, to publish it again."""
    source = Need.objects.select_related("buyer").get(pk=need_id)
    if source.buyer_id != by.org_id:
        raise NOT_YOURS()
    values = {name: getattr(source, name) for name in COPIED}
    return _create(source.buyer_id, source.buyer.kind, by, copied_from=source, **values)


def lock_draft(need_id: int, by: By) -> Need:
    """The draft, locked. Raises access.not_yours or need.published."""
    need = Need.objects.select_for_update(no_key=True).get(pk=need_id)
    if need.buyer_id != by.org_id:
        raise NOT_YOURS()
    if need.published_at:
        raise errors.ALREADY_PUBLISHED()
    return need
