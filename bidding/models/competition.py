"""The competition for a need: its terms, who entered, and what was decided."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from agencies.models import Agency
from core.models import Paper
from core.money import MoneyField
from marketplace.models import Method, Need


class Competition(models.Model):
    """How the agency for a need is selected. The row is the single point of order: whoever appends locks it."""

    need = models.OneToOneField(Need, on_delete=models.PROTECT)
    method = models.CharField(max_length=20, choices=Method)
    rules_ref = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="the end as it stands now; soft close moves it")
    closed_at = models.DateTimeField(null=True)
    last_seq = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64)
    draw_secret = models.CharField(max_length=64, help_text="committed to at opening, published by the draw")
    # Shown in lists without reading the log; written with it, never read by the rules.
    best_amount = MoneyField(null=True)
    bid_count = models.PositiveIntegerField(default=0)
    entrant_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="competition_open", condition=models.Q(closed_at=None))]

    def __str__(self) -> str:
        return f"{self.need} ({self.method})"


class Entry(models.Model):
    """An agency's registered participation. Public only under its pseudonym until the close."""

    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="entries")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="entries")
    pseudonym = models.CharField(max_length=8, help_text='such as "K7"; random, says nothing about who or when')
    salt = models.CharField(max_length=64, help_text="opens the commitment in the log after the close")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["competition", "agency"], name="entry_once"),
            models.UniqueConstraint(fields=["competition", "pseudonym"], name="entry_pseudonym"),
        ]


class Award(models.Model):
    """The decision. Publicity follows, then the winner confirms (contracts)."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        DECLINED = "declined", _("已放弃")
        BARRED = "barred", _("因受限未能承接")

    OVER = (Outcome.DECLINED, Outcome.BARRED)  # no longer the award of its need: the next one is asked

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="awards")
    competition = models.ForeignKey(Competition, null=True, on_delete=models.PROTECT, related_name="awards")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="awards")
    amount = MoneyField()
    rank = models.PositiveSmallIntegerField(default=1, help_text="2 when the first declined, and so on")
    decided_at = models.DateTimeField()
    publicity_ends_at = models.DateTimeField()
    confirm_by = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.PENDING)
    outcome_at = models.DateTimeField(null=True)
    outcome_reason = models.CharField(max_length=300, blank=True)
    rules_ref = models.CharField(max_length=40)
    paper = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["need"],
                condition=~models.Q(outcome__in=["declined", "barred"]),
                name="one_standing_award_per_need",
            )
        ]
