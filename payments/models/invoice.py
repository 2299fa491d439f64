"""Papers about money: the invoice an agency sends for accepted work, and a receipt for every payment that arrived.

Issued once and never changed; the paper itself (number, PDF) is a core Paper.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from core.models import Paper
from core.money import MoneyField
from payments.models.ledger import Transfer


class MoneyPaper(models.Model):
    class Kind(models.TextChoices):
        INVOICE = "invoice", _("请款单")
        HELD = "held", _("资金托管收据")
        PAID = "paid", _("放款凭证")
        REFUNDED = "refunded", _("退款凭证")
        BANK = "bank", _("银行转账收据")
        TREASURY = "treasury", _("国库支付凭证")

    kind = models.CharField(max_length=10, choices=Kind)
    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="+")
    payer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="papers_paid")
    payee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="papers_earned")
    reference = models.CharField(max_length=60, help_text='what it is about, such as "milestone:7"')
    title = models.CharField(max_length=200)
    page = models.CharField(max_length=200, help_text="path of the page it is about")
    amount = MoneyField()
    tax_number = models.CharField(max_length=20, blank=True, help_text="of the tax office's invoice, if there is one")
    transfer = models.OneToOneField(Transfer, null=True, on_delete=models.PROTECT, related_name="receipt")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["reference"], condition=Q(kind="invoice"), name="invoice_once"),
            models.CheckConstraint(
                condition=Q(kind="invoice", transfer=None) | ~Q(kind="invoice") & Q(transfer__isnull=False),
                name="receipt_of_a_transfer",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="money_paper_of_something"),
        ]

    def get_absolute_url(self) -> str:
        return f"/money/papers/{self.pk}/"

    @property
    def is_invoice(self) -> bool:
        return self.kind == self.Kind.INVOICE

    def concerns(self, organisation_id: int | None) -> bool:
        return organisation_id is not None and organisation_id in (self.payer_id, self.payee_id)
