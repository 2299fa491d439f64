"""Questions to the platform: what was asked of which office, and everything that happened since, row by row."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from supervision.rules.consultations import without_echo, without_personal
from supervision.rules.questions import State


class Question(models.Model):
    """`state`, `officer`, `due_at` follow from the events; what was asked, and who was asked first, stays."""

    class Stage(models.TextChoices):
        ASKED = State.ASKED.value, _("待答复")
        ANSWERED = State.ANSWERED.value, _("已答复")
        ESCALATED = State.ESCALATED.value, _("由负责人再次答复")
        CLOSED = State.CLOSED.value, _("已办结")

    number = models.CharField(max_length=30, unique=True)
    secret_hash = models.CharField(max_length=64, help_text="SHA-256 of what opens the asker's page")
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=2000)
    public = models.BooleanField(help_text="the asker agreed that question and answer are published")
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", help_text="who was asked")
    first_asked = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", help_text="the officer asked first, who answers for it"
    )
    asked_at = models.DateTimeField()
    rules_ref = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=Stage, default=Stage.ASKED)
    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="who has it now")
    due_at = models.DateTimeField(null=True, help_text="when what runs is over")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["office", "state", "due_at"], name="question_due")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/questions/{self.number}/"

    @property
    def desk_path(self) -> str:
        return f"/supervision/questions/{self.number}/"

    @property
    def public_title(self) -> str:
        return without_personal(self.title)

    @property
    def public_text(self) -> str:
        return without_personal(self.text)

    def public_answer(self, text: str) -> str:
        return without_echo(text, f"{self.title} {self.text}")


class QuestionEvent(models.Model):
    """One thing that happened to a question. Append-only, in one order. The asker's have nobody's name."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    text = models.TextField(max_length=4000, blank=True)
    data = models.JSONField(default=dict)
    by_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["question", "seq"]
        constraints = [models.UniqueConstraint(fields=["question", "seq"], name="question_order")]
