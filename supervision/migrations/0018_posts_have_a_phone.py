from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supervision", "0017_complaints_have_an_office")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="phone",
            field=models.CharField(
                blank=True, default="", help_text="for text messages; empty: the organisation's", max_length=20
            ),
            preserve_default=False,
        ),
    ]
