from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0005_cases")]
    operations: list[migrations.operations.base.Operation] = []
