"""The Celery application of production: a worker executes job rows, beat runs the schedule."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("market")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect  # type: ignore[untyped-decorator]
def watch_clock(**_sent: Any) -> None:
    """Workers close competitions; all processes of a worker share its machine's clock."""
    from core.skew import Watch  # noqa: PLC0415 - models exist only once Django is set up

    Watch("worker").start()
