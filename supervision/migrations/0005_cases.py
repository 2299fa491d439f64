from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0004_clock_guards")]
    operations: list[migrations.operations.base.Operation] = []
