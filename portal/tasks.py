"""The simulated market's heartbeat. Exists in every installation, does something only in the demo."""

from celery import shared_task
from django.conf import settings

from portal.demo import market, work


@shared_task(name="portal.simulate")
def simulate() -> None:
    """Publish, enter, ask and bid."""
    if settings.SIMULATE:
        market.step()


@shared_task(name="portal.simulate_work")
def simulate_work() -> None:
    """Confirm, sign, deliver, accept and rate."""
    if settings.SIMULATE:
        work.step()
