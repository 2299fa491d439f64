from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0007_lists")]
    operations: list[migrations.operations.base.Operation] = []
