"""The catalogue of service items and the needs."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Region, User
from core.models import Paper
from core.money import MoneyField


class ServiceItem(models.Model):
    """One version of a catalogue entry (中介服务事项)."""

    class Payer(models.TextChoices):
        ENTERPRISE = "enterprise", _("企业支付")
        DEPARTMENT = "department", _("部门支付，纳入预算")
        EITHER = "either", _("谁委托谁支付")

    code = models.CharField(max_length=10)
    version = models.PositiveSmallIntegerField(default=1)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    category_code = models.CharField(max_length=4)
    category_zh = models.CharField(max_length=40)
    category_en = models.CharField(max_length=60)
    approval_zh = models.CharField(max_length=120)
    payer = models.CharField(max_length=12, choices=Payer)
    self_service_allowed = models.BooleanField()
    legal_basis_zh = models.CharField(max_length=200, blank=True)
    legal_basis_confirmed = models.BooleanField()
    licence_kind = models.CharField(max_length=60, blank=True, help_text="licence the law requires, if any")
    effective_from = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="service_item_version")]
        ordering = ["code", "version"]

    def __str__(self) -> str:
        return self.name_zh


class Method(models.TextChoices):
    LIVE_AUCTION = "live_auction", _("竞价选取")
    RANDOM_DRAW = "random_draw", _("随机选取")
    DIRECT = "direct", _("直接选取")


class Need(models.Model):
    """What a buyer asks for, from draft to closed. Its state is derived from its dates (rules/lifecycle.py)."""

    number = models.CharField(max_length=30, unique=True, null=True)  # noqa: DJ001 - given at publication
    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="needs")
    buyer_kind = models.CharField(max_length=12, choices=Organisation.Kind)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, null=True, related_name="needs")
    title = models.CharField(_("需求名称"), max_length=120, blank=True)
    scope = models.TextField(_("服务内容与成果要求"), blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.CharField(_("服务地点"), max_length=200, blank=True)
    ceiling = MoneyField(_("最高限价"), null=True)
    budget_reference = models.CharField(_("预算指标文号"), max_length=80, blank=True)
    method = models.CharField(_("选取方式"), max_length=20, choices=Method, blank=True)
    direct_reason = models.CharField(_("选择理由"), max_length=300, blank=True)
    entry_closes_at = models.DateTimeField(_("报名截止"), null=True)
    auction_minutes = models.PositiveSmallIntegerField(_("竞价时长（分钟）"), null=True)
    delivery_days = models.PositiveSmallIntegerField(_("服务时限（工作日）"), null=True)
    rules_ref = models.CharField(max_length=40, blank=True)
    # Dates make the state. The upper rooms report theirs through marketplace.services.
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    selected_at = models.DateTimeField(null=True)
    awarded_at = models.DateTimeField(null=True)
    contracted_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(buyer_kind="department", method=Method.DIRECT), name="department_never_designates"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None)
                | Q(number__isnull=False, item__isnull=False, ceiling__isnull=False, region__isnull=False)
                & ~Q(method="")
                & ~Q(title="")
                & ~Q(scope=""),
                name="published_need_is_complete",
            ),
        ]
        indexes = [models.Index(fields=["-published_at"]), models.Index(fields=["buyer", "-created_at"])]

    def __str__(self) -> str:
        return self.title or f"#{self.pk}"


class Question(models.Model):
    """Asked by an agency, answered to all. Who asked is never shown before the award."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="questions")
    asked_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=1000)
    asked_at = models.DateTimeField()
    answer = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at"]


class Notice(models.Model):
    """A public announcement about a need, with its paper."""

    class Kind(models.TextChoices):
        NEED = "need", _("采购公告")
        CANCELLED = "cancelled", _("终止公告")
        FAILED = "failed", _("流标公告")
        AWARD = "award", _("中选公告")
        CONTRACT = "contract", _("合同公告")

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=200)
    published_at = models.DateTimeField()
    paper = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["published_at"]
