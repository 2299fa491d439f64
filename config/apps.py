"""Wires the rooms together once Django knows them all."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    label = "config"

    def ready(self) -> None:
        # Both need every model loaded.
        from config.reactions import REACTIONS  # noqa: PLC0415
        from core import outbox  # noqa: PLC0415

        outbox.install(REACTIONS)
