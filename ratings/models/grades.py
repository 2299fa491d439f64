"""The yearly grade: a list per year, a line per agency, and the publication that makes the lines final."""

from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation, User
from agencies.models import Agency

NOT_GRADED = ""


class GradeList(models.Model):
    """Proposed once for a year that is over. Append-only, but that it becomes public once and its end moves on.

    Its lines are computed by a job; with the last of them the publicity begins.
    """

    year = models.PositiveSmallIntegerField(unique=True)
    as_of = models.DateTimeField(help_text="the last moment of the year: the files are read as they stood then")
    credit_rules = models.CharField(max_length=40, help_text="the rule set of scores in force at that moment")
    rules_ref = models.CharField(max_length=40, help_text="the rule set of this procedure")
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    public_from = models.DateTimeField(null=True, help_text="empty while the lines are being computed")
    objections_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(condition=Q(proposed_at__gt=F("as_of")), name="grades_of_a_year_that_is_over"),
            models.CheckConstraint(
                condition=Q(public_from=None, objections_until=None)
                | Q(public_from__gte=F("proposed_at"), objections_until__gt=F("public_from")),
                name="grades_public_for_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年度信用等级"

    def get_absolute_url(self) -> str:
        return f"/grades/{self.year}/"


class GradeLine(models.Model):
    """What an agency's file of that day gives. Append-only: after an upheld objection another line replaces it.

    `grade` is "" and `score` empty for whoever had nothing yet that proves something.
    """

    list = models.ForeignKey(GradeList, on_delete=models.PROTECT, related_name="lines")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="grade_lines")
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    grade = models.CharField(max_length=2, blank=True)
    lines_hash = models.CharField(max_length=64, help_text="of the counting rows, as on a certificate of that day")
    put_right_until = models.DateTimeField(help_text="corrections written up to then are heeded")
    computed_at = models.DateTimeField()
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replacement")

    class Meta:
        indexes = [models.Index(F("list"), F("score").desc(nulls_last=True), F("id"), name="grades_by_score")]
        constraints = [
            models.UniqueConstraint(fields=["list", "agency"], condition=Q(replaces=None), name="one_grade_line"),
            models.CheckConstraint(
                condition=Q(grade=NOT_GRADED, score=None) | (~Q(grade=NOT_GRADED) & Q(score__isnull=False)),
                name="grade_has_a_score",
            ),
        ]

    def get_absolute_url(self) -> str:
        return f"/grades/{self.list.year}/{self.agency_id}/"


class GradePublication(models.Model):
    """The lines of a list are final from here on. Append-only."""

    list = models.OneToOneField(GradeList, on_delete=models.PROTECT, related_name="publication")
    by_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
