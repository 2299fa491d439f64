"""Double-random inspection: who may inspect, what is planned, how it was drawn, and what was found on the spot."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Region, User
from core.models import StoredFile
from supervision.rules.inspections import Outcome, Stage, Verdict


class Inspector(models.Model):
    """A person of a regulator who may be drawn. Whoever leaves stays on record."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    badge = models.CharField(_("执法证号"), max_length=30)
    added_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["organisation_id", "badge"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(left_at=None), name="inspector_once"),
            models.UniqueConstraint(fields=["badge"], condition=models.Q(left_at=None), name="inspector_badge"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.badge})"


class InspectionPlan(models.Model):
    """One row of a random-inspection list: what is looked at, on what basis, how many of whom. Fixed once published."""

    class Method(models.TextChoices):
        ONSITE = "onsite", _("现场检查")
        ONLINE = "online", _("线上检查")

    number = models.CharField(max_length=30, unique=True)
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    partners = models.ManyToManyField(Organisation, related_name="+", help_text="regulators that inspect along")
    title = models.CharField(_("抽查事项"), max_length=120)
    basis = models.CharField(_("依据"), max_length=300)
    scope = models.CharField(_("抽查范围"), max_length=300)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, verbose_name=_("地区"))
    items = models.JSONField(default=list, help_text="codes of service items; empty: whatever agencies offer")
    standard = models.JSONField(help_text="list of points to be checked, each a sentence")
    ratios = models.JSONField(help_text='percent by risk band: {"A": 1, …}')
    year = models.PositiveSmallIntegerField(_("年度"))
    per_year = models.PositiveSmallIntegerField(_("每年次数"), default=1)
    team = models.PositiveSmallIntegerField(_("每组检查人员"), default=2)
    method = models.CharField(_("检查方式"), max_length=10, choices=Method)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    rules_ref = models.CharField(max_length=40)

    class Meta:
        ordering = ["-year", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(team__gte=2, per_year__gte=1), name="plan_team_of_two"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/inspections/plans/{self.number}/"


class Drawing(models.Model):
    """Before a draw: both pools as frozen, and the commitment to a secret nobody has read. Append-only."""

    plan = models.ForeignKey(InspectionPlan, on_delete=models.PROTECT, related_name="drawings")
    round = models.PositiveSmallIntegerField()
    pools = models.JSONField(help_text="subjects, inspectors and who avoids whom, as published")
    pools_hash = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)
    nonce = models.BinaryField()
    sealed = models.BinaryField(help_text="the secret, encrypted until the draw")
    public_number = models.CharField(max_length=200, blank=True, help_text="which number of others will be mixed in")
    committed_at = models.DateTimeField()
    draws_at = models.DateTimeField()
    committed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    key_id = models.CharField(max_length=16, help_text="what signed the commitment")
    signature = models.CharField(max_length=128)
    rules_ref = models.CharField(max_length=40)

    class Meta:
        ordering = ["plan", "round"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "round"], name="drawing_once_a_round"),
            models.CheckConstraint(
                condition=models.Q(draws_at__gt=models.F("committed_at")), name="drawing_after_commitment"
            ),
        ]

    def get_absolute_url(self) -> str:
        return f"/inspections/draws/{self.pk}/"


class DrawingWord(models.Model):
    """What somebody threw in between commitment and draw, chained. Append-only."""

    drawing = models.ForeignKey(Drawing, on_delete=models.PROTECT, related_name="words")
    seq = models.PositiveIntegerField()
    text = models.CharField(max_length=64)
    by_org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["drawing", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["drawing", "seq"], name="word_order"),
            models.UniqueConstraint(fields=["drawing", "by_org"], name="word_once_each"),
        ]


class DrawingResult(models.Model):
    """What was drawn, with everything needed to draw it again. Append-only; never before its time."""

    drawing = models.OneToOneField(Drawing, on_delete=models.PROTECT, primary_key=True, related_name="result")
    secret = models.CharField(max_length=64)
    head = models.CharField(max_length=64, help_text="hash of the last word thrown in")
    public_value = models.CharField(max_length=64, blank=True)
    seed = models.CharField(max_length=64)
    outcome = models.JSONField(help_text="list of {subject, band, inspectors}")
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")


