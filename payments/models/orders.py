"""Payment orders by maker and checker, and the batches that go to the treasury and come back."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.money import MoneyField
from payments.models.budget import Payable
from payments.rules.budget import OrderDates, order_state


class PaymentOrder(models.Model):
    """The order to pay one accepted result. Its state is derived from its dates (rules/budget.py)."""

    number = models.CharField(max_length=30, unique=True)
    payable = models.ForeignKey(Payable, on_delete=models.PROTECT, related_name="orders")
    department = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="payment_orders")
    amount = MoneyField(_("金额"))
    holder = models.CharField(_("收款户名"), max_length=120)
    bank = models.CharField(_("开户银行"), max_length=120)
    account_number = models.CharField(_("收款账号"), max_length=40)
    purpose = models.CharField(_("用途"), max_length=120)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sent_back_at = models.DateTimeField(null=True)
    waiting = models.BooleanField(default=False, help_text="with the treasury")
    rejected_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was sent back, rejected or withdrawn")
    paid_at = models.DateTimeField(null=True)
    treasury_reference = models.CharField(max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("made_by")), name="payment_order_two_people"
            ),
            models.CheckConstraint(
                condition=Q(waiting=False, paid_at=None) | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="payment_order_checked_before_sent",
            ),
            models.UniqueConstraint(
                fields=["payable"], condition=Q(withdrawn_at=None), name="one_standing_order_per_payable"
            ),
        ]
        indexes = [models.Index(fields=["department", "-made_at"], name="payment_order_of")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/money/orders/{self.pk}/"

    @property
    def state(self) -> str:
        """One of rules.budget.ORDER_STATES."""
        return order_state(
            OrderDates(
                made_at=self.made_at,
                checked_at=self.checked_at,
                sent_back_at=self.sent_back_at,
                waiting=self.waiting,
                rejected_at=self.rejected_at,
                paid_at=self.paid_at,
                withdrawn_at=self.withdrawn_at,
            )
        )


class TreasuryBatch(models.Model):
    """Checked orders that went to the treasury together. What it says never changes; results come line by line."""

    number = models.CharField(max_length=30, unique=True)
    department = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="treasury_batches")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()
    total = MoneyField()
    answered_at = models.DateTimeField(null=True, help_text="the last result came")

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/money/batches/{self.pk}/"


class BatchLine(models.Model):
    class Result(models.TextChoices):
        PAID = "paid", _("已支付")
        REJECTED = "rejected", _("被退回")

    batch = models.ForeignKey(TreasuryBatch, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="batch_lines")
    amount = MoneyField()
    holder = models.CharField(max_length=120)
    bank = models.CharField(max_length=120)
    account_number = models.CharField(max_length=40)
    result = models.CharField(max_length=10, choices=Result, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    treasury_reference = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="batch_line_position"),
            models.UniqueConstraint(fields=["order"], condition=Q(result=""), name="order_waits_once"),
            models.UniqueConstraint(fields=["order"], condition=Q(result="paid"), name="order_paid_once"),
        ]
