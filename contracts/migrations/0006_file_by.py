"""Until when a contract is filed is written down, so that a stop or a calendar can move it. Open ones get what they had."""

from django.db import migrations, models

from core.workdays import Limit, WorkCalendar

BEFORE_ANY_RULES = {"n": 7, "unit": "working_days"}


def fill(apps, _schema):
    rules = list(apps.get_model("core", "RuleSet").objects.filter(name="changes").order_by("-version"))
    days = apps.get_model("core", "CalendarDay").objects.values_list("date", "is_working")
    calendar = WorkCalendar(dict(days))
    signed = apps.get_model("contracts", "Contract").objects.filter(buyer__kind="department", signed_at__isnull=False)
    for contract in signed:
        fits = (row.parameters["file"] for row in rules if row.effective_from <= contract.signed_at)
        contract.file_by = Limit.of(next(fits, BEFORE_ANY_RULES)).end(contract.signed_at, calendar)
        contract.save(update_fields=["file_by"])


class Migration(migrations.Migration):
    dependencies = [("contracts", "0005_ends_move"), ("core", "0001_initial"), ("accounts", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="contract",
            name="file_by",
            field=models.DateTimeField(help_text="until when a department files it, set at the signature", null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
