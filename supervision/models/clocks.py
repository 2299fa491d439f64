"""Clocks: every step with a limit, its stops and moved ends, the cards it earned, who was told, and excuses.

A step's row follows its room. What it earned is append-only: a card is never taken back, an excuse changes no colour.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.models import StoredFile
from supervision.kinds import label


class Step(models.Model):
    """A step of a room as the clock last saw it. Core's `steps.Step` is what the room tells; this is what stays."""

    source = models.CharField(max_length=30, help_text="the registered room it comes from")
    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=80)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    respondent = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    limit = models.JSONField(null=True, help_text='{"n", "unit"} or null: agreed otherwise')
    told_due_at = models.DateTimeField(help_text="the end as the room says it")
    due_at = models.DateTimeField(help_text="the end that counts: the room's, moved by stops the room does not know")
    yellow_at = models.DateTimeField()
    counted_from = models.DateTimeField(null=True, help_text="what the limit runs from, where that is not the start")
    right = models.BooleanField(default=False, help_text="the owner may, but need not: no card, it lapses")
    reminded_at = models.DateTimeField(null=True, help_text="when the owner of a right was reminded of its end")
    provisional = models.BooleanField(help_text="ends in a year whose official calendar was not announced")
    closed_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(help_text="when the room last said it was open")
    rules_ref = models.CharField(max_length=40, help_text="the rules of the clock in force when it started")

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "reference"], name="step_once")]
        indexes = [
            models.Index(fields=["due_at"], name="step_open", condition=Q(closed_at=None)),
            models.Index(fields=["owner", "-due_at"], name="step_of"),
            models.Index(fields=["-closed_at"], name="step_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    def get_absolute_url(self) -> str:
        return f"/supervision/cards/{self.pk}/"

    @property
    def label(self) -> str:
        return label(self.kind)

    @property
    def lapsed(self) -> bool:
        """A right nobody used in its time."""
        return self.right and self.closed_at is not None and self.closed_at >= self.due_at


class Card(models.Model):
    """Yellow before the limit, red after it. Dated when it was earned. Append-only: red is never taken back."""

    class Colour(models.TextChoices):
        YELLOW = "yellow", _("黄牌")
        RED = "red", _("红牌")

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="cards")
    colour = models.CharField(max_length=6, choices=Colour)
    raised_at = models.DateTimeField(help_text="when it was earned")
    due_at = models.DateTimeField(help_text="the end as it stood then")
    written_at = models.DateTimeField()
    rules_ref = models.CharField(max_length=40)

    class Meta:
        ordering = ["-raised_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["step", "colour"], name="card_once")]
        indexes = [models.Index(fields=["colour", "-raised_at"], name="card_newest")]

    def __str__(self) -> str:
        return f"{self.colour} {self.step}"

    def get_absolute_url(self) -> str:
        return f"/supervision/cards/{self.step_id}/"


class ClockStop(models.Model):
    """Time that does not count, logged: asked for by who must act, confirmed by the other side where rules say so."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="stops")
    ground = models.CharField(max_length=30, help_text="one of the rule set's stop rules")
    reason = models.CharField(max_length=300)
    evidence = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(help_text="when it was asked for")
    latest_end = models.DateTimeField(null=True, help_text="it ends by itself then; null: ordered by the room")
    rules_ref = models.CharField(max_length=40, blank=True, help_text="the rules that say how long it may be")
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refused_reason = models.CharField(max_length=300, blank=True)
    ends_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    moved = models.BooleanField(default=False, help_text="the room has moved its own end by this stop")

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="stop_ends_later"),
            models.CheckConstraint(condition=Q(confirmed_at=None) | Q(refused_at=None), name="stop_yes_or_no"),
            models.CheckConstraint(
                condition=Q(latest_end=None)
                | (Q(latest_end__gt=F("starts_at")) & (Q(ends_at=None) | Q(ends_at__lte=F("latest_end")))),
                name="stop_ends_in_time",
            ),
            models.UniqueConstraint(
                fields=["step"], condition=Q(ends_at=None, refused_at=None), name="one_stop_at_a_time"
            ),
        ]


class DueChange(models.Model):
    """An end that moved, and why. Append-only."""

    class Cause(models.TextChoices):
        CALENDAR = "calendar", _("官方日历公布后重新计算")
        STOP = "stop", _("扣除不计时间")
        ROOM = "room", _("办理事项变更")

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="due_changes")
    before = models.DateTimeField()
    after = models.DateTimeField()
    cause = models.CharField(max_length=10, choices=Cause)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]


class MovedEnd(models.Model):
    """Another end for a step of this room's own procedures: the newest row counts. Append-only.

    The database lets no right end earlier than it was told.
    """

    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=80)
    until = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["reference", "kind"], name="moved_end_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Escalation(models.Model):
    """A level of the line that was told about an overdue step, once. Append-only."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="escalations")
    level = models.CharField(max_length=20, help_text="one of the rule set's ladder")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["step", "level", "organisation"], name="escalated_once")]


class Excuse(models.Model):
    """Why a step was late, in its owner's words. Append-only; it stands beside the card and changes no colour."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="excuses")
    reason = models.TextField(max_length=500)
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]


class Post(models.Model):
    """Who stands where in an organisation's line. Without rows its owners are its heads and leaders."""

    class Level(models.TextChoices):
        HANDLER = "handler", _("经办人")
        HEAD = "head", _("科室负责人")
        LEADER = "leader", _("分管领导")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=10, choices=Level)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    phone = models.CharField(max_length=20, blank=True, help_text="for text messages; empty: the organisation's")

    class Meta:
        ordering = ["organisation", "level", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "level", "user"], name="post_once")]


class ClockRun(models.Model):
    """How far the clock has looked: one row. Its lock lets one run at a time."""

    seen_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_clock")]
