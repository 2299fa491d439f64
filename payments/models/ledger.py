"""The books: accounts, transfers, entries. Written only through payments.ledger; the database refuses the rest.

Amounts are signed: debits positive, credits negative. What the triggers of migration 0001 keep: an entry numbers
itself and carries its account's balance; a transfer's entries add up to zero and share its moment; nothing is ever
changed or deleted; an account that may not be negative never is.
"""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation, User
from payments.words import KINDS


class Account(models.Model):
    """One pot of money: its kind (payments/rules/chart.py), whose it is, and what it is for ("line:7")."""

    kind = models.CharField(max_length=30)
    owner = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=120, blank=True)
    side = models.SmallIntegerField(help_text="1 grows by debits, -1 by credits")
    may_be_negative = models.BooleanField()
    balance = models.DecimalField(
        max_digits=18, decimal_places=2, default=Decimal(0), help_text="signed, kept by the entries' trigger"
    )
    debits = models.DecimalField(max_digits=18, decimal_places=2, default=Decimal(0), help_text="all debits so far")
    entries = models.PositiveBigIntegerField(default=0)
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "owner", "reference"], name="ledger_account_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(side__in=(1, -1)), name="ledger_side"),
            models.CheckConstraint(
                condition=Q(may_be_negative=True) | Q(side=1, balance__gte=0) | Q(side=-1, balance__lte=0),
                name="ledger_not_overdrawn",
            ),
        ]
        indexes = [models.Index(fields=["reference"], name="ledger_account_reference")]

    @property
    def kind_label(self) -> str:
        return str(KINDS[self.kind])

    @property
    def label(self) -> str:
        return f"{self.kind_label} · {self.name}" if self.name else self.kind_label

    @property
    def natural(self) -> Decimal:
        """The balance as it was read, positive on the account's own side."""
        return self.balance * self.side + 0  # no negative zero


class Transfer(models.Model):
    """Money moved, once: why, by whom, under which rules."""

    key = models.CharField(max_length=120, unique=True, help_text="the same key never moves money twice")
    digest = models.CharField(max_length=64, help_text="SHA-256 of cause, reference and lines")
    at = models.DateTimeField()
    cause = models.CharField(max_length=60, help_text='what happened, such as "need.published"')
    reference = models.CharField(max_length=60, help_text='what it is about, such as "need:12"')
    by_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    by_org = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    rules_ref = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["reference"], name="ledger_transfer_reference")]


class Entry(models.Model):
    """One line of a transfer in one account, with the account's balance after it."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="entries", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines", db_index=False)
    seq = models.PositiveBigIntegerField(help_text="1, 2, 3 … within the account")
    at = models.DateTimeField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    debits = models.DecimalField(max_digits=18, decimal_places=2, help_text="of the account up to and with this entry")
    balance = models.DecimalField(max_digits=18, decimal_places=2, help_text="of the account after this entry, signed")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "seq"], name="ledger_entry_seq"),
            models.UniqueConstraint(fields=["transfer", "account"], name="ledger_entry_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_entry_not_zero"),
        ]
        indexes = [models.Index(F("account"), F("at").desc(), F("seq").desc(), name="ledger_entry_moment")]

    @property
    def debit(self) -> Decimal | None:
        return self.amount if self.amount > 0 else None

    @property
    def credit(self) -> Decimal | None:
        return -self.amount if self.amount < 0 else None

    @property
    def standing(self) -> Decimal:
        """The account's balance after this entry, positive on its own side."""
        return self.balance * self.account.side + 0
