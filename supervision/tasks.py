"""What supervision does by the clock."""

from celery import shared_task

from supervision import services


@shared_task(name="supervision.look_for_flags")
def look_for_flags() -> None:
    services.look()
