"""Days that differ from the plain week: holidays and adjusted working days."""

from django.db import models


class CalendarDay(models.Model):
    date = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    name = models.CharField(max_length=60, blank=True)
    official = models.BooleanField(help_text="announced by the State Council; otherwise provisional")

    class Meta:
        ordering = ["date"]
