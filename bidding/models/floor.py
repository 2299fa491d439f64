"""Seals of floors at rest. Nothing in a row says whose it is or what it holds."""

from django.db import models

from bidding.models.competition import Competition


class SealedFloor(models.Model):
    """What record `seq` is the seal of: bidder, amount, salt and reference, encrypted. Append-only like the log."""

    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    key_id = models.CharField(max_length=16, help_text="which FLOOR_KEY opens it")
    nonce = models.BinaryField(max_length=12)
    sealed = models.BinaryField(help_text="ChaCha20-Poly1305; every row is equally long")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["competition", "seq"], name="floor_seal_once")]
