"""Rating each other, and how the market as a whole rated."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from contracts.models import Contract, Side


def stars(label: Any) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(label, validators=[MinValueValidator(1), MaxValueValidator(5)])


class RatingWindow(models.Model):
    """Opens when a contract is completed; what was written is revealed when both have rated or it ends."""

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT)
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revealed_at = models.DateTimeField(null=True)
    rules_ref = models.CharField(max_length=40)

    class Meta:
        indexes = [
            models.Index(fields=["ends_at"], name="rating_window_open", condition=models.Q(revealed_at=None)),
        ]


class Rating(models.Model):
    """Score of delivered work by a party to the contract: five dimensions of 1 to 5 and a text."""

    window = models.ForeignKey(RatingWindow, on_delete=models.PROTECT, related_name="ratings")
    side = models.CharField(max_length=10, choices=Side, help_text="who rates")
    rater = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="ratings_given")
    ratee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="ratings_received")
    quality = stars(_("服务质量"))
    timeliness = stars(_("服务时效"))
    attitude = stars(_("服务态度"))
    fees = stars(_("服务收费"))
    compliance = stars(_("服务规范"))
    text = models.TextField(_("评价内容"), max_length=1000, blank=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField(null=True)
    reply = models.TextField(_("答复"), max_length=1000, blank=True)
    replied_at = models.DateTimeField(null=True)
    reply_by = models.DateTimeField(null=True, help_text="until when the rated side may answer; set when revealed")
    appeal_by = models.DateTimeField(null=True, help_text="until when it may appeal; set when revealed")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["window", "side"], name="one_rating_per_side"),
            *[
                models.CheckConstraint(condition=models.Q((f"{name}__range", (1, 5))), name=f"stars_{name}")
                for name in ("quality", "timeliness", "attitude", "fees", "compliance")
            ],
        ]


class MarketScale(models.Model):
    """How the whole market rated up to a day: what one agency's ratings are measured against. Append-only."""

    day = models.DateField(unique=True)
    mean = models.DecimalField(max_digits=8, decimal_places=6)
    variance = models.DecimalField(max_digits=8, decimal_places=6)
    marks = models.PositiveIntegerField(help_text="how many revealed ratings of agencies there were")
