"""Credit repair: an agency made good what it did, proves it, and asks for the effects to end early."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from agencies.models import Agency, Restriction
from core.models import StoredFile
from supervision.models.cases import Measure
from supervision.models.listings import Listing
from supervision.rules.repairs import State


class Repair(models.Model):
    """One application. It is about exactly one thing: a measure, a listing, or another restriction."""

    class Stage(models.TextChoices):
        APPLIED = State.APPLIED.value, _("已提交，待审核材料")
        INCOMPLETE = State.INCOMPLETE.value, _("待补正")
        COMPLETE = State.COMPLETE.value, _("材料齐全，审查中")
        GRANTED = State.GRANTED.value, _("准予修复")
        REFUSED = State.REFUSED.value, _("不予修复")
        WITHDRAWN = State.WITHDRAWN.value, _("已撤回")
        BROKEN = State.BROKEN.value, _("违背承诺，效力恢复")

    number = models.CharField(max_length=30, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, null=True, on_delete=models.PROTECT, related_name="repairs")
    listing = models.ForeignKey(Listing, null=True, on_delete=models.PROTECT, related_name="repairs")
    restriction = models.ForeignKey(Restriction, null=True, on_delete=models.PROTECT, related_name="+")
    severity = models.CharField(max_length=8, help_text="minor, general or serious")
    applied_at = models.DateTimeField()
    rules_ref = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=Stage, default=Stage.APPLIED)
    due_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-applied_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(measure__isnull=False, listing=None, restriction=None)
                | Q(measure=None, listing__isnull=False, restriction=None)
                | Q(measure=None, listing=None, restriction__isnull=False),
                name="repair_of_one_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=[target],
                    condition=Q(state__in=["applied", "incomplete", "complete"]),
                    name=f"repair_{target}",
                )
                for target in ("measure", "listing", "restriction")
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="repair_due")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/supervision/repairs/{self.number}/"

    @property
    def public_path(self) -> str:
        """The page that says what was repaired and why."""
        return f"/repairs/{self.number}/"


class RepairEvent(models.Model):
    """One thing that happened to an application. Append-only, in one order."""

    repair = models.ForeignKey(Repair, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    text = models.TextField(max_length=4000, blank=True)
    data = models.JSONField(default=dict)
    by_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["repair", "seq"]
        constraints = [models.UniqueConstraint(fields=["repair", "seq"], name="repair_order")]


class RepairFile(models.Model):
    """A proof that came with an application."""

    event = models.ForeignKey(RepairEvent, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
