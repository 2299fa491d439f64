"""Drafts of rules put out for consultation, what people said to them, and what was answered."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from supervision.rules import consultations as rules


class Consultation(models.Model):
    """A draft and until when anyone may speak. What was put out stays; it is adopted or withdrawn once."""

    class Kind(models.TextChoices):
        PARAMETERS = "parameters", _("规则参数")
        TEXT = "text", _("规则文本")

    number = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=120)
    reasons = models.TextField(max_length=4000, help_text="why the rule is to change")
    rule_set = models.CharField(max_length=40, blank=True, help_text="name of the rule set; empty for a text")
    base_version = models.PositiveSmallIntegerField(null=True, help_text="the version the draft was made from")
    parameters = models.JSONField(default=dict, help_text="the draft's parameters")
    text = models.TextField(max_length=20000, blank=True, help_text="the draft's text")
    replaces = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", help_text="the adopted text it is to replace"
    )
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", help_text="who put it out")
    rules_ref = models.CharField(max_length=40)
    adopted_at = models.DateTimeField(null=True)
    adopted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(null=True, help_text="from when the adopted rule holds")
    adopted_version = models.PositiveSmallIntegerField(null=True, help_text="of the rule set")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawal = models.TextField(max_length=4000, blank=True, help_text="why it was withdrawn")

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="parameters", base_version__isnull=False, replaces=None, text="")
                | Q(kind="text", rule_set="", base_version=None),
                name="consultation_of_one_kind",
            ),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opened_at")), name="consultation_lasts"),
            models.UniqueConstraint(
                fields=["rule_set"],
                condition=Q(kind="parameters", adopted_at=None, withdrawn_at=None),
                name="consultation_one_per_rule_set",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/consultations/{self.number}/"

    @property
    def desk_path(self) -> str:
        return f"/supervision/consultations/{self.number}/"

    def facts(self, waiting: int = 0) -> rules.Facts:
        return rules.Facts(self.drafted_by_id, self.closes_at, self.adopted_at, self.withdrawn_at, waiting)


class Opinion(models.Model):
    """What somebody said to a draft. Append-only. Nobody's account is kept; an organisation only where it is named."""

    number = models.CharField(max_length=30, unique=True)
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="opinions")
    text = models.TextField(max_length=4000)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def public_text(self) -> str:
        return rules.without_personal(self.text)


class OpinionAnswer(models.Model):
    """What became of an opinion, and why. Append-only, once for each."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("采纳")
        PARTLY = "partly", _("部分采纳")
        DECLINED = "declined", _("未采纳")

    opinion = models.OneToOneField(Opinion, on_delete=models.PROTECT, primary_key=True, related_name="answer")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reasons = models.TextField(max_length=4000)
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.get_outcome_display()

    @property
    def public_reasons(self) -> str:
        return rules.without_echo(self.reasons, self.opinion.text)
