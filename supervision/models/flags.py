"""Red flags: what a rule found, and what a person said about it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from bidding.models import Competition
from marketplace.models import Need


class Turnout(models.Model):
    """Who took part in a closed competition and how, read from its log once, up to record `seq`."""

    competition = models.OneToOneField(Competition, on_delete=models.PROTECT, primary_key=True, related_name="+")
    seq = models.PositiveIntegerField()
    bidders = models.JSONField(help_text="list of {agency, lowest, bids, last_at, excluded}")


class FlagHit(models.Model):
    """A matter one rule raised. It waits for a verdict; until then a later run may complete its evidence.

    `round`: after a verdict the same matter is raised again only on what came later, as a hit of its own.
    """

    rule = models.CharField(max_length=40)
    key = models.CharField(max_length=200, help_text="the same matter has the same key at every run")
    round = models.PositiveSmallIntegerField(default=1)
    about = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organisations = models.JSONField(help_text="numbers of all it concerns, the one in question first")
    needs = models.ManyToManyField(Need, related_name="+")
    evidence = models.JSONField(help_text="values of the rule's sentence")
    found_at = models.DateTimeField()
    rules_ref = models.CharField(max_length=40)

    class Meta:
        ordering = ["-found_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["rule", "key", "round"], name="flag_once")]

    def __str__(self) -> str:
        return f"{self.rule} {self.key}"

    def get_absolute_url(self) -> str:
        return f"/supervision/flags/{self.pk}/"


class FlagVerdict(models.Model):
    """What a reviewer made of a hit, with reasons. Append-only: a second look is a second row, the newest counts."""

    class Verdict(models.TextChoices):
        CONFIRMED = "confirmed", _("属实，需要处理")
        EXPLAINED = "explained", _("有合理解释")
        UNFOUNDED = "unfounded", _("误报")

    hit = models.ForeignKey(FlagHit, on_delete=models.PROTECT, related_name="verdicts")
    verdict = models.CharField(max_length=10, choices=Verdict)
    reasons = models.TextField(max_length=1000)
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
