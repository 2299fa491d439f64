"""How far each process' clock was from the database's when it last looked."""

from django.db import models


class ClockReading(models.Model):
    process = models.CharField(max_length=120, primary_key=True, help_text="what it is, host and process number")
    read_at = models.DateTimeField(help_text="by the database's clock")
    ahead = models.DurationField(help_text="the process' clock minus the database's")
    error = models.DurationField(help_text="how far that may be off: half of the time that asking took")
