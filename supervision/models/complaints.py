"""Complaints: what was told, sealed who told it, and everything that happened since, row by row."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.models import StoredFile
from marketplace.models import Need
from supervision.rules.complaints import State


class Complaint(models.Model):
    """What somebody complains about. `state`, `due_at`, `office`, `officer` follow from the events; the rest stays."""

    class About(models.TextChoices):
        NEED = "need", _("采购需求")
        COMPETITION = "competition", _("竞价或抽取过程")
        AGENCY = "agency", _("中介服务机构")
        OFFICIAL = "official", _("部门或工作人员")
        CLAUSE = "clause", _("采购条款")
        RATING = "rating", _("评价")
        CONTRACT = "contract", _("合同履行")
        NEWCOMER = "newcomer", _("入驻公示信息")

    number = models.CharField(max_length=30, unique=True)
    secret_hash = models.CharField(max_length=64, help_text="SHA-256 of what opens the follow-up page")
    about = models.CharField(max_length=12, choices=About)
    reference = models.CharField(max_length=40, help_text='such as "need:5"; empty for an official')
    title = models.CharField(max_length=200, help_text="of what it is about")
    path = models.CharField(max_length=200, blank=True, help_text="of what it is about")
    subject = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", help_text="whom it is about")
    need = models.ForeignKey(Need, null=True, on_delete=models.PROTECT, related_name="+")
    official = models.CharField(max_length=60, blank=True, help_text="name or post of an official")
    statement = models.TextField(max_length=4000)
    hidden = models.BooleanField(help_text="the complainant asked not to be named to anybody")
    filed_at = models.DateTimeField()
    rules_ref = models.CharField(max_length=40)
    state = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in State], default=State.FILED.value
    )
    due_at = models.DateTimeField(null=True, help_text="until when whoever has to act must act")
    office = models.ForeignKey(
        Organisation,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the regulator that answers for it",
    )
    officer = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", help_text="its person there"
    )

    class Meta:
        ordering = ["-filed_at", "-pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="complaint_due")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/supervision/complaints/{self.number}/"


class SealedIdentity(models.Model):
    """Who complained, encrypted. Append-only. `mark` tells one organisation from another without opening it."""

    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, primary_key=True, related_name="identity")
    key_id = models.CharField(max_length=16)
    nonce = models.BinaryField()
    sealed = models.BinaryField()
    mark = models.CharField(max_length=64, blank=True, help_text="keyed fingerprint of the complainant's organisation")
    person = models.CharField(max_length=64, blank=True, help_text="keyed fingerprint of the complainant's account")


class ComplaintEvent(models.Model):
    """One thing that happened to a complaint. Append-only, in one order, never earlier than the one before."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, help_text="the limit this event starts")
    text = models.TextField(max_length=4000, blank=True)
    data = models.JSONField(default=dict)
    by_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["complaint", "seq"]
        constraints = [models.UniqueConstraint(fields=["complaint", "seq"], name="complaint_order")]


class ComplaintFile(models.Model):
    """A file that came with an event of a complaint."""

    event = models.ForeignKey(ComplaintEvent, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
