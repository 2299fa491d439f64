"""Which needs are held, and until when."""

from datetime import datetime

from core import clock
from marketplace.models import Suspension


def suspension(need_id: int, at: datetime | None = None) -> Suspension | None:
    """What holds a need at a moment (default now): it ends at its term even before somebody has noted that."""
    moment = at or clock.now()
    rows = Suspension.objects.filter(need_id=need_id, lifted_at=None, starts_at__lte=moment, ends_at__gt=moment)
    return rows.first()


def suspensions_over(now: datetime) -> list[int]:
    """Needs whose suspension has come to its term."""
    return list(Suspension.objects.filter(lifted_at=None, ends_at__lte=now).values_list("need_id", flat=True))


def held(need_id: int) -> bool:
    """Is the need held, or was it until now and nobody has let it go on yet?"""
    return Suspension.objects.filter(need_id=need_id, lifted_at=None).exists()
