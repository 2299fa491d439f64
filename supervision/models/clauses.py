"""Clauses somebody finds unclear or impossible: the words complained about, and what their publisher did about them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from supervision.models.complaints import Complaint
from supervision.rules.consultations import without_personal


class ClauseReport(models.Model):
    """The clause of a complaint about one, in the words that were published. Append-only."""

    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, primary_key=True, related_name="quoted")
    number = models.CharField(max_length=30, unique=True)
    clause = models.TextField(max_length=1000)
    rules_ref = models.CharField(max_length=40)

    class Meta:
        ordering = ["-complaint__filed_at", "-pk"]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/clauses/#{self.number}"

    @property
    def answer_path(self) -> str:
        return f"/clauses/{self.number}/"

    @property
    def public_clause(self) -> str:
        return without_personal(self.clause)


class ClauseAnswer(models.Model):
    """What the publisher did about a clause. Append-only, once for each."""

    class Outcome(models.TextChoices):
        FIXED = "fixed", _("已修改")
        REMOVED = "removed", _("已删除")
        KEPT = "kept", _("保留，由监管部门决定")

    report = models.OneToOneField(ClauseReport, on_delete=models.PROTECT, primary_key=True, related_name="answer")
    outcome = models.CharField(max_length=8, choices=Outcome)
    new_text = models.TextField(max_length=1000, blank=True, help_text="of a clause that was changed")
    reasons = models.TextField(max_length=2000)
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(outcome="fixed") & ~Q(new_text="")) | Q(outcome__in=["removed", "kept"], new_text=""),
                name="clause_new_text_when_fixed",
            )
        ]

    def __str__(self) -> str:
        return self.get_outcome_display()
