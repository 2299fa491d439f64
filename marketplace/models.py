"""The catalogue of service items and the needs."""

from datetime import timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Region, User
from core.models import Paper
from core.money import MoneyField
from payments.models import BudgetLine


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
    licence_en = models.CharField(max_length=120, blank=True)
    licence_basis_zh = models.CharField(max_length=200, blank=True)
    licence_confirmed = models.BooleanField(default=False, help_text="checked by the operator against the law")
    effective_from = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="service_item_version")]
        ordering = ["code", "version"]

    def __str__(self) -> str:
        return self.name_zh

    def get_absolute_url(self) -> str:
        return f"/catalogue/{self.code}/"

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_en if get_language() == "en" else self.name_zh

    @property
    def category(self) -> str:
        return self.category_en if get_language() == "en" else self.category_zh

    @property
    def licence(self) -> str:
        return self.licence_en if get_language() == "en" and self.licence_en else self.licence_kind


class Method(models.TextChoices):
    LIVE_AUCTION = "live_auction", _("竞价选取")
    RANDOM_DRAW = "random_draw", _("随机选取")
    DIRECT = "direct", _("直接选取")


PUBLISHED = Q(published_at__isnull=False)
RUNNING = PUBLISHED & Q(selected_at=None, failed_at=None, cancelled_at=None)


class Need(models.Model):
    """What a buyer asks for, from draft to closed. Its state is derived from its dates (rules/lifecycle.py)."""

    number = models.CharField(max_length=30, unique=True, null=True)  # noqa: DJ001 - given at publication
    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="needs")
    buyer_kind = models.CharField(max_length=12, choices=Organisation.Kind)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, null=True, related_name="needs")
    own_project = models.BooleanField(
        _("本单位就是项目建设单位，费用由本单位预算支付，不向任何申请人收取"),
        default=False,
        help_text="what a department declares before it commissions what enterprises pay for",
    )
    title = models.CharField(_("需求名称"), max_length=120, blank=True)
    scope = models.TextField(_("服务内容与成果要求"), blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.CharField(_("服务地点"), max_length=200, blank=True)
    ceiling = MoneyField(_("最高限价"), null=True)
    budget_line = models.ForeignKey(
        BudgetLine, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("预算指标")
    )
    budget_reference = models.CharField(
        _("预算指标"), max_length=160, blank=True, help_text="the line in words, as it was called at publication"
    )
    method = models.CharField(_("选取方式"), max_length=20, choices=Method, blank=True)
    entry_closes_at = models.DateTimeField(
        _("报名截止"), null=True, help_text="empty in a draft: as early as the rules allow; direct: choose until then"
    )
    urgent_reason = models.CharField(_("加急理由"), max_length=300, blank=True)
    auction_minutes = models.PositiveSmallIntegerField(_("竞价时长（分钟）"), null=True)
    delivery_days = models.PositiveSmallIntegerField(_("服务时限（工作日）"), null=True)
    rules_ref = models.CharField(max_length=40, blank=True)
    typed = models.JSONField(default=dict, help_text="what was typed into a draft and could not be taken yet, by step")
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="copies")
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
                | Q(
                    number__isnull=False,
                    item__isnull=False,
                    ceiling__isnull=False,
                    region__isnull=False,
                    entry_closes_at__isnull=False,
                )
                & ~Q(method="")
                & ~Q(title="")
                & ~Q(scope=""),
                name="published_need_is_complete",
            ),
        ]
        indexes = [
            models.Index(fields=["-published_at"], name="need_newest", condition=PUBLISHED),
            models.Index(fields=["-ceiling", "-id"], name="need_largest", condition=PUBLISHED),
            models.Index(fields=["entry_closes_at", "id"], name="need_closing", condition=RUNNING),
            models.Index(fields=["item", "-published_at"], name="need_of_item", condition=PUBLISHED),
            models.Index(fields=["region", "-published_at"], name="need_of_region", condition=PUBLISHED),
            models.Index(fields=["buyer", "-created_at"], name="need_of_buyer"),
        ]

    def __str__(self) -> str:
        return self.title or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return f"/needs/{self.pk}/"


class Question(models.Model):
    """Asked by an agency, answered to all. Who asked is never shown before the award."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="questions")
    asked_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=1000)
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True, help_text="another end than its limit gives, by a stop or a calendar")
    answer = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at"]
        indexes = [models.Index(fields=["need"], name="question_open", condition=Q(answered_at=None))]


class Notice(models.Model):
    """A public announcement about a need, with its paper."""

    class Kind(models.TextChoices):
        NEED = "need", _("采购公告")
        CANCELLED = "cancelled", _("终止公告")
        FAILED = "failed", _("流标公告")
        AWARD = "award", _("中选公告")
        CONTRACT = "contract", _("合同公告")
        SUSPENDED = "suspended", _("暂停公告")
        RESUMED = "resumed", _("恢复公告")

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=200)
    published_at = models.DateTimeField()
    paper = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["published_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "kind"], condition=Q(kind__in=["need", "cancelled", "failed"]), name="notice_once"
            )
        ]


class Suspension(models.Model):
    """A need held while a complaint is looked into: no entry, no award, no signing. It ends by itself, 30 days later
    at the latest. Each source holds it by itself; the need goes on when none is left.
    """

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="suspensions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    source = models.CharField(max_length=60, help_text='what it follows from, such as "complaint:5"')
    lifted_at = models.DateTimeField(null=True, help_text="set when it is over, by its end too")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at"))
                & Q(ends_at__lte=models.F("starts_at") + timedelta(days=30)),
                name="suspension_ends",
            ),
            models.UniqueConstraint(
                fields=["need", "source"], condition=Q(lifted_at=None), name="suspended_once_by_source"
            ),
        ]
