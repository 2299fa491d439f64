"""Papers about a step of a complaint, a case, a listing, a repair or an inspection, with their numbers and QR codes."""

from django.db import models

from accounts.models import Organisation
from core.models import Paper


class Letter(models.Model):
    """One paper, written in the transaction of the step it tells of. Append-only.

    Whether anyone may read it is for the paper to say; otherwise whom it is addressed to, and supervisors.
    """

    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, primary_key=True, related_name="letter")
    matter = models.CharField(max_length=40, help_text='such as "case:5"')
    step = models.CharField(max_length=20, help_text="what happened in the matter")
    addressee = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", help_text="empty: whoever complained"
    )

    class Meta:
        ordering = ["paper__issued_at", "pk"]
        indexes = [
            models.Index(fields=["matter"], name="letter_of_matter"),
            models.Index(fields=["addressee"], name="letter_to"),
        ]

    def __str__(self) -> str:
        return self.paper.number

    def get_absolute_url(self) -> str:
        return f"/letters/{self.paper.number}/"
