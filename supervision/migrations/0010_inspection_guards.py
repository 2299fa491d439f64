from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0009_inspections")]
    operations: list[migrations.operations.base.Operation] = []
