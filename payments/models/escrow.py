"""An enterprise's money for work: escrow at the provider, and bank transfers straight to the agency.

How much is held, frozen or due stands in the books (reference "escrow:7"). The rows here say what for, who asked, and
what the provider calls it. Parts name what they pay as references ("milestone:7"); this room knows no contracts.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.models import StoredFile
from core.money import Money, MoneyField


def nothing() -> Money:
    return Money.of(0)


class Side(models.TextChoices):
    BUYER = "buyer", _("委托方")
    SUPPLIER = "supplier", _("服务机构")


class Escrow(models.Model):
    """Money of a buyer kept until the work is accepted. Its row is the single point of order for all it does."""

    number = models.CharField(max_length=30, unique=True)
    group = models.CharField(max_length=60, help_text='what the parts belong to, such as "contract:5"')
    title = models.CharField(max_length=200)
    page = models.CharField(max_length=200, help_text="path of the page it belongs to")
    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="escrows_paid")
    supplier = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="escrows_earned")
    amount = MoneyField()
    fee_share = models.DecimalField(max_digits=5, decimal_places=4, help_text="of what is released, by the rule set")
    rules_ref = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    funded_at = models.DateTimeField(null=True)
    charge_id = models.CharField(max_length=80, blank=True)
    disputed_at = models.DateTimeField(null=True, help_text="a party asked to stop; empty again once settled")
    disputed_by = models.CharField(max_length=10, choices=Side, blank=True)
    dispute_reason = models.CharField(max_length=500, blank=True)
    cancelled_at = models.DateTimeField(null=True, help_text="given up before it was paid")

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="escrow_of_something"),
            models.CheckConstraint(condition=~Q(buyer=F("supplier")), name="escrow_between_two"),
            models.CheckConstraint(condition=Q(fee_share__gte=0, fee_share__lt=1), name="escrow_fee_share"),
            models.CheckConstraint(
                condition=Q(funded_at=None) | Q(cancelled_at=None), name="escrow_funded_or_cancelled"
            ),
        ]
        indexes = [models.Index(fields=["group"], name="escrow_group")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/money/escrows/{self.pk}/"

    @property
    def reference(self) -> str:
        return f"escrow:{self.pk}"

    def side_of(self, organisation_id: int | None) -> Side | None:
        sides = {self.buyer_id: Side.BUYER, self.supplier_id: Side.SUPPLIER}
        return None if organisation_id is None else sides.get(organisation_id)


class EscrowPart(models.Model):
    """What a share of the money is for. `accepted_at`: the work is done, the share is to be released."""

    escrow = models.ForeignKey(Escrow, on_delete=models.PROTECT, related_name="parts")
    position = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    amount = MoneyField()
    released = MoneyField(default=nothing, help_text="decided to go to the supplier, fee included")
    accepted_at = models.DateTimeField(null=True)
    active = models.BooleanField(default=True, help_text="false once the escrow was given up unpaid")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["escrow", "position"], name="escrow_part_position"),
            models.UniqueConstraint(fields=["reference"], condition=Q(active=True), name="escrow_part_once"),
            models.CheckConstraint(
                condition=Q(released__gte=0, released__lte=F("amount"), amount__gt=0), name="escrow_part_adds_up"
            ),
        ]

    @property
    def left(self) -> Money:
        left: Money = self.amount - self.released
        return left


class Funding(models.Model):
    """One attempt to pay: a Checkout page with its payment intent."""

    class State(models.TextChoices):
        OPENING = "opening", _("正在打开支付页")
        OPEN = "open", _("等待付款")
        PAID = "paid", _("已付款")
        SURPLUS = "surplus", _("重复付款，退回中")
        EXPIRED = "expired", _("支付页已过期")
        FAILED = "failed", _("支付页无法打开")

    escrow = models.ForeignKey(Escrow, on_delete=models.PROTECT, related_name="fundings")
    amount = MoneyField()
    state = models.CharField(max_length=10, choices=State, default=State.OPENING)
    session_id = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001 - empty must not collide
    intent_id = models.CharField(max_length=80, blank=True)
    charge_id = models.CharField(max_length=80, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    method = models.CharField(max_length=20, blank=True)
    failure = models.CharField(max_length=80, blank=True, help_text="the provider's code of the last decline")
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    fee_known = models.BooleanField(default=False, help_text="the provider's fee is in the books")

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["escrow"], condition=Q(state="paid"), name="escrow_funded_once"),
            models.UniqueConstraint(
                fields=["escrow"], condition=Q(state__in=["opening", "open"]), name="one_funding_open"
            ),
        ]


class Settlement(models.Model):
    """How a dispute is to end: so much to each side. Proposed by one side, or decided by a regulator."""

    escrow = models.ForeignKey(Escrow, on_delete=models.PROTECT, related_name="settlements")
    proposed_by = models.CharField(max_length=10, choices=Side, blank=True, help_text="empty: a regulator decided")
    to_supplier = MoneyField()
    to_buyer = MoneyField()
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["escrow"], condition=Q(answered_at=None), name="one_settlement_open"),
            models.CheckConstraint(condition=Q(to_supplier__gte=0, to_buyer__gte=0), name="settlement_not_negative"),
        ]


class BankPayment(models.Model):
    """Money sent from bank to bank, outside the platform: the buyer shows the slip, the agency says whether it came."""

    group = models.CharField(max_length=60, db_index=True)
    reference = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    page = models.CharField(max_length=200)
    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    amount = MoneyField()
    slip = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["reference"], condition=Q(refused_at=None), name="bank_payment_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(refused_at=None), name="bank_payment_answered_once"
            ),
        ]

    def side_of(self, organisation_id: int | None) -> Side | None:
        sides = {self.buyer_id: Side.BUYER, self.supplier_id: Side.SUPPLIER}
        return None if organisation_id is None else sides.get(organisation_id)
