"""A report used in an approval: rated by a regulator, or heard and decided where it was sent back for its quality."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from contracts.models import Contract
from core.models import StoredFile
from ratings.models.rating import stars


class ApprovalUse(models.Model):
    """A department or regulator wrote down that it used a contract's result in an approval. Append-only.

    Sent back for its quality it is a report only, until the agency was heard and a regulator has confirmed it.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("审批采用")
        REJECTED = "rejected", _("因质量退回")

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="approval_uses")
    approval_number = models.CharField(_("审批文号"), max_length=80)
    outcome = models.CharField(_("使用结果"), max_length=10, choices=Outcome)
    reasons = models.TextField(_("情况说明"), max_length=1000, blank=True)
    legal_basis = models.CharField(_("依据"), max_length=300, blank=True)
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    used_at = models.DateTimeField()
    rate_by = models.DateTimeField(help_text="until then a regulator rates the result")
    heard_by = models.DateTimeField(null=True, help_text="the agency's time to answer a report; empty on older ones")
    decide_by = models.DateTimeField(null=True)
    rules_ref = models.CharField(max_length=40)

    class Meta:
        ordering = ["-used_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "approval_number"], name="use_written_once"),
            models.CheckConstraint(
                condition=models.Q(outcome="accepted") | (~models.Q(reasons="") & ~models.Q(legal_basis="")),
                name="rejection_has_grounds",
            ),
        ]

    def __str__(self) -> str:
        return self.approval_number

    def get_absolute_url(self) -> str:
        return f"/approvals/{self.pk}/"

    @property
    def reported(self) -> bool:
        """A report of bad quality that has to be heard and decided before it means anything."""
        return self.heard_by is not None


class RegulatorRating(models.Model):
    """What a regulator says of a result that was used in an approval: two dimensions and a text. Append-only."""

    use = models.OneToOneField(ApprovalUse, on_delete=models.PROTECT, related_name="rating")
    quality = stars(_("成果质量"))
    compliance = stars(_("程序合规"))
    text = models.TextField(_("评价内容"), max_length=1000)
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q((f"{name}__range", (1, 5))), name=f"regulator_{name}")
            for name in ("quality", "compliance")
        ]


class QualityAnswer(models.Model):
    """What the agency says to a report of bad quality, once and in time. Append-only."""

    use = models.OneToOneField(ApprovalUse, on_delete=models.PROTECT, related_name="answer")
    text = models.TextField(max_length=2000)
    evidence = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class QualityVerdict(models.Model):
    """Confirmed or dropped by a regulator without a part in it, with reasons. Append-only.

    Confirmed once per contract, whatever number of approvals it was used in.
    """

    use = models.OneToOneField(ApprovalUse, on_delete=models.PROTECT, related_name="verdict")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="+")
    confirmed = models.BooleanField()
    reasons = models.TextField(max_length=2000)
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract"], condition=models.Q(confirmed=True), name="one_quality_row")
        ]
