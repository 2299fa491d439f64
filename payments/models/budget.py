"""A department's money: fiscal years, budget lines, and what is promised, due and paid from them.

How much a line holds at each stage stands in the books (accounts "budget_…" of reference "line:7"). The rows here say
what for: a reservation is one need's share of a line, and moves only together with the books.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.money import MoneyField


class FiscalYear(models.Model):
    department = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="fiscal_years")
    year = models.PositiveSmallIntegerField(_("预算年度"))
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, help_text="everything left was decided about")

    class Meta:
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["department", "year"], name="fiscal_year_once")]

    def __str__(self) -> str:
        return str(self.year)


class BudgetLine(models.Model):
    fiscal_year = models.ForeignKey(FiscalYear, on_delete=models.PROTECT, related_name="lines")
    code = models.CharField(_("指标编码"), max_length=30)
    name = models.CharField(_("指标名称"), max_length=100)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["fiscal_year", "code"], name="budget_line_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return f"/money/budget/{self.pk}/"

    @property
    def reference(self) -> str:
        return f"line:{self.pk}"

    @property
    def department_id(self) -> int:
        return self.fiscal_year.department_id


class Adjustment(models.Model):
    """Why a line is as large as it is. Never changed: what was wrong is put right by another one."""

    class Kind(models.TextChoices):
        GRANTED = "granted", _("年初下达")
        INCREASED = "increased", _("追加")
        DECREASED = "decreased", _("调减")
        CARRIED_IN = "carried_in", _("上年结转转入")
        CARRIED_OUT = "carried_out", _("结转下年")
        LAPSED = "lapsed", _("结余收回")

    ADDS = (Kind.GRANTED, Kind.INCREASED, Kind.CARRIED_IN)

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="adjustments")
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    amount = MoneyField(_("金额"))
    document = models.CharField(_("文号"), max_length=80)
    reason = models.CharField(_("事由"), max_length=300, blank=True)
    other_line = models.ForeignKey(BudgetLine, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="adjustment_moves_something"),
            models.CheckConstraint(condition=~Q(document=""), name="adjustment_has_a_document"),
        ]

    @property
    def adds(self) -> bool:
        return self.kind in self.ADDS


class Reservation(models.Model):
    """One need's share of a line: reserved at publication, then wherever its parts have got to."""

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="reservations")
    reference = models.CharField(max_length=60, unique=True, help_text='such as "need:12"')
    title = models.CharField(max_length=200)
    page = models.CharField(max_length=200, help_text="path of the page it is about")
    amount = MoneyField()
    reserved_at = models.DateTimeField()
    reserved = MoneyField()
    committed = MoneyField()
    payable = MoneyField()
    paid = MoneyField()
    released = MoneyField(help_text="returned to free")
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-reserved_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=F("reserved") + F("committed") + F("payable") + F("paid") + F("released")),
                name="reservation_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, committed__gte=0, payable__gte=0, paid__gte=0, released__gte=0),
                name="reservation_not_overdrawn",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="reservation_of_something"),
        ]


class Commitment(models.Model):
    """A reservation bound to the agency that took the work on."""

    reservation = models.OneToOneField(Reservation, on_delete=models.PROTECT)
    payee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="commitments")
    amount = MoneyField()
    committed_at = models.DateTimeField()


class Payable(models.Model):
    """An accepted result to be paid for, and by when."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="payables")
    department = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="payables")
    reference = models.CharField(max_length=60, unique=True, help_text='such as "milestone:7"')
    title = models.CharField(max_length=200)
    page = models.CharField(max_length=200)
    amount = MoneyField()
    since = models.DateTimeField(help_text="when the result was accepted")
    warn_at = models.DateTimeField(help_text="the yellow card comes")
    due_at = models.DateTimeField(help_text="the red card comes")
    rules_ref = models.CharField(max_length=40)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["department", "due_at"], name="payable_open", condition=Q(paid_at=None)),
            models.Index(fields=["department", "-paid_at"], name="payable_paid", condition=Q(paid_at__isnull=False)),
        ]


class PaymentCard(models.Model):
    """The card a department earned on a payment. It turns yellow, then red; red stays red, also once it is paid."""

    payable = models.OneToOneField(Payable, on_delete=models.PROTECT, related_name="card")
    department = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="payment_cards")
    yellow_at = models.DateTimeField()
    red_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True, help_text="paid")

    class Meta:
        ordering = ["-yellow_at"]
        indexes = [models.Index(fields=["department", "-yellow_at"], name="payment_card_of")]

    @property
    def colour(self) -> str:
        return "red" if self.red_at else "yellow"


class PayeeAccount(models.Model):
    """Where an organisation wants to be paid."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="payee_account")
    holder = models.CharField(_("户名"), max_length=120)
    bank = models.CharField(_("开户银行"), max_length=120)
    number = models.CharField(_("账号"), max_length=40)
    changed_at = models.DateTimeField()
