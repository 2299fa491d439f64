from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0006_case_guards")]
    operations: list[migrations.operations.base.Operation] = []
