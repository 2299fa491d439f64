"""Files of a form that came back, kept for a day."""

from django.db import models


class HeldFile(models.Model):
    """Encrypted; neither who sent it nor what it is can be told from here."""

    place = models.CharField(max_length=64, unique=True, help_text="where the browser that sent it finds it")
    browser = models.CharField(max_length=64, db_index=True, help_text="fingerprint of the browser's own cookie")
    size = models.PositiveBigIntegerField(help_text="bytes")
    content = models.FileField(upload_to="held")
    held_at = models.DateTimeField(db_index=True)
