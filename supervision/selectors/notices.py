"""The inbox as one person reads it, and what could not be sent."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actor import Actor
from supervision.models import Delivery, Notice, NoticeRead


def inbox(actor: Actor) -> QuerySet[Notice]:
    """What was told to this person or to the organisation acted for, newest first; `seen`: read by this person."""
    return _mine(actor).annotate(seen=Exists(_reads(actor)))


def new(actor: Actor) -> QuerySet[Notice]:
    """Of these, what this person has not read."""
    return inbox(actor).filter(~Exists(_reads(actor)))


def unread(actor: Actor) -> int:
    return new(actor).count()


def _mine(actor: Actor) -> QuerySet[Notice]:
    if actor.user is None or actor.organisation is None:
        return Notice.objects.none()
    return Notice.objects.filter(Q(user=None) | Q(user=actor.user), organisation=actor.organisation)


def _reads(actor: Actor) -> QuerySet[NoticeRead]:
    return NoticeRead.objects.filter(notice=OuterRef("pk"), user=actor.user)


def deliveries(state: str = "") -> QuerySet[Delivery]:
    """What went outside, newest first."""
    rows = Delivery.objects.select_related("notice__organisation")
    return rows.filter(state=state) if state in Delivery.State.values else rows
