from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0002_verdicts_append_only")]
    operations: list[migrations.operations.base.Operation] = []
