"""Dealings with the payment provider: what we ask of it, what it told us, and whether its books agree with ours."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.money import MoneyField
from payments.models.escrow import Escrow, Funding


class ProviderCall(models.Model):
    """Something the provider is to do, written down before it is asked: the same key and the same words every time."""

    class Kind(models.TextChoices):
        CHECKOUT = "checkout", _("打开支付页")
        EXPIRE = "expire", _("关闭支付页")
        TRANSFER = "transfer", _("放款给服务机构")
        REFUND = "refund", _("退款给委托方")
        ACCOUNT = "account", _("开立收款账户")

    class State(models.TextChoices):
        WAITING = "waiting", _("等待处理")
        BLOCKED = "blocked", _("等待服务机构开通收款")
        DONE = "done", _("已完成")
        REFUSED = "refused", _("支付平台拒绝")
        STUCK = "stuck", _("多次失败，等待运营处理")

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=80, unique=True)
    escrow = models.ForeignKey(Escrow, null=True, on_delete=models.PROTECT, related_name="calls")
    funding = models.ForeignKey(Funding, null=True, on_delete=models.PROTECT, related_name="calls")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    params = models.JSONField()
    amount = MoneyField(null=True)
    fee = MoneyField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    generation = models.PositiveSmallIntegerField(default=0, help_text="a new key, after making sure nothing was done")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    trouble = models.CharField(max_length=80, blank=True, help_text="code of the last failure")
    message = models.CharField(max_length=300, blank=True, help_text="what the provider said")
    provider_id = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    tried_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["next_at"], name="provider_call_due", condition=Q(state="waiting")),
            models.Index(fields=["provider_id"], name="provider_call_object"),
        ]

    @property
    def sent_key(self) -> str:
        return f"{self.key}.{self.generation}" if self.generation else self.key


class ProviderEvent(models.Model):
    """A webhook's event, stored once by its id, handled in any order, replayable."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待处理")
        DONE = "done", _("已处理")
        IGNORED = "ignored", _("无需处理")
        STUCK = "stuck", _("多次失败，等待运营处理")

    event_id = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=120, blank=True)
    payload = models.JSONField()
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    deliveries = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["next_at"], name="provider_event_due", condition=Q(state="waiting"))]


class PayoutAccount(models.Model):
    """Where an agency is paid: its connected account at the provider, and how far onboarding has got."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="payout_account")
    account_id = models.CharField(max_length=80, blank=True, db_index=True)
    submitted = models.BooleanField(default=False)
    ready = models.BooleanField(default=False, help_text="the provider lets money be transferred to it")
    missing = models.JSONField(default=list, help_text="what the provider still asks for, in its own names")
    opened_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, help_text="when the provider last told its state")


class ChargeDispute(models.Model):
    """A payer's bank took the money back while it looks into a complaint."""

    dispute_id = models.CharField(max_length=80, unique=True)
    escrow = models.ForeignKey(Escrow, on_delete=models.PROTECT, related_name="charge_disputes")
    amount = MoneyField()
    reason = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    won = models.BooleanField(null=True)

    class Meta:
        ordering = ["opened_at"]


class Reconciliation(models.Model):
    """One comparison of the provider's balance transactions with the books."""

    class State(models.TextChoices):
        AGREES = "agrees", _("一致")
        DIFFERS = "differs", _("有差异")
        FAILED = "failed", _("未能完成")

    since = models.DateTimeField()
    until = models.DateTimeField()
    ran_at = models.DateTimeField()
    ran_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State)
    movements = models.PositiveIntegerField(default=0, help_text="balance transactions compared")
    provider_total = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    books_total = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    provider_balance = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    books_balance = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-ran_at", "-pk"]

    def get_absolute_url(self) -> str:
        return f"/money/reconciliations/{self.pk}/"


class Difference(models.Model):
    """Something the provider's books and ours say differently."""

    class Kind(models.TextChoices):
        NOT_IN_BOOKS = "not_in_books", _("支付平台有，账上没有")
        NOT_AT_PROVIDER = "not_at_provider", _("账上有，支付平台没有")
        AMOUNT = "amount", _("金额不同")
        CURRENCY = "currency", _("币种不同")

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="differences")
    kind = models.CharField(max_length=16, choices=Kind)
    source = models.CharField(max_length=120, help_text="the provider's object")
    what = models.CharField(max_length=60, help_text="the provider's category")
    provider_amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    books_amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)

    class Meta:
        ordering = ["pk"]


class DoubleRecord(models.Model):
    """An object of the demo's own Stripe (payments/stripe_double). Always empty beside a real key."""

    name = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=40)
    data = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["kind", "id"], name="double_kind")]
