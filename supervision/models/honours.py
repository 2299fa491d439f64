"""The red list: agencies whose record is good, as the rule set says; on and off by themselves."""

from django.db import models
from django.db.models import F, Q

from agencies.models import Agency


class Honour(models.Model):
    """A stay on the red list with the figures that made it. `ended_at`: the figures no longer hold."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    figures = models.JSONField(help_text="score, contracts, on_time percent")
    rules_ref = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=20, blank=True, help_text="code of the figure that no longer holds")

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["agency"], condition=Q(ended_at=None), name="honour_once"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(ended_at__gte=F("since")), name="honour_ends_after"),
        ]
