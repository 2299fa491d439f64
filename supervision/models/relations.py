"""Who is tied to whom: what keeps a person from deciding or inspecting."""

from django.db import models

from accounts.models import Organisation, User


class Relation(models.Model):
    """A tie between a person and an organisation, declared by the person or found by others. Append-only."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=300)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="relation_once")]
