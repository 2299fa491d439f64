"""The event log of a competition: append-only, gapless, hash-chained; batches are signed."""

from django.db import models

from bidding.models.competition import Competition


class LogEvent(models.Model):
    """One canonical record. `body` is the exact text that was hashed; nothing is ever derived from other columns."""

    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    body = models.TextField()
    hash = models.CharField(max_length=64)
    key = models.CharField(max_length=60, null=True, help_text="pseudonym and idempotency key of a bid")  # noqa: DJ001

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["competition", "seq"], name="log_gapless_order"),
            models.UniqueConstraint(fields=["competition", "key"], name="log_bid_once"),
        ]


class LogHead(models.Model):
    """A signed batch: the Merkle root over the hashes of events first_seq..last_seq."""

    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="heads")
    first_seq = models.PositiveIntegerField()
    last_seq = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    signature = models.CharField(max_length=128)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["competition", "last_seq"], name="head_last_seq")]


class SigningKey(models.Model):
    """A key that heads are signed with, written down in the transaction of its first signature; its row stays."""

    key_id = models.CharField(max_length=16, primary_key=True)
    public = models.CharField(max_length=64, help_text="raw Ed25519 public key, hex")
    first_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key_id
