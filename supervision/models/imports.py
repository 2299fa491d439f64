"""The authority's list as it was imported: every file with its source and day, and the entries it holds.

Nobody on the platform makes an entry here; it comes with a file and goes with a file.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Organisation, User
from agencies.models import Agency
from core.models import StoredFile


class ListImport(models.Model):
    """One file of the authority's complete list. It is looked at first and taken as a whole or not at all."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("待确认")
        APPLIED = "applied", _("已导入")
        REFUSED = "refused", _("未导入")
        DISCARDED = "discarded", pgettext_lazy("导入", "已放弃")

    source = models.CharField(max_length=300, help_text="where the file is from: its name or address")
    as_of = models.DateField(help_text="the day the authority's list stands at")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State)
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=list, help_text="list of {row, column, code, value}")
    trouble = models.CharField(max_length=60, blank=True, help_text="why the whole file was refused")
    read_at = models.DateTimeField()
    read_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", help_text="empty: daily")
    by_org = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-read_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="applied") | models.Q(faults=[], trouble="", settled_at__isnull=False),
                name="import_whole_or_not",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.as_of}"

    def get_absolute_url(self) -> str:
        return f"/supervision/lists/{self.pk}/"


class ImportedEntry(models.Model):
    """An entry of the authority's list. What it says never changes; `gone_at` when a later file held it no more."""

    credit_code = models.CharField(max_length=18)
    name = models.CharField(max_length=120)
    ground = models.CharField(max_length=300)
    authority = models.CharField(max_length=120)
    legal_basis = models.CharField(max_length=300)
    listed_on = models.DateField()
    ends_on = models.DateField(null=True)
    first_seen = models.ForeignKey(ListImport, on_delete=models.PROTECT, related_name="began")
    last_seen = models.ForeignKey(ListImport, on_delete=models.PROTECT, related_name="confirmed")
    gone_with = models.ForeignKey(ListImport, null=True, on_delete=models.PROTECT, related_name="ended")
    gone_at = models.DateTimeField(null=True)
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    restriction = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-listed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code", "authority", "listed_on"],
                condition=models.Q(gone_at=None),
                name="imported_entry_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("listed_on")),
                name="imported_entry_period",
            ),
        ]
        indexes = [models.Index(fields=["credit_code"], name="imported_by_code")]

    def __str__(self) -> str:
        return f"{self.name} {self.credit_code}"

    def get_absolute_url(self) -> str:
        return f"/blacklist/imported/{self.pk}/"
