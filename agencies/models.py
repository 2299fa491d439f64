"""The agency's public face: profile, services offered, qualifications, practitioners, standing."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.models import StoredFile


class Agency(models.Model):
    """What an organisation of kind "agency" shows the public. Live from the moment it registers."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, primary_key=True)
    introduction = models.TextField(_("机构简介"), max_length=2000, blank=True)
    website = models.URLField(_("网站"), blank=True)
    address = models.CharField(_("办公地址"), max_length=200, blank=True)
    commitment_version = models.CharField(max_length=20)
    committed_at = models.DateTimeField()
    # Standing: written by the rooms above through agencies.services, read by marketplace and bidding.
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    grade = models.CharField(max_length=2, blank=True)
    score_rules = models.CharField(max_length=40, blank=True)
    scored_at = models.DateTimeField(null=True)
    graded_year = models.PositiveSmallIntegerField(null=True, help_text="the last year with a published grade")
    year_grade = models.CharField(max_length=2, blank=True, help_text='of that year; "": it was not graded')
    # The check of what was entered: it never keeps an agency out, an unanswered question about it does after a while.
    check_from = models.DateTimeField(null=True, help_text="since when it waits for the check; empty: since it entered")
    verified_at = models.DateTimeField(null=True)
    correction = models.JSONField(default=list, help_text="codes of everything that does not fit, told once and whole")
    correction_asked_at = models.DateTimeField(null=True)
    correction_due_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    objected_at = models.DateTimeField(null=True, help_text="since when an objection is examined; it blocks nothing")
    # Leaving: no new entries; gone when nothing runs any more. `forced`: removed by a decision, back after its term.
    leaving_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    forced = models.BooleanField(default=False)
    back_from = models.DateTimeField(null=True, help_text="the earliest moment of a return")

    class Meta:
        verbose_name_plural = "agencies"
        indexes = [models.Index(fields=["-score"], name="agency_by_score")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left_at=None) | models.Q(left_at__gte=models.F("leaving_at")),
                name="agency_left_after_leaving",
            ),
            models.CheckConstraint(
                condition=models.Q(correction_asked_at=None) | models.Q(correction_due_at__isnull=False),
                name="agency_correction_has_limit",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name


class ServiceOffered(models.Model):
    """A catalogue item the agency offers. The catalogue lives above; what is needed of it is kept here."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="services")
    item_code = models.CharField(max_length=10)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    licence_kind = models.CharField(max_length=60, blank=True)
    fee_note = models.CharField(_("收费说明"), max_length=200)
    days = models.PositiveSmallIntegerField(_("服务时限（工作日）"))
    conditions = models.CharField(_("受理条件"), max_length=300, blank=True)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["item_code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "item_code"], condition=models.Q(withdrawn_at=None), name="service_offered_once"
            )
        ]
        indexes = [models.Index(fields=["item_code"])]

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" else self.name_zh


class Scan(models.Model):
    """A picture of a certificate, waiting to be completed or part of a qualification.

    The original stays private; the public sees a watermarked copy.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="scans")
    name = models.CharField(max_length=200, help_text="the file name as it was dropped")
    original = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    public_image = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    dropped_at = models.DateTimeField()
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]


class Qualification(models.Model):
    """A certificate the agency holds, as it says itself; the scan stands beside the words."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="qualifications")
    kind = models.CharField(_("证书名称"), max_length=60)
    grade = models.CharField(_("等级"), max_length=40, blank=True)
    number = models.CharField(_("证书编号"), max_length=60)
    issuer = models.CharField(_("发证机关"), max_length=120)
    valid_from = models.DateField(_("有效期自"))
    valid_until = models.DateField(_("有效期至"))
    scan = models.OneToOneField(Scan, on_delete=models.PROTECT, related_name="qualification")
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")),
                name="qualification_period",
                violation_error_message=_("有效期的截止日期早于起始日期。"),
            )
        ]


class Practitioner(models.Model):
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="practitioners")
    name = models.CharField(_("姓名"), max_length=40)
    certificate = models.CharField(_("执业资格"), max_length=60)
    certificate_number = models.CharField(_("证书编号"), max_length=60)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "pk"]


class Restriction(models.Model):
    """A time-bound fact on an agency, felt at entry, bidding and award. It always ends."""

    class Kind(models.TextChoices):
        WARNED = "warned", _("已提醒")
        SUSPENDED = "suspended", _("已暂停")
        RESTRICTED = "restricted", _("受限")
        REMOVED = "removed", _("已清退")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="restrictions")
    kind = models.CharField(max_length=12, choices=Kind)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ground = models.CharField(max_length=300)
    source = models.CharField(max_length=200, help_text="path of the public page of the decision")
    # Lifted before its end, by what; a restriction that comes back is a new row.
    lifted_at = models.DateTimeField(null=True)
    lifted_reason = models.CharField(max_length=300, blank=True)
    lifted_source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="restriction_ends"),
            models.CheckConstraint(
                condition=models.Q(lifted_at=None, lifted_reason="", lifted_source="")
                | (models.Q(lifted_at__isnull=False) & ~models.Q(lifted_reason="") & ~models.Q(lifted_source="")),
                name="restriction_lifted_for_a_reason",
            ),
        ]
