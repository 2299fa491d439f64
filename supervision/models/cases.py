"""Cases: from suspicion to a measure and its end, row by row."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.models import Paper, StoredFile
from supervision.rules.cases import State


class Case(models.Model):
    """A matter that may end in a measure. Only the last five columns follow from its events; the rest stays."""

    class Origin(models.TextChoices):
        COMPLAINT = "complaint", _("投诉")
        CARD = "card", _("红黄牌")
        FLAG = "flag", _("红旗线索")
        INSPECTION = "inspection", _("双随机抽查")
        RATING = "rating", _("评价")
        REPORT = "report", _("日常监管")

    class Measure(models.TextChoices):
        REMINDER = "reminder", _("提醒")
        WARNING = "warning", _("警告")
        SUSPENSION = "suspension", _("暂停参与")
        REMOVAL = "removal", _("清退")

    class Stage(models.TextChoices):
        OPEN = State.OPEN.value, _("待告知")
        NOTICED = State.NOTICED.value, _("等待陈述申辩")
        HEARD = State.HEARD.value, _("已陈述申辩，待决定")
        PROPOSED = State.PROPOSED.value, _("待第二人决定")
        DECIDED = State.DECIDED.value, _("已决定，待公布")
        IN_FORCE = State.IN_FORCE.value, _("执行中")
        STAYED = State.STAYED.value, _("复核中，暂停执行")
        LIFTED = State.LIFTED.value, _("已修复，提前解除")
        ENDED = State.ENDED.value, _("期满结束")
        DROPPED = State.DROPPED.value, _("不予处理")
        REVOKED = State.REVOKED.value, _("复核撤销")

    number = models.CharField(max_length=30, unique=True)
    subject = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", help_text="the respondent")
    ground = models.CharField(max_length=40, help_text="code of the published scale")
    origin_kind = models.CharField(max_length=12, choices=Origin)
    origin_reference = models.CharField(max_length=40, help_text='such as "complaint:5"')
    origin_title = models.CharField(max_length=200)
    origin_path = models.CharField(max_length=200, blank=True)
    facts = models.TextField(max_length=4000)
    opened_at = models.DateTimeField()
    opened_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    opened_org = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    rules_ref = models.CharField(max_length=40)
    limits_ref = models.CharField(max_length=40, default="", help_text="its limits; empty: in force when it was opened")
    state = models.CharField(max_length=12, choices=Stage, default=Stage.OPEN)
    due_at = models.DateTimeField(null=True, help_text="until when whoever has to act must act")
    measure = models.CharField(max_length=12, choices=Measure, blank=True, help_text="as proposed or decided so far")
    decided_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="case_due"),
            models.Index(fields=["subject", "-opened_at"], name="case_of_subject"),
            models.Index(fields=["-published_at"], name="case_published"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["origin_reference"],
                condition=models.Q(origin_reference__startswith="card:")
                | models.Q(origin_reference__startswith="rating:"),
                name="one_case_per_card_or_rating",
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/supervision/cases/{self.number}/"

    @property
    def public_path(self) -> str:
        """The page of the published decision."""
        return f"/decisions/{self.number}/"


class CaseEvent(models.Model):
    """One thing that happened in a case. Append-only, in one order, never earlier than the one before."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, help_text="the limit this event starts")
    text = models.TextField(max_length=4000, blank=True)
    data = models.JSONField(default=dict)
    by_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["case", "seq"]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="case_order")]


class CaseFile(models.Model):
    """A file that came with an event of a case."""

    event = models.ForeignKey(CaseEvent, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")


class Measure(models.Model):
    """One time a measure was put in force; after a stay or a broken promise it is a new row. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=12, choices=Case.Measure)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    restriction = models.BigIntegerField(null=True, help_text="the agency's restriction it is felt by")

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="measure_ends")
        ]


class MeasureEnd(models.Model):
    """That a measure is no longer felt, and why. Append-only."""

    class Why(models.TextChoices):
        TERM = "term", _("期满")
        STAY = "stay", _("复核期间暂停执行")
        REVIEW = "review", _("复核改变决定")
        REPAIR = "repair", _("信用修复")

    measure = models.OneToOneField(Measure, on_delete=models.PROTECT, primary_key=True, related_name="end")
    at = models.DateTimeField()
    why = models.CharField(max_length=8, choices=Why)
