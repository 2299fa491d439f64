"""The person acting and the organisation acted for: `request.actor`, and who may open a view."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from accounts.errors import NOT_YOURS
from accounts.models import Membership, Organisation, User
from core.audit import By

Kind = Organisation.Kind
BUYERS = (Kind.ENTERPRISE, Kind.DEPARTMENT)
SUPERVISORS = (Kind.REGULATOR, Kind.OPERATOR)


@dataclass(frozen=True)
class Actor:
    """Who is behind a request. A stranger has neither user nor organisation."""

    user: User | None = None
    organisation: Organisation | None = None
    owner: bool = False
    others: tuple[Organisation, ...] = ()  # what the same person may switch to

    @property
    def kind(self) -> str:
        return self.organisation.kind if self.organisation else ""

    @property
    def org_id(self) -> int | None:
        return self.organisation.pk if self.organisation else None

    @property
    def by(self) -> By:
        return By(self.user.pk if self.user else None, self.org_id)

    def of(self, *kinds: str) -> bool:
        return self.kind in kinds

    def acts_for(self, organisation_id: int | None) -> bool:
        return organisation_id is not None and self.org_id == organisation_id


STRANGER = Actor()
View = Callable[..., HttpResponseBase]


def actor_for(user: Any, organisation_id: int | None = None) -> Actor:
    """The actor of a signed-in user: the organisation chosen in the session, else the first one they belong to."""
    if not getattr(user, "is_authenticated", False):
        return STRANGER
    memberships = list(
        Membership.objects.filter(user=user).select_related("organisation__region__parent").order_by("pk")
    )
    chosen = next((m for m in memberships if m.organisation_id == organisation_id), None)
    chosen = chosen or (memberships[0] if memberships else None)
    if chosen is None:
        return Actor(user)
    others = tuple(m.organisation for m in memberships if m is not chosen)
    return Actor(user, chosen.organisation, chosen.role == Membership.Role.OWNER, others)


def requires(*kinds: str) -> Callable[[View], View]:
    """Open a view only to members of these kinds of organisation; strangers are asked to sign in first."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor: Actor = request.actor  # type: ignore[attr-defined]
            if actor.user is None:
                return redirect_to_login(request.get_full_path())
            if kinds and not actor.of(*kinds):
                raise NOT_YOURS()
            return view(request, *args, **kwargs)

        return guarded

    return decorate
