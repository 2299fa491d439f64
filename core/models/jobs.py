"""Work to be done after a change, written in the same transaction as the change (outbox)."""

from django.db import models


class Job(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        DEAD = "dead"

    task = models.CharField(max_length=100)
    kwargs = models.JSONField(default=dict)
    run_at = models.DateTimeField()
    key = models.CharField(max_length=120, null=True, unique=True, help_text="enqueued at most once")  # noqa: DJ001
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["run_at"], name="job_due", condition=models.Q(state="waiting"))]
