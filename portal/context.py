"""What every page needs to know. For strangers outside the demo this asks the database nothing."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.actor import STRANGER, Actor
from accounts.models import Organisation
from accounts.selectors import organisations_of
from portal.selectors.people import demo_people
from supervision.selectors.notices import unread


def site(request: HttpRequest) -> dict[str, Any]:
    """DEMO, the actor, the organisations they may switch between, and in the demo whom one may become."""
    actor: Actor = getattr(request, "actor", STRANGER)
    return {
        "DEMO": settings.DEMO,
        "actor": actor,
        "unread": SimpleLazyObject(lambda: unread(actor)),
        "actor_organisations": SimpleLazyObject(lambda: _organisations(actor)),
        "demo_people": demo_people() if settings.DEMO else [],
    }


def _organisations(actor: Actor) -> list[Organisation]:
    if actor.user is None:
        return []
    return [membership.organisation for membership in organisations_of(actor.user)]
