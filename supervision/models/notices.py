"""The inbox: what the platform tells an organisation or one of its people, and how it was sent outside."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User


class Notice(models.Model):
    """One message. `sentence` is a translatable text with named places, `values` fill them in the reader's language."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+", help_text="empty: everybody")
    sentence = models.CharField(max_length=300)
    values = models.JSONField(default=dict)
    path = models.CharField(max_length=200)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["organisation", "-at"], name="notice_of")]

    def __str__(self) -> str:
        sentence = translated(self.sentence)
        values = {key: translated(value) if value else "" for key, value in self.values.items()}
        return sentence.format_map(values) if values else sentence


class NoticeRead(models.Model):
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="reads")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "user"], name="notice_read_once")]


class Delivery(models.Model):
    """A notice on its way by e-mail or text message: how often it was tried, and what went wrong."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("电子邮件")
        SMS = "sms", _("短信")

    class State(models.TextChoices):
        WAITING = "waiting", _("等待发送")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("多次失败，已停止")

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=6, choices=Channel)
    address = models.CharField(max_length=254)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "channel", "address"], name="delivery_once")]
        indexes = [models.Index(fields=["next_at"], name="delivery_due", condition=Q(state="waiting"))]
