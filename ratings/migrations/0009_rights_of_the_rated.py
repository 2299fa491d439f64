"""Until when the rated side may answer and appeal is kept with the rating, from the moment it is revealed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ratings", "0008_ends_move")]
    operations = [
        migrations.AddField(
            "rating",
            "reply_by",
            models.DateTimeField(help_text="until when the rated side may answer; set when revealed", null=True),
        ),
        migrations.AddField(
            "rating",
            "appeal_by",
            models.DateTimeField(help_text="until when it may appeal; set when revealed", null=True),
        ),
    ]
