"""Reading how scores fell: for whoever watches limits."""

from core import clock, rulesets
from ratings.models import CreditEvent
from ratings.rules import falls as rules
from ratings.rules.points import parameters


def falls(agency_id: int) -> tuple[rules.Fall, ...]:
    """An agency's newest deductions with the total before and after each, oldest first, by rules of today."""
    events = CreditEvent.objects.filter(agency_id=agency_id, happened_at__lte=clock.now())
    return rules.falls([one.happening for one in events], parameters(rulesets.current("credit").parameters))
