from django.db import migrations

from core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_flags")]
    operations = [append_only("supervision_flagverdict")]
