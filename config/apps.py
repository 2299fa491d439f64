"""Wires the rooms together once Django knows them all."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    label = "config"

    def ready(self) -> None:
        # All need every model loaded. Tasks are known to Celery only once their modules are imported.
        from config.celery import app  # noqa: PLC0415
        from config.reactions import REACTIONS  # noqa: PLC0415
        from core import outbox  # noqa: PLC0415

        app.loader.import_default_modules()
        outbox.install(REACTIONS)
