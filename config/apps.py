"""Wires the rooms together once Django knows them all."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ConfigConfig(AppConfig):
    name = "config"
    label = "config"

    def ready(self) -> None:
        # All need every model loaded. Tasks are known to Celery only once their modules are imported.
        from config.reactions import REACTIONS  # noqa: PLC0415
        from core import outbox  # noqa: PLC0415

        autodiscover_modules("tasks")
        outbox.install(REACTIONS)
