"""Words people typed, made fit for the column they go into."""

from django.db import models

from accounts.rules.names import tidy
from agencies.errors import BLANK


def filled(model: type[models.Model], name: str, typed: str) -> str:
    """Tidied text that fits the field. Raises profile.blank when nothing is left."""
    field = next(field for field in model._meta.fields if field.name == name)  # noqa: SLF001 - Django's documented way
    text = tidy(typed)[: field.max_length]
    if not text:
        raise BLANK(field=field.verbose_name)
    return text
