"""What core does by the clock."""

from celery import shared_task

from core import held


@shared_task(name="core.sweep_held")
def sweep_held() -> None:
    held.sweep()
