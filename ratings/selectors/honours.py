"""Reading what honours have added to scores."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from ratings.models import CreditEvent


def honoured(at: datetime) -> dict[int, Decimal]:
    """By agency, the points of honours that count at a moment."""
    rows = CreditEvent.objects.filter(kind="honour", happened_at__lte=at, expires_at__gt=at, corrections=None)
    return dict(rows.order_by().values_list("agency_id").annotate(Sum("points")))
