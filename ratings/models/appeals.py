"""Appeals against a rating, objections to a row of a credit file or to a yearly grade: decided by the uninvolved."""

from django.db import models

from accounts.models import Organisation, User
from core.models import StoredFile
from ratings.models.credit import CreditEvent
from ratings.models.grades import GradeLine
from ratings.models.rating import Rating


class Appeal(models.Model):
    """Against one rating, row or yearly grade, by the organisation it is about; once each.

    Append-only but for its two ends. From filing to decision what it is about carries a visible mark and counts as
    before.
    """

    number = models.CharField(max_length=30, unique=True)
    rating = models.OneToOneField(Rating, null=True, on_delete=models.PROTECT, related_name="appeal")
    event = models.OneToOneField(CreditEvent, null=True, on_delete=models.PROTECT, related_name="objection")
    line = models.OneToOneField(GradeLine, null=True, on_delete=models.PROTECT, related_name="objection")
    grounds = models.TextField(max_length=2000)
    evidence = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="appeals")
    filed_at = models.DateTimeField()
    heard_by = models.DateTimeField(help_text="until then the other side may answer; no decision before, unless it did")
    decide_by = models.DateTimeField()
    rules_ref = models.CharField(max_length=40)

    class Meta:
        ordering = ["decide_by", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rating__isnull=False, event=None, line=None)
                | models.Q(rating=None, event__isnull=False, line=None)
                | models.Q(rating=None, event=None, line__isnull=False),
                name="appeal_against_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(heard_by__gte=models.F("filed_at"), decide_by__gte=models.F("heard_by")),
                name="appeal_heard_before_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/appeals/{self.pk}/"


class AppealStatement(models.Model):
    """What the other side says to it, once. Append-only."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="statement")
    text = models.TextField(max_length=2000)
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class AppealDecision(models.Model):
    """Upheld or not, with public reasons. Append-only; the database refuses a decider who is involved."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="decision")
    upheld = models.BooleanField()
    reasons = models.TextField(max_length=2000)
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    correction = models.ForeignKey(CreditEvent, null=True, on_delete=models.PROTECT, related_name="+")
