from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supervision", "0008_list_guards")]
    operations: list[migrations.operations.base.Operation] = []