class Inspection(models.Model):
    """One agency inspected once. What follows from its events may change until the result is published."""

    class State(models.TextChoices):
        DRAWN = Stage.DRAWN.value, _("待通知")
        NOTICED = Stage.NOTICED.value, _("待检查")
        CONCLUDED = Stage.CONCLUDED.value, _("待公布")
        FIXING = Stage.FIXING.value, _("整改中")
        REPORTED = Stage.REPORTED.value, _("待复查")
        CLOSED = Stage.CLOSED.value, _("已结束")

    class Result(models.TextChoices):
        OK = Outcome.OK.value, _("未发现问题")
        FIX = Outcome.FIX.value, _("发现问题，责令整改")
        CASE = Outcome.CASE.value, _("发现问题，转入案件")

    number = models.CharField(max_length=30, unique=True)
    plan = models.ForeignKey(InspectionPlan, on_delete=models.PROTECT, related_name="inspections")
    drawing = models.ForeignKey(Drawing, on_delete=models.PROTECT, related_name="inspections")
    subject = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    band = models.CharField(max_length=4)
    follows = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    opened_at = models.DateTimeField()
    rules_ref = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.DRAWN)
    due_at = models.DateTimeField(null=True, help_text="until when whoever has to act must act")
    visit_at = models.DateTimeField(null=True)
    check_by = models.DateTimeField(help_text="until when it must be checked")
    outcome = models.CharField(max_length=6, choices=Result, blank=True)
    summary = models.TextField(max_length=2000, blank=True)
    concluded_at = models.DateTimeField(null=True)
    publish_by = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    case_number = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="inspection_due"),
            models.Index(fields=["-published_at"], name="inspection_published"),
            models.Index(fields=["subject", "-opened_at"], name="inspection_of_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["drawing", "subject"], condition=models.Q(follows=None), name="inspection_drawn_once"
            ),
            models.CheckConstraint(
                condition=models.Q(published_at=None) | models.Q(concluded_at__lte=models.F("published_at")),
                name="inspection_concluded_first",
            ),
            models.CheckConstraint(
                condition=models.Q(concluded_at=None, outcome="")
                | (models.Q(concluded_at__isnull=False) & ~models.Q(outcome="")),
                name="inspection_has_a_result",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/inspections/{self.number}/"


class InspectionOfficer(models.Model):
    """Who inspects, in the order drawn; one who had to step back is followed by the next in that order."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="officers")
    inspector = models.ForeignKey(Inspector, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    recused_at = models.DateTimeField(null=True)
    recusal = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["inspection", "position"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "inspector"], name="officer_once"),
            models.UniqueConstraint(fields=["inspection", "position"], name="officer_position"),
        ]


class InspectionEvent(models.Model):
    """One thing that happened in an inspection. Append-only, in one order."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    text = models.TextField(max_length=2000, blank=True)
    data = models.JSONField(default=dict)
    by_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["inspection", "seq"]
        constraints = [models.UniqueConstraint(fields=["inspection", "seq"], name="inspection_order")]


class Finding(models.Model):
    """What was found at one point of the standard. Append-only: a later look is a later row, the newest counts."""

    class Mark(models.TextChoices):
        PASS = Verdict.PASS.value, _("符合")
        FAIL = Verdict.FAIL.value, _("不符合")
        NONE = Verdict.NONE.value, _("不适用")

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="findings")
    point = models.PositiveSmallIntegerField(help_text="place in the plan's standard, from 0")
    verdict = models.CharField(max_length=6, choices=Mark)
    words = models.TextField(max_length=1000, blank=True)
    at = models.DateTimeField()
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["inspection", "point", "-at", "-pk"]


class InspectionPhoto(models.Model):
    """A picture taken at a point of the standard; only pixels are kept. Append-only."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="photos")
    point = models.PositiveSmallIntegerField()
    image = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    public = models.BooleanField(default=False, help_text="may be shown with the published result")
    at = models.DateTimeField()
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["inspection", "point", "pk"]
