"""The platform's own list: a listing from candidate to its end, and what departments made of it.

The authority's imported list has tables of its own (`imports`): the two never mix.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.models import StoredFile
from supervision.models.cases import Case
from supervision.rules.listings import State


class Listing(models.Model):
    """One listing of one agency. Only the last six columns follow from its events; the rest stays."""

    class Stage(models.TextChoices):
        CANDIDATE = State.CANDIDATE.value, _("拟列入，待告知")
        NOTICED = State.NOTICED.value, _("已告知，等待陈述申辩")
        HEARD = State.HEARD.value, _("已陈述申辩，待审批")
        LISTED = State.LISTED.value, _("已列入")
        STAYED = State.STAYED.value, _("复核中，暂停执行")
        DELISTED = State.DELISTED.value, _("已移出")
        DROPPED = State.DROPPED.value, _("不予列入")
        CORRECTED = State.CORRECTED.value, _("列入有误，已更正")

    number = models.CharField(max_length=30, unique=True)
    subject = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="listings")
    ground_code = models.CharField(max_length=40, blank=True, default="", help_text="of the published scale")
    measure = models.CharField(max_length=12, blank=True, default="", help_text="decided in the case, carries it")
    severity = models.CharField(max_length=8, default="serious", help_text="general or serious, by the scale")
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True, help_text="by the rule set, signed")
    ground = models.CharField(max_length=300)
    authority = models.CharField(max_length=120)
    legal_basis = models.CharField(max_length=300)
    months = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    opened_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    rules_ref = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=Stage, default=Stage.CANDIDATE)
    due_at = models.DateTimeField(null=True, help_text="until when whoever has to act must act")
    listed_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    restriction = models.BigIntegerField(null=True, help_text="the agency's restriction it is felt by now")

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(months__gte=1, months__lte=36), name="listing_term"),
            models.CheckConstraint(
                condition=Q(listed_at=None, ends_at=None) | Q(ends_at__gt=F("listed_at")), name="listing_ends"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["listed", "stayed", "delisted", "corrected"]) | Q(listed_at__isnull=False),
                name="listing_published_when_listed",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="listing_due"),
            models.Index(fields=["-listed_at"], name="listing_published"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/supervision/listings/{self.number}/"

    @property
    def public_path(self) -> str:
        return f"/blacklist/{self.number}/"


class ListingEvent(models.Model):
    """One thing that happened to a listing. Append-only, in one order, never earlier than the one before."""

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, help_text="the limit this event starts")
    text = models.TextField(max_length=4000, blank=True)
    data = models.JSONField(default=dict)
    by_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["listing", "seq"]
        constraints = [models.UniqueConstraint(fields=["listing", "seq"], name="listing_order")]


class ListingFile(models.Model):
    """A file that came with an event of a listing."""

    event = models.ForeignKey(ListingEvent, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")


class Share(models.Model):
    """News about a listing that a department was sent: that it began, ended or was wrong. Append-only."""

    class News(models.TextChoices):
        LISTED = "listed", _("列入")
        DELISTED = "delisted", _("移出")
        CORRECTED = "corrected", _("更正")

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="shares")
    news = models.CharField(max_length=10, choices=News)
    event = models.ForeignKey(ListingEvent, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="until when a receipt is expected")

    class Meta:
        ordering = ["-sent_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "department"], name="share_once")]
        indexes = [models.Index(fields=["department", "-sent_at"], name="share_of_department")]


class Receipt(models.Model):
    """A department has it. Append-only."""

    share = models.OneToOneField(Share, on_delete=models.PROTECT, primary_key=True, related_name="receipt")
    at = models.DateTimeField()
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")


class JointMeasure(models.Model):
    """What a department did about it, on what basis and for how long. Append-only: lifting it is another row."""

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="measures")
    lifts = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="lifted_by")
    text = models.CharField(max_length=300)
    legal_basis = models.CharField(max_length=300)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifts__isnull=False, until=None) | Q(lifts=None, until__gt=F("at")),
                name="joint_measure_ends",
            )
        ]
