from django.db import migrations

from core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("bidding", "0002_relations")]
    operations = [append_only("bidding_logevent"), append_only("bidding_loghead")]
