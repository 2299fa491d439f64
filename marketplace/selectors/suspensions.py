"""Which needs are held, and until when."""

from datetime import datetime

from core import clock
from marketplace.models import Suspension


def suspension(need_id: int, at: datetime | None = None) -> Suspension | None:
    """What holds a need at a moment (default now): it ends at its term even before somebody has noted that.

    Of several, the one that ends last.
    """
    moment = at or clock.now()
    rows = Suspension.objects.filter(need_id=need_id, lifted_at=None, starts_at__lte=moment, ends_at__gt=moment)
    return rows.order_by("ends_at").last()


def suspensions_over(now: datetime) -> list[tuple[int, str]]:
    """(need, source) of suspensions that have come to their term."""
    return list(Suspension.objects.filter(lifted_at=None, ends_at__lte=now).values_list("need_id", "source"))


def held(need_id: int) -> bool:
    """Is the need held, or was it until now and nobody has let it go on yet?"""
    return Suspension.objects.filter(need_id=need_id, lifted_at=None).exists()


def last_lifted(need_id: int, after: datetime) -> list[int]:
    """The suspensions with which the need went on the last time, where that was after a moment."""
    rows = Suspension.objects.filter(need_id=need_id, lifted_at__gt=after).order_by("-lifted_at")
    last = rows.values("lifted_at")[:1]
    return list(rows.filter(lifted_at=last).values_list("pk", flat=True))


def held_by(need_id: int, source: str) -> bool:
    """Has this source suspended the need, and nobody lifted that yet?"""
    return Suspension.objects.filter(need_id=need_id, source=source, lifted_at=None).exists()
