"""Escrows that stood still when their contract ended were not told: their rest would never go back. One job each."""

from django.db import migrations

from core import clock

TASK = "contracts.tell_escrow_again"


def enqueue(apps, _schema):
    ended = apps.get_model("contracts", "Contract").objects.filter(signed_at__isnull=False, terminated_at__isnull=False)
    job = apps.get_model("core", "Job")
    rows = [job(task=TASK, kwargs={"contract_id": pk}, run_at=clock.now()) for pk in ended.values_list("pk", flat=True)]
    job.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("contracts", "0006_file_by"), ("core", "0001_initial")]
    operations = [migrations.RunPython(enqueue, migrations.RunPython.noop)]
