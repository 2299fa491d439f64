"""Who did what, when, from which state to which, and why: one hash chain per stream, never rewritten."""

from django.db import models


class AuditEntry(models.Model):
    stream = models.CharField(max_length=60)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    actor_user_id = models.BigIntegerField(null=True)
    actor_org_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="audit_stream_seq")]
        ordering = ["stream", "seq"]
