from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0003_clocks")]
    operations: list[migrations.operations.base.Operation] = []
