"""Dated, versioned parameters: limits, weights, thresholds, deductions. Every decision names the version it used."""

from django.db import models


class RuleSet(models.Model):
    name = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    effective_from = models.DateTimeField()
    parameters = models.JSONField()
    draft = models.BooleanField(default=True, help_text="to be confirmed by the operator")
    note = models.TextField(blank=True)
    shipped = models.PositiveSmallIntegerField(
        null=True, help_text="the number this came under with the software; empty: put in force here"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="ruleset_name_version")]
        ordering = ["name", "version"]

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"
