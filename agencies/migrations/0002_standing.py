from django.db import migrations, models

Q = models.Q


class Migration(migrations.Migration):
    dependencies = [("agencies", "0001_initial")]
    operations = [
        migrations.AddField("agency", "verified_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "agency",
            "correction",
            models.JSONField(default=list, help_text="codes of everything that does not fit, told once and whole"),
        ),
        migrations.AddField("agency", "correction_asked_at", models.DateTimeField(null=True)),
        migrations.AddField("agency", "correction_due_at", models.DateTimeField(null=True)),
        migrations.AddField("agency", "frozen_at", models.DateTimeField(null=True)),
        migrations.AddField("agency", "leaving_at", models.DateTimeField(null=True)),
        migrations.AddField("agency", "left_at", models.DateTimeField(null=True)),
        migrations.AddField("agency", "forced", models.BooleanField(default=False)),
        migrations.AddField(
            "agency", "back_from", models.DateTimeField(help_text="the earliest moment of a return", null=True)
        ),
        migrations.AddField("restriction", "lifted_at", models.DateTimeField(null=True)),
        migrations.AddField("restriction", "lifted_reason", models.CharField(blank=True, max_length=300)),
        migrations.AddField("restriction", "lifted_source", models.CharField(blank=True, max_length=200)),
        migrations.AddConstraint(
            "agency",
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=models.F("leaving_at")), name="agency_left_after_leaving"
            ),
        ),
        migrations.AddConstraint(
            "agency",
            models.CheckConstraint(
                condition=Q(correction_asked_at=None) | Q(correction_due_at__isnull=False),
                name="agency_correction_has_limit",
            ),
        ),
        migrations.AddConstraint(
            "restriction",
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_reason="", lifted_source="")
                | (Q(lifted_at__isnull=False) & ~Q(lifted_reason="") & ~Q(lifted_source="")),
                name="restriction_lifted_for_a_reason",
            ),
        ),
    ]
