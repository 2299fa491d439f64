"""The credit file: rows that never change, and what can be read off them quickly."""

from datetime import datetime

from django.db import models

from accounts.models import Organisation
from agencies.models import Agency
from ratings.rules.score import Happening


class CreditEvent(models.Model):
    """One row of a credit file. Append-only: a correction is a new row that names the one it corrects.

    `corrects` also stands on a repair: from then on the row it names no longer counts, though it was right.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="credit_events")
    kind = models.CharField(max_length=40)
    points = models.DecimalField(max_digits=5, decimal_places=2)
    summary = models.JSONField(help_text="values the sentence of this kind is filled with")
    source = models.CharField(max_length=200, help_text="path of the page it comes from")
    source_key = models.CharField(max_length=80, unique=True, help_text="one row per cause, however often it is told")
    legal_basis = models.CharField(max_length=300, blank=True, help_text="empty: the platform's own rule set")
    happened_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, help_text="empty on rows older than this column: as they happened")
    expires_at = models.DateTimeField(null=True)
    rules_ref = models.CharField(max_length=40)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    told_by = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", help_text="empty: the system itself"
    )

    class Meta:
        indexes = [
            models.Index(fields=["agency", "happened_at"]),
            models.Index(fields=["agency", "id"], name="credit_in_order"),
            models.Index(fields=["agency", "expires_at"], name="credit_expiry", condition=~models.Q(points=0)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_at=None) | models.Q(published_at__gte=models.F("happened_at")),
                name="published_after_it_happened",
            )
        ]

    @property
    def key(self) -> str:
        """How the score's lines name this row; keys sort by age."""
        return key_of(self.pk)

    @property
    def published(self) -> datetime:
        return self.published_at or self.happened_at

    @property
    def happening(self) -> Happening:
        """The row as the rule takes it."""
        return Happening(
            key=self.key,
            kind=self.kind,
            points=self.points,
            happened_at=self.happened_at,
            expires_at=self.expires_at,
            corrects=key_of(self.corrects_id) if self.corrects_id else "",
        )


class Tally(models.Model):
    """An agency's rows added up to a moment, so that the next row costs no reading of all before it.

    Derived: it may be thrown away and is made again from the rows. `ratings.rules.tally` says what it holds.
    """

    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, primary_key=True, related_name="+")
    as_of = models.DateTimeField()
    last_event = models.BigIntegerField(help_text="rows up to this number are in")
    deducted = models.DecimalField(max_digits=14, decimal_places=2)
    added = models.JSONField(help_text="calendar year: additions of that year that still count, as text")
    proving = models.IntegerField(help_text="rows that end being new")
    next_expiry = models.DateTimeField(null=True, db_index=True)
    rules_ref = models.CharField(max_length=40)


def key_of(pk: int) -> str:
    return f"{pk:012d}"
